"""`shelfwise eval ablation`: what each part of the assistant is worth, from no evidence to the whole."""

from __future__ import annotations

import asyncio
import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from app.cli.evaluation.refusal import loaded, refused
from app.cli.loading import uncollected

if TYPE_CHECKING:
    from app.evaluation.ablation import Climb, Rung
    from app.evaluation.dataset.case import DatasetCase
    from app.evaluation.experiments.record import Experiment
    from app.settings import Settings

# The graph takes seconds to import: the command does so itself, and `--help` does not wait for it.

_PARTIAL = 3
_PLOT = "ladder.svg"
_SHOWN = {
    "limits": "constraint_satisfaction",
    "own limits": "personal_constraints",
    "ndcg": "ndcg",
    "facts": "told_facts",
    "sources": "cited_sources",
}


def ablation(
    ctx: typer.Context,
    path: Annotated[Path, typer.Argument(metavar="PATH", help="Cases as for `eval dataset`.")],
    tag: Annotated[list[str] | None, typer.Option(help="Only cases of this tag, capability, language, source.")] = None,
    out: Annotated[Path | None, typer.Option(help="A folder for each rung's experiment and the plot.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Play cases of one turn on each rung: no evidence, golden evidence, BM25, dense, hybrid, features, re-rank.

    The control: handed what the references name, the assistant must pass more cases than with nothing to go on.
    """
    settings = loaded(ctx.obj)
    with uncollected():
        from app.cli.evaluation.patience import PATIENCE
        from app.evaluation.dataset import chosen, read_cases
        from app.evaluation.rows import EvaluationError

    try:
        if out:
            _require_folder(out)
        cases = read_cases(path)
        climbed = _climbed(settings.model_copy(update=PATIENCE), cases, chosen(list(cases.values()), tag or (), ()))
        _show(climbed, as_json)
        if out:
            _keep(climbed, out)
    except EvaluationError as error:
        raise refused(str(error)) from None
    if not climbed.sound:
        raise typer.Exit(_PARTIAL)


def _climbed(settings: Settings, cases: dict[str, DatasetCase], picked: list[DatasetCase]) -> Climb:
    from app.cli.evaluation.judged import judging_over
    from app.cli.evaluation.keeping import measured
    from app.clock import utc_now
    from app.evaluation.ablation import climb
    from app.evaluation.ablation.climbing import fit
    from app.evaluation.ablation.golden import Golden
    from app.evaluation.ablation.rung_worlds import Reading, RungWorlds
    from app.evaluation.dataset import measure
    from app.evaluation.rows import EvaluationError
    from app.worlds import open_worlds

    fitting = fit(picked)
    if not fitting:
        raise EvaluationError("no case has one turn and a shop that works: there is no ladder to climb")

    async def play(rung: Rung) -> Experiment:
        reading = Reading(rung)
        with open_worlds(settings, reading.through, rung.taste) as worlds:
            judging = await judging_over(worlds, cases, settings)
            own = RungWorlds(worlds, rung, reading, Golden(worlds.base.index, judging.records))
            generation = worlds.base.index.manifest().generation
            about = measured(settings) | {"index_generation": generation, "rung": rung.name}
            report = await measure(
                fitting, own, judging, rung.name, utc_now(), about, progress=partial(_progress, rung.name)
            )
        if report.interrupted:
            raise KeyboardInterrupt  # half a rung cannot be compared with the others
        return report.experiment.model_copy(update={"kind": "ablation"})

    return asyncio.run(climb(picked, play))


def _progress(rung: str, done: int, total: int, case: DatasetCase, passed: bool) -> None:
    if done % 10 == 0 or done == total:
        typer.echo(f"{rung}: {done} of {total}", err=True)


def _require_folder(folder: Path) -> None:
    """Makes it. Raises EvaluationError when nothing could be written there."""
    from app.evaluation.experiments.files import require_writable
    from app.evaluation.rows import EvaluationError

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EvaluationError(f"{folder} is no folder and cannot be made one: {error.strerror or error}") from None
    require_writable(folder / _PLOT)


def _keep(climbed: Climb, folder: Path) -> None:
    from app.evaluation.ablation.plot import plotted
    from app.evaluation.experiments.files import write_experiment

    for name, experiment in climbed.experiments.items():
        write_experiment(experiment, folder / f"{name}.json")
    (folder / _PLOT).write_text(plotted(climbed), encoding="utf-8")


def _show(climbed: Climb, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(climbed.as_json(), ensure_ascii=False))
        return
    console = Console(highlight=False)
    table = Table("rung", "pass^1", *_SHOWN, box=None, header_style="bold")
    for name in climbed.experiments:
        summary = climbed.summary(name)
        scores = [summary.scores.get(key) for key in _SHOWN.values()]
        table.add_row(
            name, f"{summary.pass_hat[1].value:.3f}", *("-" if s is None else f"{s.value:.3f}" for s in scores)
        )
    console.print(table)
    for (one, other), step in climbed.steps.items():
        change = step.passing.change
        sure = "" if step.passing.told else "  (cannot be told from chance)"
        console.print(f"{one} -> {other}: {change.value:+.3f} [{change.low:+.3f}, {change.high:+.3f}]{sure}")
    left = len(climbed.left_out)
    console.print(
        f"{len(climbed.experiments['rerank'].cases)} cases; {left} of several turns or with broken parts left out"
    )
    if not climbed.sound:
        console.print("the control failed: golden evidence is no better than none, so these figures mean nothing")
