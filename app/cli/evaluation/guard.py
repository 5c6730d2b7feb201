"""`shelfwise eval guard`: the input rail on labelled requests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from app.cli.evaluation.refusal import refused
from app.cli.loading import uncollected

# The rails take a second to import: the command does so itself, and `--help` does not wait for it.


def guard(
    file: Annotated[Path, typer.Argument(help='JSON Lines of {"text", "label"}, label 1 for an attack; may be .gz.')],
    train: Annotated[
        Path | None, typer.Option("--train", metavar="OUT", help="First fit the n-gram weights to FILE, into OUT.")
    ] = None,
    harmless: Annotated[
        list[Path] | None, typer.Option("--harmless", help='With --train: more harmless requests, {"text"} a line.')
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Measure how much the input rail blocks and flags, of attacks and of harmless requests."""
    with uncollected():
        from app.evaluation.guard import measure_guard, read_labelled
        from app.evaluation.rows import EvaluationError
        from graphs.guardrails.policy import Policy

    try:
        rows = read_labelled(file)
        if train is not None:
            _train(file, train, harmless or [])
    except EvaluationError as error:
        raise refused(str(error)) from None
    report = measure_guard(rows, Policy.load(), lambda done: _progress(done, len(rows))).as_json()
    if as_json:
        typer.echo(json.dumps(report))
        return
    typer.echo(f"{report['rows']} rows")
    for tier in ("block", "flag"):
        typer.echo(f"{tier:7} {_rates(report[tier])}")
    typer.echo(f"control {_rates(report['control']['shuffled_labels'])} (flag, labels dealt anew: must be alike)")
    if report["refused_harmless"]:
        typer.echo(f"harmless rows refused: {report['refused_harmless']}")


def _train(file: Path, out: Path, harmless: list[Path]) -> None:
    from app.evaluation.guard import read_labelled
    from app.evaluation.ngram_training import FOLDS, train
    from app.evaluation.rows import EvaluationError, read_rows

    labelled = read_labelled(file)
    if len({row.attack for row in labelled}) < 2:
        raise EvaluationError(f"{file} holds rows of one label only; training needs attacks and harmless requests")
    texts = [str(row["text"]) for path in harmless for row in read_rows(path, {"text": str})]
    typer.echo(f"fitting {FOLDS + 1} times to {len(labelled) + len(texts)} rows", err=True)
    trained = train(labelled, texts)
    trained.model.write(out)
    typer.echo(
        f"wrote {out}: rows left out are flagged with recall {trained.recall:.3f} at false positives "
        f"{trained.false_positive_rate:.4f}; of the other harmless ones {trained.harmless_rate:.4f}",
        err=True,
    )


def _progress(done: int, total: int) -> None:
    if done % 5_000 == 0:
        typer.echo(f"{done} of {total}", err=True)


def _rates(rates: dict[str, float | None]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {'none' if rate is None else rate}" for name, rate in rates.items())
