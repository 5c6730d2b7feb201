"""`shelfwise ask`: one turn."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from app.cli.explain import explain_turn, reading_json
from app.cli.loading import uncollected

if TYPE_CHECKING:
    from app.settings import Settings
    from graphs.answer import FinalAnswer

# The graph takes seconds to import: the command does so itself, and `--help` does not wait for it.

_USAGE = 2
_THREAD = re.compile(r"[A-Za-z0-9_-]{1,64}")  # what the API can open again


class Language(StrEnum):
    EN = "en"
    KO = "ko"


def _named(longest: int) -> Callable[[str | None], str | None]:
    """A database with columns of a length keeps no longer names."""

    def checked(name: str | None) -> str | None:
        if name is not None and not 1 <= len(name) <= longest:
            raise typer.BadParameter(f"write 1 to {longest} characters")
        return name

    return checked


def _conversation(name: str | None) -> str | None:
    if name is not None and not _THREAD.fullmatch(name):
        raise typer.BadParameter("write 1 to 64 letters, digits, dashes or underscores")
    return name


def ask(
    ctx: typer.Context,
    question: Annotated[str, typer.Argument(help="What the shopper says.")],
    user: Annotated[str, typer.Option(help="Who is asking.", callback=_named(128))] = "anonymous",
    thread: Annotated[
        str | None, typer.Option(help="The conversation this turn belongs to.", callback=_conversation)
    ] = None,
    lang: Annotated[Language, typer.Option(help="Language of the answer.")] = Language.EN,
    explain: Annotated[
        bool, typer.Option("--explain", help="Also print how the request was read and filtered.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the final answer object.")] = False,
) -> None:
    """Ask one question and print the answer with its products and citations."""
    import asyncio

    from app.loaded import NothingLoaded, require_catalogue
    from graphs.conversation.history import UnknownThread
    from tools.shop.errors import ShopStoreError

    settings: Settings = ctx.obj
    try:
        require_catalogue(settings)
        with uncollected():
            from app.runtime import open_shop
            from graphs.turn import Turn
        turn = Turn(question, user, lang.value, thread)
        with open_shop(settings, traced=True) as shop:
            final = asyncio.run(shop.ask_once(turn))
            # A refused question was not read; how it would be is told all the same.
            reading = final.receipt.reading or asyncio.run(shop.reader.read(question))
    except (NothingLoaded, ShopStoreError, UnknownThread) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(_USAGE) from None
    if as_json:
        shown = final.model_dump(mode="json")
        typer.echo(json.dumps({**shown, "reading": reading_json(reading)} if explain else shown, ensure_ascii=False))
        return
    _show(final)
    if explain:
        explain_turn(reading, final)


def _show(final: FinalAnswer) -> None:
    console = Console(highlight=False)
    console.print(final.answer, markup=False)
    if final.products:
        table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
        for name in ("product", "price", "rating", "stock", "why"):
            table.add_column(name, justify="right" if name in ("price", "rating") else "left")
        for card in final.products:
            price = "to be confirmed" if card.price is None else f"{card.price:,.2f} {card.currency}"
            stock = {None: "?", True: "in stock", False: "sold out"}[card.in_stock]
            table.add_row(
                card.title, price, "" if card.rating is None else f"{card.rating:.1f}", stock, "; ".join(card.why)
            )
        console.print()
        console.print(table)
    for miss in final.nearest:
        price = "price to be confirmed" if miss.product.price is None else f"{miss.product.price:,.2f}"
        console.print(f"nearest: {miss.product.title}, {price}; does not keep: {', '.join(miss.breaks)}", markup=False)
    for citation in {citation.marker: citation for citation in final.citations}.values():
        console.print(f"[{citation.marker}] {citation.title} ({citation.source})", style="dim", markup=False)
    for action in final.actions:
        waits = f", waiting for a yes in --thread {final.thread_id}" if action.status == "proposed" else ""
        console.print(f"{action.tool}: {action.status}{waits}", style="dim", markup=False)
    for degradation in final.degraded:
        Console(stderr=True).print(f"{degradation.part} {degradation.kind}: {degradation.detail}", markup=False)
