"""`shelfwise eval experiments`: what was measured, with how sure one can be, against what came before, and for CI."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.evaluation.refusal import refused

if TYPE_CHECKING:
    from rich.console import RenderableType

    from app.evaluation.experiments.record import Experiment
    from app.settings import Settings

# scipy and matplotlib take a second to import: the commands do so themselves.

_PARTIAL = 3

File = Annotated[Path, typer.Argument(metavar="FILE", help="An experiment; may be .gz.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]

experiments_app = typer.Typer(no_args_is_help=True, help="Read, compare and judge experiments kept in files.")


@experiments_app.command()
def show(file: File, as_json: Json = False) -> None:
    """pass^k, scores, groups and costs, each with its 95% interval, and whose faults the failures are."""
    from app.cli.evaluation.experiment_tables import summary_tables
    from app.evaluation.experiments.files import read_experiment
    from app.evaluation.experiments.summary import summarised

    with _readable():
        experiment = read_experiment(file)
    summary = summarised(experiment)
    about = experiment.model_dump(mode="json", include={"name", "kind", "created", "settings"})
    _print({**about, **summary.as_json()}, lambda: summary_tables(experiment, summary), as_json)


@experiments_app.command()
def compare(
    base: Annotated[Path, typer.Argument(metavar="BASE", help="What was before.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="What is now.")],
    as_json: Json = False,
) -> None:
    """Case by case: what became better or worse, and whether it can be told from chance."""
    from app.cli.evaluation.experiment_tables import comparison_tables
    from app.evaluation.experiments.comparison import compared
    from app.evaluation.experiments.files import read_experiment

    with _readable():
        before, after = read_experiment(base), read_experiment(new)
        comparison = compared(before, after)
    names = {"base": before.name, "new": after.name}
    _print({**names, **comparison.as_json()}, lambda: comparison_tables(comparison), as_json)


@experiments_app.command()
def report(
    ctx: typer.Context,
    file: File,
    new: Annotated[Path | None, typer.Argument(metavar="[NEW]", help="Compare it with FILE, which was before.")] = None,
    out: Annotated[Path, typer.Option(help="Where the page is written.")] = Path("report.html"),
    traces: Annotated[
        bool, typer.Option("--traces", help="Link the kept traces of failed trials, each a file in a folder beside it.")
    ] = False,
) -> None:
    """One HTML file with plots and every failure; it holds no script and asks nothing of any host."""
    from app.evaluation.experiments.files import read_experiment
    from app.evaluation.experiments.report import write_report

    with _readable():
        experiment, newer = read_experiment(file), read_experiment(new) if new else None
        links = _traces_of(newer or experiment, out, ctx.obj) if traces else {}
        write_report(experiment, newer, out, links)
    typer.echo(f"written to {out}", err=True)


@experiments_app.command()
def junit(file: File, out: Annotated[Path, typer.Option(help="Where the XML is written.")] = Path("junit.xml")) -> None:
    """JUnit XML for CI: a suite a group, a test a case; a failure's type is its label."""
    from app.evaluation.experiments.files import read_experiment
    from app.evaluation.experiments.junit import write_junit

    with _readable():
        write_junit(read_experiment(file), out)
    typer.echo(f"written to {out}", err=True)


@experiments_app.command()
def gate(
    file: File,
    thresholds: Annotated[Path, typer.Option(help="A TOML file; see examples/gate.toml.")],
    base: Annotated[Path | None, typer.Option(help="What was before, for [regression].")] = None,
    as_json: Json = False,
) -> None:
    """Exit code 3 and one line for each threshold that is broken; what was never measured breaks its own."""
    from app.evaluation.experiments.comparison import compared
    from app.evaluation.experiments.files import read_experiment
    from app.evaluation.experiments.gate import broken
    from app.evaluation.experiments.summary import summarised
    from app.evaluation.experiments.thresholds import read_thresholds

    with _readable():
        wanted, experiment = read_thresholds(thresholds), read_experiment(file)
        if (base is None) != (wanted.regression is None):
            missing = "--base" if base is None else "a [regression] table"
            raise refused(f"{thresholds}: [regression] and --base belong together; {missing} is missing")
        comparison = compared(read_experiment(base), experiment) if base else None
    lines = broken(summarised(experiment), wanted, comparison)
    _print({"ok": not lines, "broken": lines}, lambda: "\n".join(lines) or "every threshold is kept", as_json)
    if lines:
        raise typer.Exit(_PARTIAL)


def _traces_of(experiment: Experiment, page: Path, settings: Settings) -> dict[str, str]:
    """Raises EvaluationError."""
    from app.cli.evaluation.opening_traces import write_traces
    from app.evaluation.experiments.outcomes import failed_runs

    wanted = failed_runs(experiment.cases)
    links = write_traces(wanted, page, settings)
    kept = "" if len(links) == len(wanted) else "; a dataset or journeys keep theirs when played with --traced"
    typer.echo(f"{len(links)} of {len(wanted)} traces of failed trials found{kept}", err=True)
    return links


@contextmanager
def _readable() -> Iterator[None]:
    from app.evaluation.rows import EvaluationError

    try:
        yield
    except EvaluationError as error:
        raise refused(str(error)) from None


def _print(told: dict[str, Any], shown: Callable[[], RenderableType], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    from rich.console import Console

    Console().print(shown(), markup=False, highlight=False)
