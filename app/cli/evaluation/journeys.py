"""`shelfwise eval journeys`: what shoppers want, turn by turn, and whether it came of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.evaluation.patience import PATIENCE
from app.cli.evaluation.refusal import loaded, refused
from app.cli.loading import uncollected

if TYPE_CHECKING:
    from app.evaluation.journeys import Report
    from app.evaluation.journeys.journey import Journey

# The graph takes seconds to import: the command does so itself, and `--help` does not wait for it.

_PARTIAL = 3


def journeys(
    ctx: typer.Context,
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="A folder of YAML files, or one file.")],
    repeat: Annotated[int, typer.Option(min=1, max=100, help="How often each journey is played.")] = 1,
    experiment: Annotated[str | None, typer.Option(help="What to call it; by default the folder and the time.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write the experiment here, for comparisons and reports.")] = None,
    traced: Annotated[bool, typer.Option("--traced", help="Keep the turns as local traces.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Play journeys against the loaded shop; each in a world of its own, so nothing of the shop changes.

    The control hears every turn and does nothing: no journey may be content with it.
    """
    import asyncio

    settings = loaded(ctx.obj)
    with uncollected():
        from app.cli.evaluation.keeping import keep, measured, named, require_room
        from app.evaluation.journeys import measure, read_journeys
        from app.evaluation.rows import EvaluationError
        from app.worlds import open_worlds
        from graphs.models.prices import Prices

    try:
        require_room(out)
        asked, prices = read_journeys(directory), Prices.load(settings.prices)
        with open_worlds(settings.model_copy(update=PATIENCE)) as worlds:
            report = asyncio.run(measure(asked, worlds, prices, repeat, _progress))
        _show(report, as_json)
        kept = report.experiment(named(experiment, directory), measured(settings))
        if out:
            keep(kept, out)
        if traced:
            from app.cli.evaluation.uploading import Played, keep_traces

            keep_traces(Played(kept, report.turns), settings)
    except EvaluationError as error:
        raise refused(str(error)) from None
    if not report.passed or report.idle or report.interrupted:
        raise typer.Exit(_PARTIAL)


def _progress(done: int, total: int, journey: Journey, passed: bool) -> None:
    typer.echo(f"{done} of {total}  {'passed' if passed else 'FAILED'}  {journey.group}: {journey.name}", err=True)


def _show(report: Report, as_json: bool) -> None:
    told = report.as_json()
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False, default=str))
        return
    for each in told["failures"]:
        expected, found = (json.dumps(each[key], ensure_ascii=False, default=str) for key in ("expected", "found"))
        where = f"{each['journey']}, turn {each['turn']}: {each['assertion']} ({each['label']})"
        typer.echo(f"{where}\n  expected {expected}\n  found    {found}")
    stopped = "; interrupted before the others" if told["interrupted"] else ""
    typer.echo(f"{told['journeys']} journeys, each played {told['repeat']} times{stopped}")
    summary = told["summary"]
    for name, key in (("pass^1", "pass^1"), ("pass^k", f"pass^{told['repeat']}")):
        interval = summary["pass"][key]
        typer.echo(f"{name}   {told[name]:.4f}  95% interval {interval['low']:.4f} to {interval['high']:.4f}")
    failed = ", ".join(f"{label} {count}" for label, count in summary["labels"].items() if count)
    typer.echo(f"failed   {failed or 'none'}")
    if summary["labels"]["gold"] or summary["labels"]["infrastructure"]:
        fair = summary["without_gold_and_infrastructure"]
        without = f"{fair['value']:.4f}" if fair else "unknown"
        typer.echo(f"pass^1   {without}  without gold and infrastructure")
    typer.echo(
        f"control  {told['control_pass^1']:.4f} (an assistant that does nothing) {', '.join(report.idle)}".rstrip()
    )
