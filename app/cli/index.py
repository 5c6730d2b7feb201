"""`shelfwise index ...`: the embedded vector index from the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Protocol, cast

import typer
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from retrievers.index.generations import Alias, Generations
    from retrievers.index.protocol import Manifest

# Each command imports what it needs, so that `--help` does not wait for it.

index_app = typer.Typer(no_args_is_help=True, help="The vector index: what it holds, and going back.")

_USAGE = 2
_AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


class _HasData(Protocol):
    """What these commands need of the settings."""

    data: Path


@index_app.command()
def status(ctx: typer.Context, as_json: _AsJson = False) -> None:
    """Show the served generation and the one kept to roll back to; opens no index."""
    from retrievers.index.protocol import IndexUnavailable

    generations = _generations(ctx)
    try:
        alias = generations.alias()
        manifest = generations.manifest(alias.current)
    except IndexUnavailable as error:
        raise _refused(error) from None
    kept = generations.finished()
    if as_json:
        typer.echo(json.dumps(_status(alias, manifest, kept)))
    else:
        _show(alias, kept)


@index_app.command()
def rollback(ctx: typer.Context, as_json: _AsJson = False) -> None:
    """Serve the generation before the current one again; running servers follow with their next search."""
    from retrievers.index.generations import NoPreviousGeneration
    from retrievers.index.protocol import IndexUnavailable

    try:
        generation = _generations(ctx).rollback()
    except (IndexUnavailable, NoPreviousGeneration) as error:
        raise _refused(error) from None
    typer.echo(json.dumps({"generation": generation}) if as_json else f"serving generation {generation}")


def _generations(ctx: typer.Context) -> Generations:
    from retrievers.index.generations import Generations

    return Generations(cast(_HasData, ctx.obj).data)


def _refused(error: Exception) -> typer.Exit:
    typer.echo(str(error), err=True)
    return typer.Exit(_USAGE)


def _status(alias: Alias, manifest: Manifest, kept: list[Manifest]) -> dict[str, Any]:
    from retrievers.index.codec import manifest_to_json

    described = manifest_to_json(manifest)
    names = ("generation", "counts", "embedder", "dimensions", "created_at", "floors", "currency")
    generations = [
        {
            "generation": each.generation,
            "created_at": each.created_at.isoformat(),
            "documents": sum(each.counts.values()),
            "state": _state(alias, each),
        }
        for each in kept
    ]
    return {name: described[name] for name in names} | {"generations": generations}


def _show(alias: Alias, kept: list[Manifest]) -> None:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for name in ("generation", "state", "built", "embedder", "documents"):
        table.add_column(name, no_wrap=name == "generation")
    for manifest in kept:
        counts = ", ".join(f"{count:,} {type}" for type, count in manifest.counts.items() if count)
        built = f"{manifest.created_at:%Y-%m-%d %H:%M} UTC"
        table.add_row(manifest.generation, _state(alias, manifest), built, manifest.embedder, counts)
    Console(highlight=False).print(table)


def _state(alias: Alias, manifest: Manifest) -> str:
    return {alias.current: "served", alias.previous: "previous"}.get(manifest.generation, "left by rollback")
