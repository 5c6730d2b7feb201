"""`shelfwise ingest ...`: catalogues and documents into the index and the feature store."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Protocol

import typer
from rich.console import Console

from app.cli.loading import uncollected
from retrievers.document_type import DocumentType

if TYPE_CHECKING:
    from app.ingestion.commands import IngestReport, OpenParts
    from app.ingestion.progress import Report
    from retrievers.features.protocol import FeatureKind

# The readers and the feature store take seconds to import: each command does so itself, and `--help` does not wait.

ingest_app = typer.Typer(help="Load a catalogue or documents.", no_args_is_help=True)

USAGE, PARTIAL, INTERRUPTED = 2, 3, 130
_SHOWN = 5
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


class IngestSettings(Protocol):
    """What the parent command keeps in `ctx.obj`."""

    @property
    def data(self) -> Path: ...

    @property
    def redis_url(self) -> str | None: ...

    @property
    def qdrant_url(self) -> str | None: ...

    @property
    def features(self) -> FeatureKind: ...


@ingest_app.command()
def products(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="JSON Lines, CSV, Parquet, Shopify or Google Merchant; may be .gz.")],
    maps: Annotated[
        list[str] | None, typer.Option("--map", metavar="FIELD=COLUMN[/NUMBER]", help="As in price=price_cents/100.")
    ] = None,
    currency: Annotated[str, typer.Option(help="For rows that name none.")] = "USD",
    as_json: Json = False,
) -> None:
    """Make FILE the catalogue: adds, changes and deletes products until both say the same."""
    with uncollected():
        from app.ingestion.commands import ingest_products

    if not (len(currency) == 3 and currency.isalpha() and currency.isascii()):
        raise typer.BadParameter(f"{currency!r} is not a code such as USD or EUR", param_hint="--currency")
    _run(ctx, as_json, lambda parts, report: ingest_products(parts, file, maps or (), currency.upper(), report))


@ingest_app.command()
def documents(
    ctx: typer.Context,
    path: Annotated[Path, typer.Argument(help="A file or folder: Markdown, text, HTML, PDF, JSON Lines; may be .gz.")],
    kind: Annotated[DocumentType, typer.Option("--type", help="What the documents are.")],
    since: Annotated[str | None, typer.Option(help="Only what changed at or after this time (ISO 8601).")] = None,
    as_json: Json = False,
) -> None:
    """Load documents of one type; those once loaded from PATH and gone from it are deleted."""
    with uncollected():
        from app.ingestion.commands import ingest_documents

    if kind is DocumentType.PRODUCT:
        raise _refused("--type product: load products with `shelfwise ingest products FILE`")
    after = _moment(since)
    _run(ctx, as_json, lambda parts, report: ingest_documents(parts, path, kind, after, report))


def _run(ctx: typer.Context, as_json: bool, ingest: Callable[[OpenParts, Report], IngestReport]) -> None:
    with uncollected():
        from app.ingestion.errors import IngestError
        from app.ingestion.parts import open_parts
        from app.ingestion.progress import progress_bars
        from retrievers.index.protocol import IndexUnavailable

    settings: IngestSettings = ctx.obj
    console = Console(stderr=True)
    try:
        with progress_bars(console) as report:
            result = ingest(
                lambda: open_parts(settings.data, settings.redis_url, settings.qdrant_url, settings.features), report
            )
    except (IngestError, IndexUnavailable) as error:
        raise _refused(str(error)) from None
    except OSError as error:  # a disk that is full or goes away
        reason = error.strerror or error
        raise _refused(f"{settings.data} cannot be written: {reason}; the index stays as it was") from None
    except KeyboardInterrupt:
        typer.echo("interrupted; the index stays as it was", err=True)
        raise typer.Exit(INTERRUPTED) from None
    _show(result, as_json)
    if result.nothing_loadable:
        typer.echo("nothing could be loaded; what was loaded before is unchanged", err=True)
        raise typer.Exit(PARTIAL)


def _show(result: IngestReport, as_json: bool) -> None:
    for note in (*result.notes, *result.errors[:_SHOWN]):
        typer.echo(note, err=True)
    if result.rejected > _SHOWN:
        typer.echo(f"and {result.rejected - _SHOWN} more rows were rejected", err=True)
    counts = result.as_json()
    if as_json:
        typer.echo(json.dumps(counts, ensure_ascii=False))
    else:
        typer.echo(", ".join(f"{value} {name}" for name, value in counts.items() if isinstance(value, int)))


def _moment(text: str | None) -> datetime | None:
    from app.ingestion.values import moment

    if text is None:
        return None
    parsed = moment(text)
    if parsed is None:
        raise _refused(f"--since {text}: not a time such as 2026-05-01T12:00:00Z")
    return parsed


def _refused(message: str) -> typer.Exit:
    """One line on stderr; raise what this returns."""
    typer.echo(message, err=True)
    return typer.Exit(USAGE)
