"""`shelfwise eval claims`: support by free text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from app.cli.evaluation.refusal import refused
from app.cli.loading import uncollected

# The checks take a second to import: the command does so itself, and `--help` does not wait for it.

_EVERY = 500  # rows between two lines of progress


def claims(
    file: Annotated[
        Path,
        typer.Argument(help='JSON Lines of {"claim", "evidence": [text], "label"}, label 1 for supported; may be .gz.'),
    ],
    calibrate: Annotated[
        Path | None, typer.Option("--calibrate", metavar="OUT", help="Also write thresholds that suit FILE to OUT.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Measure how well claims that texts support are told from others; an uncertain one counts as not supported."""
    with uncollected():
        from app.evaluation.claims import measure_claims, read_text_claims, weigh
        from app.evaluation.rows import EvaluationError

    try:
        rows = read_text_claims(file)
        found = weigh(rows, lambda done: _progress(done, len(rows)))
        if calibrate is not None:
            from app.evaluation.claims import calibrate as fit
            from app.evaluation.claims import write_thresholds

            thresholds = fit(rows, found)
            write_thresholds(thresholds, calibrate)
            typer.echo(f"{calibrate}: supported {thresholds.supported}, uncertain {thresholds.uncertain}", err=True)
    except EvaluationError as error:
        raise refused(str(error)) from None
    report = measure_claims(rows, found)
    if as_json:
        typer.echo(json.dumps(report.as_json()))
        return
    typer.echo(f"{report.rows} rows: {report.verdicts}")
    typer.echo(f"measured  macro-F1 {report.macro_f1}, AUC {report.auc}")
    if not report.control_can_fail:
        typer.echo("control   says nothing here: it needs rows of both labels and more than one evidence")
        return
    typer.echo(
        f"control   macro-F1 {report.control_macro_f1}, AUC {report.control_auc} (evidence dealt anew: about 0.5)"
    )


def _progress(done: int, total: int) -> None:
    if done % _EVERY == 0:
        typer.echo(f"{done} of {total}", err=True)
