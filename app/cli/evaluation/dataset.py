"""`shelfwise eval dataset`: cases with references, each answer judged by evaluators."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.evaluation.judged import judging_over
from app.cli.evaluation.patience import PATIENCE
from app.cli.evaluation.refusal import loaded, refused
from app.cli.loading import uncollected

if TYPE_CHECKING:
    from app.evaluation.dataset import Report
    from app.evaluation.dataset.case import DatasetCase
    from app.evaluation.evaluators import Evaluator
    from app.settings import Settings

# The graph takes seconds to import: the command does so itself, and `--help` does not wait for it.

_PARTIAL = 3


def dataset(
    ctx: typer.Context,
    path: Annotated[Path, typer.Argument(metavar="PATH", help="A folder of YAML files, or one file.")],
    repeat: Annotated[int, typer.Option(min=1, max=100, help="How often each case is played.")] = 1,
    tag: Annotated[list[str] | None, typer.Option(help="Only cases of this tag, capability, language, source.")] = None,
    only: Annotated[list[str] | None, typer.Option(help="Only the case of this id.")] = None,
    experiment: Annotated[str | None, typer.Option(help="What to call it; by default the folder and the time.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write the experiment here, for comparisons and reports.")] = None,
    judge: Annotated[bool, typer.Option("--judge", help="Also ask the configured model.")] = False,
    traced: Annotated[bool, typer.Option("--traced", help="Keep the turns and their scores as local traces.")] = False,
    upload: Annotated[
        bool, typer.Option("--upload", help="Keep cases and experiment in LANGSMITH_ENDPOINT, else as local traces.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Play cases against the loaded shop, each in a world of its own, and judge the last answer of each.

    Two controls have to fail: an assistant that does nothing, and each answer judged by another case's reference.
    """
    settings = loaded(ctx.obj)
    with uncollected():
        from app.cli.evaluation.keeping import keep, named, require_room
        from app.evaluation.dataset import chosen, read_cases
        from app.evaluation.rows import EvaluationError

    try:
        asked = _judge(settings) if judge else None
        require_room(out)
        cases = read_cases(path)
        picked = chosen(list(cases.values()), tag or (), only or ())
        name = named(experiment, path)
        report = _measured(settings.model_copy(update=PATIENCE), cases, picked, name, repeat, asked)
        _show(report, as_json)  # first: what cannot be kept was measured all the same
        if out:
            keep(report.experiment, out)
        if traced or upload:
            from app.cli.evaluation.uploading import Examples, Played, keep_traces

            examples = Examples(path.resolve().stem, picked, report.records) if upload else None
            turns = {name: [played.records for played in runs] for name, runs in report.played.items()}
            keep_traces(Played(report.experiment, turns, examples), settings)
    except EvaluationError as error:
        raise refused(str(error)) from None
    if not report.passed or report.idle or report.interrupted:
        raise typer.Exit(_PARTIAL)


def _measured(
    settings: Settings,
    cases: dict[str, DatasetCase],
    picked: list[DatasetCase],
    name: str,
    repeat: int,
    judge: Evaluator | None,
) -> Report:
    from app.cli.evaluation.keeping import measured
    from app.clock import utc_now
    from app.evaluation.dataset import measure
    from app.worlds import open_worlds

    with open_worlds(settings) as worlds:

        async def played() -> Report:
            judging = await judging_over(worlds, cases, settings, judge)
            about = measured(settings) | {
                "index_generation": worlds.base.index.manifest().generation,
                "repeat": str(repeat),
            }
            return await measure(picked, worlds, judging, name, utc_now(), about, repeat, _progress)

        return asyncio.run(played())


def _judge(settings: Settings) -> Evaluator:
    """Raises EvaluationError without a model to ask."""
    from app.assembly import configured_model
    from app.evaluation.evaluators import Rubric, model_judge
    from app.evaluation.rows import EvaluationError

    model = configured_model(settings)
    if model is None:
        raise EvaluationError("--judge asks a model: set OPENAI_API_KEY, and OPENAI_BASE_URL for a server of your own")
    return model_judge(model, Rubric.load())


def _progress(done: int, total: int, case: DatasetCase, passed: bool) -> None:
    typer.echo(f"{done} of {total}  {'passed' if passed else 'FAILED'}  {case.capability}: {case.id}", err=True)


def _show(report: Report, as_json: bool) -> None:
    from app.evaluation.evaluators import JUDGED

    told = report.as_json()
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False, default=str))
        return
    for failure in told["failures"]:
        for fault in failure["faults"]:
            typer.echo(f"{failure['case']} ({failure['label']}): {fault['check']}: {fault['detail']}")
    for name in ("by_capability", "by_source"):
        for group, counted in told[name].items():
            typer.echo(f"{group:16} {counted['cases']:4} cases  pass^1 {counted['pass^1']:.4f}")
    for key, score in told["scores"].items():
        if score["mean"] is not None:
            typer.echo(f"{key:34} {score['mean']:.4f} over {score['applicable']} cases")
    if never := [key for key, score in told["scores"].items() if score["mean"] is None]:
        typer.echo(f"never applied: {', '.join(never)}")
    if JUDGED in never:
        typer.echo(f"the judge has no opinion: {told['scores'][JUDGED]['else']}")
    stopped = "; interrupted before the others" if told["interrupted"] else ""
    typer.echo(f"{told['cases']} cases, each played {told['repeat']} times{stopped}")
    typer.echo(f"pass^1   {told['pass^1']:.4f}")
    typer.echo(f"pass^k   {told['pass^k']:.4f}")
    typer.echo(f"control  {told['control_pass^1']:.4f} (does nothing) {', '.join(report.idle)}".rstrip())
    typer.echo(f"control  {told['shuffled_pass^1']:.4f} (judged by the reference of another case)")
