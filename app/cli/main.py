"""One name, `shelfwise`: the commands and the option they share."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli.ask import ask
from app.cli.evaluation import eval_app
from app.cli.features import features_app
from app.cli.index import index_app
from app.cli.ingest import ingest_app
from app.cli.serve import demo, serve
from app.cli.stream import stream_app
from app.cli.traces import traces_app
from app.cli.verify import verify

_USAGE = 2


def _data_first(args: list[str]) -> list[str]:
    """`--data DIR` may stand after the command too: it says where all state lives, whatever is done with it."""
    rest = args[: args.index("--")] if "--" in args else list(args)
    tail = args[len(rest) :]
    for place, arg in enumerate(rest):
        if arg.startswith("--data="):
            return [arg, *rest[:place], *rest[place + 1 :], *tail]
        if arg == "--data" and place + 1 < len(rest):
            return [arg, rest[place + 1], *rest[:place], *rest[place + 2 :], *tail]
    return args


cli = typer.Typer(
    help="A shopping assistant that knows the shopper and can prove what it says.",
    epilog="--data DIR may stand before or after the command.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


@cli.callback()
def root(
    ctx: typer.Context,
    data: Annotated[
        Path | None, typer.Option(help="Where all state lives (or SHELFWISE_DATA).", show_default=".shelfwise")
    ] = None,
) -> None:
    """Reads the settings once for every command."""
    from pydantic import ValidationError

    from app.settings import Settings

    given: dict[str, Any] = {} if data is None else {"data": data}
    try:
        ctx.obj = Settings(**given)
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"]).upper().removeprefix("SHELFWISE_")
        typer.echo(f"setting SHELFWISE_{name}: {first['msg'].removeprefix('Value error, ')}", err=True)
        raise typer.Exit(_USAGE) from None


cli.command()(demo)
cli.command()(serve)
cli.command()(ask)
cli.command()(verify)
cli.add_typer(ingest_app, name="ingest")
cli.add_typer(features_app, name="features")
cli.add_typer(index_app, name="index")
cli.add_typer(stream_app, name="stream")
cli.add_typer(eval_app, name="eval")
cli.add_typer(traces_app, name="traces")


def main() -> None:
    """The entry point of the `shelfwise` command."""
    cli(_data_first(sys.argv[1:]))
