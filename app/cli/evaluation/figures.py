"""`shelfwise eval figures`: values that differ from a record."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from app.cli.evaluation.refusal import refused
from app.cli.loading import uncollected

# The checks take a second to import: the command does so itself, and `--help` does not wait for it.

_EVERY = 2_000  # rows between two lines of progress


def figures(
    file: Annotated[
        Path,
        typer.Argument(help='JSON Lines of {"claim", "record": {}, "label"}, label 1 for consistent; may be .gz.'),
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Measure how well sentences that contradict a record are found."""
    with uncollected():
        from app.evaluation.figures import measure_figures, read_record_claims
        from app.evaluation.rows import EvaluationError

    try:
        rows = read_record_claims(file)
    except EvaluationError as error:
        raise refused(str(error)) from None
    report = measure_figures(rows, lambda done: _progress(done, len(rows)))
    if as_json:
        typer.echo(json.dumps(report.as_json()))
        return
    typer.echo(f"{report.rows} rows: {report.verdicts}")
    typer.echo(f"contradicted  {_line(report.found.as_json())}")
    if not report.control_can_fail:
        typer.echo("control       says nothing here: it needs rows of both labels and more than one record")
        return
    typer.echo(f"control       {_line(report.control.as_json())} (records dealt anew: most claims must contradict)")


def _progress(done: int, total: int) -> None:
    if done % _EVERY == 0:
        typer.echo(f"{done} of {total}", err=True)


def _line(found: dict[str, float | None]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {'none' if value is None else value}" for name, value in found.items())
