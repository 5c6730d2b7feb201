"""`shelfwise eval personal-data`: the masks on labelled texts, and on a catalogue that has none to mask."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.evaluation.refusal import refused
from app.cli.loading import uncollected

if TYPE_CHECKING:
    from app.evaluation.personal_data import Score
    from retrievers.catalogue import Product

# The rails take a second to import: the command does so itself, and `--help` does not wait for it.


def personal_data(
    file: Annotated[
        Path,
        typer.Argument(
            help='JSON Lines of {"full_text", "spans": [{"entity_type", "start_position", "end_position"}]}.'
        ),
    ],
    catalogue: Annotated[
        Path | None, typer.Option(help="Also count the texts of this catalogue that would be masked.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Measure how much personal data is found, how much is found by mistake, and what a catalogue would lose."""
    with uncollected():
        from app.evaluation.personal_data import measure_personal, read_labelled_texts, wrongly_masked
        from app.evaluation.rows import EvaluationError
        from app.ingestion.errors import IngestError
        from app.ingestion.products import read_products
        from graphs.guardrails.policy import Policy

    policy = Policy.load()
    try:
        report = measure_personal(read_labelled_texts(file), policy)
        lost = None if catalogue is None else wrongly_masked(_texts(read_products(catalogue).products), policy, _tell)
    except (EvaluationError, IngestError) as error:
        raise refused(str(error)) from None
    if as_json:
        found = report.as_json()
        if lost is not None:
            found["catalogue"] = lost
        typer.echo(json.dumps(found))
        return
    scores = [*report.kinds.items(), ("all checked", report.checked), ("control", report.control)]
    for name, score in scores:
        typer.echo(f"{name:12} {_scored(score)}")
    typer.echo("(control: spans dealt to other texts, near 0)")
    if lost is not None:
        typer.echo(_lost(lost))


def _texts(products: Iterable[Product]) -> Iterator[str]:
    for product in products:
        yield product.title
        if product.description:
            yield product.description
        yield from (f"{name}: {value}" for name, value in product.attributes.items())


def _tell(text: str) -> None:
    typer.echo(f"would be masked: {text[:120]}", err=True)


def _scored(score: Score) -> str:
    return f"{score.labelled:5} labelled, recall {score.recall}, precision {score.precision}"


def _lost(lost: dict[str, Any]) -> str:
    return f"catalogue: {lost['masked']} of {lost['texts']} texts masked by mistake ({lost['rate']:.4%})"
