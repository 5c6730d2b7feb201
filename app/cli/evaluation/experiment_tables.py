"""Experiments in the terminal: a screen of tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from app.evaluation.experiments.comparison import Change, Comparison, Difference
from app.evaluation.experiments.estimator import Runs
from app.evaluation.experiments.intervals import Estimate
from app.evaluation.experiments.record import Experiment
from app.evaluation.experiments.summary import Summary

_NAMED = 10  # cases of a kind; files and --json hold them all
_LEGEND = (
    "p: by flipping signs over cases; all but pass^1 adjusted together after Holm. "
    "seen from: the smallest difference that probably would have shown."
)


def summary_tables(experiment: Experiment, summary: Summary) -> RenderableType:
    played = f"{summary.cases} cases, {summary.trials} trials, {experiment.created:%Y-%m-%d %H:%M} UTC"
    settings = ", ".join(f"{name} {value}" for name, value in experiment.settings.items())
    return Group(
        Text(f"{experiment.name} ({experiment.kind}): {played}"),
        *([Text(settings, style="dim")] if settings else []),
        _estimates(summary),
        *([Text(f"never applied: {', '.join(never)}", style="dim")] if (never := _never(summary)) else []),
        Text(_failures(summary)),
        *([Text(_named("flaky", summary.flaky))] if summary.flaky else []),
        *([Text(spent)] if (spent := _spent(summary)) else []),
    )


def _estimates(summary: Summary) -> Table:
    table = _table("", "mean", "95% interval", "cases")
    for k, estimate in _ends(summary.pass_hat).items():
        _add(table, f"pass^{k}", estimate)
    if summary.labels["gold"] or summary.labels["infrastructure"]:
        _add(table, "pass^1 without gold and infrastructure", summary.fair)
    table.add_section()
    for title, estimates in (("", summary.scores), ("group ", summary.groups), ("tag ", summary.tags)):
        for name, each in estimates.items():
            if each is not None:
                _add(table, f"{title}{name}", each)
        table.add_section()
    return table


def _never(summary: Summary) -> list[str]:
    return [key for key, estimate in summary.scores.items() if estimate is None]


def _ends(pass_hat: Mapping[int, Estimate]) -> dict[int, Estimate]:
    """Of many k the first ones and the last."""
    kept = [*list(pass_hat)[:4], *list(pass_hat)[-1:]]
    return {k: pass_hat[k] for k in kept}


def _add(table: Table, name: str, estimate: Estimate | None) -> None:
    if estimate is None:
        table.add_row(Text(name), "not applicable", "", "0")
    else:
        table.add_row(Text(name), f"{estimate.value:.3f}", _interval(estimate), str(estimate.cases))


def _interval(estimate: Estimate) -> str:
    return "unknown" if estimate.low is None else f"{estimate.low:.3f} to {estimate.high:.3f}"


def _failures(summary: Summary) -> str:
    failed = sum(summary.labels.values())
    by_label = ", ".join(f"{label} {count}" for label, count in summary.labels.items() if count)
    return f"{failed} of {summary.trials} trials failed{f': {by_label}' if failed else ''}"


def _spent(summary: Summary) -> str:
    latency, tokens, cost = summary.latency, summary.tokens, summary.cost
    told = [
        f"latency p50 {latency.p50_ms:.0f} ms, p95 {latency.p95_ms:.0f} ms ({latency.trials} trials)"
        if latency
        else "",
        f"tokens {tokens.total:.0f} ({tokens.trials} trials)" if tokens else "",
        f"cost ${cost.total:.4f} ({cost.trials} trials)" if cost else "",
    ]
    return "; ".join(each for each in told if each)


def comparison_tables(comparison: Comparison) -> RenderableType:
    table = _table("", "base", "new", "change", "95% interval", "p", "seen from", "cases")
    for each in (comparison.passing, *comparison.others):
        table.add_row(Text(each.name), *_cells(each), style="bold" if each.told else "")
    settings = (f"{name}: {was or 'not set'} -> {now or 'not set'}" for name, (was, now) in comparison.settings.items())
    return Group(
        Text(comparison.verdict, style="bold"),
        table,
        Text(_LEGEND, style="dim"),
        *(Text(line) for line in _cases(comparison)),
        *(Text(line, style="dim") for line in settings),
    )


def _cells(each: Difference) -> tuple[str, ...]:
    shown = "nothing" if each.detectable is None else f"{each.detectable:.3f}"
    p = "<0.001" if each.p < 0.001 else f"{each.p:.3f}"
    change = f"{each.change.value:+.3f}"
    return f"{each.base:.3f}", f"{each.new:.3f}", change, _interval(each.change), p, shown, str(each.change.cases)


def _cases(comparison: Comparison) -> Iterable[str]:
    parts = (
        ("worse", [_changed(each) for each in comparison.worse]),
        ("better", [_changed(each) for each in comparison.better]),
        ("only in base", comparison.only_base),
        ("only in new", comparison.only_new),
        ("measured in one alone", comparison.unpaired),
    )
    return (_named(name, cases) for name, cases in parts if cases)


def _changed(each: Change) -> str:
    return f"{each.case_id} ({_share(each.base)} -> {_share(each.new)})"


def _share(runs: Runs) -> str:
    return f"{runs.passed}/{runs.played}"


def _named(title: str, names: Sequence[str]) -> str:
    more = f", and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f"{title} ({len(names)}): {', '.join(names[:_NAMED])}{more}"


def _table(*columns: str) -> Table:
    """The first column gives way where a terminal is narrow."""
    name, *figures = columns
    table = Table(box=None, pad_edge=False, collapse_padding=True)
    table.add_column(name, overflow="fold")
    for column in figures:
        table.add_column(column, justify="right", no_wrap=True)
    return table
