"""`shelfwise eval retrieval`: rankings against human judgments."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from app.cli.evaluation.refusal import refused
from app.cli.loading import uncollected

if TYPE_CHECKING:
    from app.evaluation.retrieval import Grades, Ranker, RetrievalReport
    from app.ingestion.progress import Report
    from retrievers.embedding.protocol import Embedder
    from retrievers.index.protocol import Index

# Building an index takes seconds to import: the command does so itself, and `--help` does not wait for it.

_DEPTH, _BASELINE_DEPTH = 200, 1000


def retrieval(
    products: Annotated[Path, typer.Option(help="A catalogue, as for `ingest products`.", show_default=False)],
    judgments: Annotated[Path, typer.Option(help="CSV: query, product_id, grade from 0.", show_default=False)],
    maps: Annotated[
        list[str] | None, typer.Option("--map", metavar="FIELD=COLUMN[/NUMBER]", help="As for `ingest products`.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Index PRODUCTS in a directory of its own, ask every judged query and measure what comes back.

    `hybrid` is the ranking every turn starts from, for a shopper nobody knows and with variants of one product apart;
    `bm25` and `dense` are its two halves alone.
    """
    with uncollected():
        from app.evaluation.retrieval import read_judgments
        from app.evaluation.rows import EvaluationError
        from app.ingestion.errors import IngestError
        from app.ingestion.progress import progress_bars

    try:
        grades = read_judgments(judgments)
        with progress_bars(Console(stderr=True)) as report, TemporaryDirectory(prefix="shelfwise-eval-") as scratch:
            measured = _measured(Path(scratch), products, maps or [], grades, report)
    except (EvaluationError, IngestError) as error:
        raise refused(str(error)) from None
    if measured.absent.judgments:
        typer.echo(
            f"not in the catalogue: products of {measured.absent.judgments} judgments, in {measured.absent.queries} of "
            f"{len(grades)} queries; relevant ones among them count as not found",
            err=True,
        )
    if as_json:
        typer.echo(json.dumps(measured.as_json()))
    else:
        _show(measured)


def _measured(scratch: Path, products: Path, maps: list[str], grades: Grades, report: Report) -> RetrievalReport:
    from app.evaluation.retrieval import Absent, measure
    from app.ingestion.commands import ingest_products
    from app.ingestion.errors import IngestError
    from app.ingestion.parts import open_parts
    from retrievers.index.owner import open_index

    parts = replace(open_parts(scratch), write_items=lambda *_: None)
    loaded = ingest_products(lambda: parts, products, maps, report=report)
    if loaded.built is None:
        raise IngestError(f"{products}: no row could be read as a product ({'; '.join(loaded.errors[:1])})")
    with closing(open_index(scratch)) as index:
        measured = measure(grades, _rankers(index, parts.embedder), lambda done, total: report("asking", done, total))
        return replace(measured, absent=Absent.of(grades, _held(index, grades)))


def _held(index: Index, grades: Grades) -> frozenset[str]:
    """The judged products that the catalogue has."""
    from retrievers.catalogue import DocumentType

    asked = sorted({product for of in grades.values() for product in of})
    found = index.fetch([f"{DocumentType.PRODUCT}/{product}" for product in asked])
    return frozenset(str(product.metadata["product_id"]) for product in found)


def _rankers(index: Index, embedder: Embedder) -> Mapping[str, Ranker]:
    from app.clock import utc_now
    from retrievers.catalogue import DocumentType
    from retrievers.embedding.sparse import Bm25Encoder
    from retrievers.features.nothing import NoFeatures
    from retrievers.index.protocol import Query
    from retrievers.retriever import Retriever

    sparse = Bm25Encoder()
    retriever = Retriever(index, embedder, sparse, NoFeatures(), utc_now)

    def hybrid(query: str) -> list[str]:
        return [candidate.product_id for candidate in retriever.ranked(query, _DEPTH)]

    def alone(query: Query) -> list[str]:
        (hits,) = index.search([query])
        return [str(hit.evidence.metadata["product_id"]) for hit in hits]

    def bm25(query: str) -> list[str]:
        return alone(Query(DocumentType.PRODUCT, _BASELINE_DEPTH, sparse=sparse.query(query), plain=True))

    def dense(query: str) -> list[str]:
        return alone(Query(DocumentType.PRODUCT, _BASELINE_DEPTH, dense=embedder.query(query), plain=True))

    return {"hybrid": hybrid, "bm25": bm25, "dense": dense}


def _show(report: RetrievalReport) -> None:
    table = Table(title=f"{report.queries} queries with a relevant product")
    table.add_column("")
    for name in next(iter(report.systems.values())):
        table.add_column(name, justify="right")
    for system, values in report.systems.items():
        table.add_row(system, *(f"{value:.3f}" for value in values.values()))
    Console().print(table)
