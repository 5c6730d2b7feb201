"""`shelfwise eval personalization`: do the products of an open question come true?"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from app.cli.evaluation.refusal import refused
from app.cli.loading import uncollected

if TYPE_CHECKING:
    from app.evaluation.personalization import Report
    from app.evaluation.personalization.measure import Progress as Told

_GOODS = r"\d{5}"  # of the shop whose orders this was made for; what begins otherwise is postage, fees and vouchers
_LEAKING = 3


def personalization(
    transactions: Annotated[
        Path,
        typer.Option(help="Rows of Invoice, StockCode, Description, Quantity, InvoiceDate, Price, Customer ID."),
    ],
    codes: Annotated[str, typer.Option(help="Pattern that the start of a product's code must match.")] = _GOODS,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Predict each returning shopper's last order from what was known before it, with the ranker of open questions.

    Ten products a shopper, chosen as a turn chooses them: at most three of a kind, one of each variant, and of products
    usually bought together one. Controls that must fail: the features of another shopper, and a planted leak.
    """
    with uncollected():
        from app.evaluation.personalization import measure
        from app.ingestion.errors import IngestError
        from app.ingestion.orders import read_orders

    try:
        with _progress() as told:
            found = read_orders(transactions, codes)
            report = asyncio.run(measure(found.orders, found.titles, told))
    except (IngestError, ValueError) as error:
        raise refused(str(error)) from None
    typer.echo(json.dumps(report.as_json()) if as_json else _table(report))
    if report.leaks:
        typer.echo(f"{report.leaks} of {report.examined} examined answers had seen the future", err=True)
        raise typer.Exit(_LEAKING)


@contextmanager
def _progress() -> Iterator[Told]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bars:
        task = bars.add_task("Shoppers", total=None)
        yield lambda done, total: bars.update(task, completed=done, total=total)


def _table(report: Report) -> str:
    rows = [f"{report.shoppers} shoppers", f"{'':16}{'hit@10':>8}{'ndcg@10':>9}"]
    rows += [f"{name:16}{found['hit@10']:>8.4f}{found['ndcg@10']:>9.4f}" for name, found in report.systems.items()]
    seen = f"leaks: {report.leaks} of {report.examined} examined; the planted one found in {report.planted}"
    return "\n".join([*rows, seen])
