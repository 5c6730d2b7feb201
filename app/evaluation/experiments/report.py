"""One experiment, or two, as a page that is one file: no script, nothing fetched, nobody's text taken for markup."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, select_autoescape

from app.evaluation.experiments import plots
from app.evaluation.experiments.comparison import Comparison, compared
from app.evaluation.experiments.files import written
from app.evaluation.experiments.intervals import Estimate, are_shares
from app.evaluation.experiments.outcomes import is_flaky, label_of, runs_of
from app.evaluation.experiments.record import Case, Experiment
from app.evaluation.experiments.summary import Summary, summarised

_HERE = Path(__file__).parent

Table = Mapping[str, Estimate | None]
Traces = Mapping[str, str]  # where the trace of a run is opened, by the run's id
_NO_TRACES: Traces = MappingProxyType({})


def write_report(experiment: Experiment, new: Experiment | None, path: Path, traces: Traces = _NO_TRACES) -> None:
    """Raises EvaluationError for two without a case in common, or when the file cannot be written."""
    page = report(experiment, new, traces)
    with written(path) as beside:
        beside.write_text(page, encoding="utf-8")
        beside.replace(path)


def report(experiment: Experiment, new: Experiment | None = None, traces: Traces = _NO_TRACES) -> str:
    """About the newer one; what was before is what it is compared with. Raises EvaluationError."""
    shown, base = (new, experiment) if new else (experiment, None)
    comparison = compared(base, shown) if base else None
    summary = summarised(shown)
    failed = [case for case in shown.cases if runs_of(case).passed < len(case.trials)]
    return _template().render(
        experiment=shown,
        base=base,
        summary=summary,
        comparison=comparison,
        failed=sorted(failed, key=lambda case: (is_flaky(case), case.group, case.id)),
        plots=_plots(shown, summary, base, comparison),
        tables=_tables(summary),
        traces=traces,
        style=(_HERE / "report.css").read_text("utf-8"),
    )


def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=select_autoescape(["html.j2"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(label_of=label_of, runs_of=runs_of, flaky=is_flaky)
    environment.filters.update(interval=_interval, p=_p, failing=_failing, label=label_of)
    return environment.get_template("report.html.j2")


def _tables(summary: Summary) -> dict[str, Table]:
    """What the plots show, as figures."""
    passing: dict[str, Estimate | None] = {f"pass^{k}": each for k, each in summary.pass_hat.items()}
    if summary.labels["gold"] or summary.labels["infrastructure"]:
        passing["pass^1 without gold and infrastructure"] = summary.fair
    named: dict[str, Table] = {
        "Passing": passing,
        "Scores": summary.scores,
        "pass^1 by group": summary.groups,
        "pass^1 by tag": summary.tags,
    }
    return {title: table for title, table in named.items() if table}


def _plots(
    shown: Experiment, summary: Summary, base: Experiment | None, comparison: Comparison | None
) -> list[tuple[str, str]]:
    """Pairs of what a plot shows and its SVG, in which matplotlib has escaped every text."""
    both = {shown.name: shown} | ({f"before: {base.name}": base} if base else {})
    made: list[tuple[str, str]] = []
    if len(summary.pass_hat) > 1:
        curves = {name: summarised(each).pass_hat for name, each in both.items()}
        made.append(("How likely all of k trials pass", plots.pass_curve(curves)))
    if comparison:
        differences = [each for each in (comparison.passing, *comparison.others) if each.bounded]
        made.append(("Difference to what was before", plots.forest(differences)))
    for title, name, estimates in (
        ("Scores between 0 and 1", "scores", _shares(summary.scores)),
        ("pass^1 by group", "groups", summary.groups),
        ("pass^1 by tag", "tags", summary.tags),
    ):
        made += [(title, plots.intervals(name, estimates))] if estimates else []
    measured = {name: took for name, each in both.items() if (took := _took(each))}
    made += [("Latency", plots.latencies(measured))] if measured else []
    return made


def _shares(scores: Mapping[str, Estimate | None]) -> dict[str, Estimate]:
    return {name: each for name, each in scores.items() if each and _is_share(name, each)}


def _is_share(name: str, each: Estimate) -> bool:
    return are_shares([each.value, each.low or 0, each.high or 0], name)


def _took(experiment: Experiment) -> list[float]:
    return [each.latency_ms for case in experiment.cases for each in case.trials if each.latency_ms is not None]


def _interval(estimate: Estimate) -> str:
    return "unknown" if estimate.low is None else f"{estimate.low:.3f} to {estimate.high:.3f}"


def _p(value: float) -> str:
    return "< 0.001" if value < 0.001 else f"{value:.3f}"


def _failing(case: Case) -> list[tuple[int, Any]]:
    return [(number, trial) for number, trial in enumerate(case.trials, 1) if not trial.passed]
