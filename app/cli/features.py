"""`shelfwise features ...`: the feature store from the command line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Protocol

import typer
from rich.console import Console
from rich.progress import Progress

from app.cli.loading import uncollected

if TYPE_CHECKING:
    from feature_repo.declare import Repository
    from retrievers.features.protocol import FeatureKind
    from retrievers.features.redis_hash_writer import RedisHashWriter
    from retrievers.features.store import FeastStore

# Feast takes seconds to import: each command does so itself, and `--help` does not wait for it.

features_app = typer.Typer(help="The feature store: facts about shoppers and the shelf.", no_args_is_help=True)

USAGE, PARTIAL = 2, 3
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


class FeatureSettings(Protocol):
    """What the parent command keeps in `ctx.obj`."""

    @property
    def data(self) -> Path: ...

    @property
    def redis_url(self) -> str | None: ...

    @property
    def features(self) -> FeatureKind: ...


@features_app.command()
def apply(ctx: typer.Context, as_json: Json = False) -> None:
    """Register the declarations and make the online tables."""
    store = _applied(_open(ctx))
    views = [view.name for view in store.repository.views]
    _report({"views": views, "features": len(store.descriptions)}, as_json)


@features_app.command()
def materialize(
    ctx: typer.Context,
    start: Annotated[datetime | None, typer.Option(help="UTC; default: ten years before the end.")] = None,
    end: Annotated[datetime | None, typer.Option(help="UTC; default: now.")] = None,
    as_json: Json = False,
) -> None:
    """Copy each entity's newest row from the history to the online store."""
    until = end.replace(tzinfo=UTC) if end else datetime.now(UTC)
    since = start.replace(tzinfo=UTC) if start else until - timedelta(days=3650)
    if since >= until:
        raise typer.BadParameter(f"{since:%Y-%m-%dT%H:%M:%S} is not before --end", param_hint="--start")
    store = _applied(_open(ctx))
    with _failing_plainly():
        views = store.materialize(since, until)
    _report({"views": list(views), "start": since.isoformat(), "end": until.isoformat()}, as_json)


@features_app.command()
def push(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="JSON Lines, CSV or Parquet; may be .gz.")],
    view: Annotated[str, typer.Option(help="Feature view the rows belong to.")],
    as_json: Json = False,
) -> None:
    """Write rows online; malformed ones are counted and left out."""
    from retrievers.features.rows import UnreadableFile, read_rows

    with _failing_plainly(UnreadableFile):
        rows = read_rows(file, _declared(ctx).view(view), datetime.now(UTC))
    writer = _writer(ctx)
    with _failing_plainly(), Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(f"Writing {view}", total=len(rows.frame))
        writer.write_online(view, rows.frame, lambda written: progress.advance(task, written))
    report = {"view": view, "rows": len(rows.frame) + rows.rejected, "written": len(rows.frame)}
    _report({**report, "rejected": rows.rejected, "errors": list(rows.errors)}, as_json)
    if not len(rows.frame):
        raise typer.Exit(PARTIAL)


@features_app.command()
def defaults(ctx: typer.Context, as_json: Json = False) -> None:
    """Compute what to assume when features cannot be read, from the history of all shoppers."""
    from retrievers.features.averages import compute_defaults

    store = _open(ctx)
    known = [view.name for view in store.repository.views if store.config.offline_file(view.name).exists()]
    frames = {view: store.read_offline(view) for view in known}
    with _failing_plainly():
        report = compute_defaults(frames, store.config.defaults_db, store.descriptions)
    counts = {"shoppers": report.shoppers, "segments": report.segments}
    _report({**counts, "population": dict(report.population)}, as_json)


@features_app.command()
def purchases(
    ctx: typer.Context,
    file: Annotated[
        Path, typer.Argument(help="Transactions, a row a product and order: CSV, Parquet, JSON; may be .gz.")
    ],
    codes: Annotated[str, typer.Option(help="Pattern that the start of a product's code must match.")] = "",
    as_json: Json = False,
) -> None:
    """Compute from a shop's orders who buys what again, what goes together and what sells now."""
    with uncollected():
        from app.ingestion.errors import IngestError
        from app.ingestion.orders import read_orders
        from retrievers.purchases import PurchaseLedger
        from retrievers.purchases.frames import purchase_frames
        from retrievers.purchases.kinds import kinds_of

    now = datetime.now(UTC)
    with _failing_plainly(IngestError):
        found = read_orders(file, codes)
    ledger = PurchaseLedger.of(found.orders, now, kinds_of(found.titles))
    frames = purchase_frames(ledger, ledger.products(), now)
    writer = _writer(ctx)
    with _failing_plainly(), Progress(console=Console(stderr=True), transient=True) as progress:
        for view, frame in frames.items():
            task = progress.add_task(f"Writing {view}", total=len(frame))
            writer.write_online(view, frame, partial(progress.advance, task))
    counts = {"rows": found.rows, "kept": found.kept, "orders": len(found.orders)}
    _report({**counts, **{view: len(frame) for view, frame in frames.items()}}, as_json)


def _declared(ctx: typer.Context) -> Repository:
    with uncollected():
        from feature_repo.retail import retail
        from retrievers.features.config import FeatureStoreConfig

    return retail(FeatureStoreConfig(ctx.obj.data / "features").source)


def _writer(ctx: typer.Context) -> FeastStore | RedisHashWriter:
    settings: FeatureSettings = ctx.obj
    if settings.features == "feast" or settings.redis_url is None:
        return _applied(_open(ctx))
    from retrievers.features.redis_hash_writer import RedisHashWriter
    from retrievers.features.redis_hashes import connect

    with _failing_plainly():
        return RedisHashWriter(connect(settings.redis_url))


def _open(ctx: typer.Context) -> FeastStore:
    with uncollected():
        from retrievers.features.config import FeatureStoreConfig
        from retrievers.features.store import FeastStore

    settings: FeatureSettings = ctx.obj
    if settings.features == "redis-hashes":
        typer.echo("Redis hashes keep no history: write rows with `shelfwise features push FILE --view VIEW`", err=True)
        raise typer.Exit(USAGE)
    with _failing_plainly(OSError):
        return FeastStore(FeatureStoreConfig(settings.data / "features", settings.redis_url))


def _applied(store: FeastStore) -> FeastStore:
    with _failing_plainly(OSError):
        store.apply()
    return store


@contextmanager
def _failing_plainly(*expected: type[Exception]) -> Iterator[None]:
    """One line on stderr and exit 2 for what a user can put right."""
    from retrievers.features.protocol import FeaturesUnavailable

    caught: tuple[type[Exception], ...] = (ValueError, FeaturesUnavailable, *expected)
    try:
        yield
    except caught as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(USAGE) from None


def _report(result: dict[str, Any], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(result, ensure_ascii=False))
        return
    for name, value in result.items():
        lines = [str(element) for element in value] if isinstance(value, list) else [str(value)]
        separator = "\n  " if name == "errors" else ", "
        typer.echo(f"{name}: {separator.join(lines)}")
