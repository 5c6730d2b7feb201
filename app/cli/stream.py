"""`shelfwise stream ...`: what shoppers do."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from app.settings import Settings
    from tools.shop.database import Database

# Each command imports what it needs, so that `--help` does not wait for it.

stream_app = typer.Typer(no_args_is_help=True, help="Events: what shoppers look at, click, put into carts and buy.")

_USAGE = 2


@stream_app.callback()
def stream() -> None:
    """A group of its own even while it has one command."""


@stream_app.command()
def export(
    ctx: typer.Context,
    events: Annotated[Path, typer.Option(help="Where to write the events, as JSON Lines; .gz compresses.")],
    exposures: Annotated[Path, typer.Option(help="Where to write which products each answer showed; as above.")],
    arms: Annotated[
        Path | None, typer.Option(help="The experiment that was running: each answer is told with its shopper's arm.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Write the log of events, and what was shown, for evaluation elsewhere."""
    from pydantic import TypeAdapter

    from app.conversations.exposures import exposures as shown
    from app.streaming.log import EventLog
    from tools.ports import ShopperEvent
    from tools.shop.errors import ShopStoreError

    if events.resolve() == exposures.resolve():
        raise _refused(f"{exposures} is where the events go; name another file with --exposures")
    told, arm_of = TypeAdapter(ShopperEvent), _arm_of(arms)
    try:
        with _database(ctx.obj) as database:
            kept = _write(events, (told.dump_json(event) for event in EventLog(database).everything()))
            seen = _write(exposures, (exposure.model_dump_json().encode() for exposure in shown(database, arm_of)))
    except ShopStoreError as error:
        raise _refused(str(error)) from None
    counts = {"events": kept, "exposures": seen}
    said = f"{kept} events are in {events}, {seen} answers with products in {exposures}"
    typer.echo(json.dumps(counts) if as_json else said)


def _arm_of(arms: Path | None) -> Callable[[str], str | None]:
    """The assignment is a shopper's for good, so it can be told afterwards."""
    from app.evaluation.online.arms import read_experiment
    from app.evaluation.rows import EvaluationError

    if arms is None:
        return lambda user_id: None
    try:
        return read_experiment(arms).arm_of
    except EvaluationError as error:
        raise _refused(str(error)) from None


@contextmanager
def _database(settings: Settings) -> Iterator[Database]:
    """Raises ShopStoreError."""
    from app.clock import utc_now
    from app.conversations.store import StoredHistory
    from app.places import shop_database
    from tools.shop.database import open_database

    where = shop_database(settings)
    if isinstance(where, Path) and not where.exists():
        raise _refused(f"{settings.data} holds no shop's database yet: serve or ask first, or name another with --data")
    with closing(open_database(where)) as database:
        StoredHistory(database, utc_now)
        yield database


def _write(path: Path, lines: Iterable[bytes]) -> int:
    """How many; the file is there whole or not at all."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with _opened(unfinished, compressed=path.suffix.lower() == ".gz") as file:
            count = 0
            for line in lines:
                file.write(line + b"\n")
                count += 1
        unfinished.replace(path)
    except OSError as error:
        raise _refused(f"{path} cannot be written: {error.strerror}") from None
    finally:
        unfinished.unlink(missing_ok=True)
    return count


@contextmanager
def _opened(path: Path, *, compressed: bool) -> Iterator[IO[bytes]]:
    with path.open("wb") as raw:
        if not compressed:
            yield raw
            return
        with gzip.GzipFile(fileobj=raw, mode="wb", filename="") as file:
            yield file  # type: ignore[misc]  # a GzipFile is written like any other


def _refused(message: str) -> typer.Exit:
    typer.echo(message, err=True)
    return typer.Exit(_USAGE)
