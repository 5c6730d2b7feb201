"""Whether an experiment may pass: every threshold it does not reach, and every one that nothing was measured for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from app.evaluation.experiments.comparison import Comparison
from app.evaluation.experiments.intervals import Estimate
from app.evaluation.experiments.summary import Spent, Summary
from app.evaluation.experiments.thresholds import Regression, Thresholds

_DUST = 1e-9  # what is left of sums of fractions


def broken(summary: Summary, thresholds: Thresholds, comparison: Comparison | None = None) -> list[str]:
    """One line for each broken threshold. `comparison` is needed where a regression is to be looked for."""
    return [
        *_of_cases(summary, thresholds),
        *_of_shares(summary, thresholds),
        *_of_scores(summary, thresholds),
        *_of_failures(summary, thresholds),
        *_of_costs(summary, thresholds),
        *(_of_regression(comparison, thresholds.regression) if thresholds.regression else ()),
    ]


def _of_cases(summary: Summary, thresholds: Thresholds) -> Iterator[str]:
    if thresholds.min_cases is not None and summary.cases < thresholds.min_cases:
        yield f"min_cases: {summary.cases} cases, at least {thresholds.min_cases} wanted"


def _of_shares(summary: Summary, thresholds: Thresholds) -> Iterator[str]:
    by_name = {f"pass^{k}": each for k, each in summary.pass_hat.items()}
    tables: tuple[tuple[str, Mapping[str, float], Mapping[str, Estimate]], ...] = (
        ("pass", thresholds.pass_hat, by_name),
        ("groups", thresholds.groups, summary.groups),
        ("tags", thresholds.tags, summary.tags),
    )
    for table, wanted, found in tables:
        for name, least in wanted.items():
            yield from _judged(f"{table}.{name}", found.get(name), "min", least, thresholds)


def _of_scores(summary: Summary, thresholds: Thresholds) -> Iterator[str]:
    for key, bounds in thresholds.scores.items():
        for side, bound in (("min", bounds.min), ("max", bounds.max)):
            if bound is not None:
                yield from _judged(f"scores.{key}", summary.scores.get(key), side, bound, thresholds)


def _judged(name: str, found: Estimate | None, side: str, bound: float, thresholds: Thresholds) -> Iterator[str]:
    if found is None:
        yield f"{name}: never measured, {side} {bound:g} wanted"
        return
    worst = found.low if side == "min" else found.high
    figure = worst if thresholds.judged_by == "interval" else found.value
    if figure is None:
        yield f"{name}: {found.value:.4f} without an interval ({_cases(found.cases)}), {side} {bound:g} wanted"
    elif figure < bound - _DUST if side == "min" else figure > bound + _DUST:
        end = "" if thresholds.judged_by == "value" else f", {'lower' if side == 'min' else 'upper'} end {figure:.4f}"
        yield f"{name}: {found.value:.4f}{end} ({_cases(found.cases)}), {side} {bound:g} wanted"


def _of_failures(summary: Summary, thresholds: Thresholds) -> Iterator[str]:
    for label, most in thresholds.failed.items():
        if summary.labels[label] > most:
            yield f"failed.{label}: {summary.labels[label]} trials, max {most} wanted"


def _of_costs(summary: Summary, thresholds: Thresholds) -> Iterator[str]:
    """Spending of which a part is unknown is unknown."""
    latency, spending = summary.latency, thresholds.spending
    limits: tuple[tuple[str, float | None, float | None], ...] = (
        ("latency.p50_ms", latency.p50_ms if latency else None, thresholds.latency.p50_ms),
        ("latency.p95_ms", latency.p95_ms if latency else None, thresholds.latency.p95_ms),
        ("spending.tokens", _mean(summary.tokens, summary), spending.tokens),
        ("spending.cost_usd", _mean(summary.cost, summary), spending.cost_usd),
    )
    for name, figure, most in limits:
        if most is not None and figure is None:
            yield f"{name}: not measured in every trial, max {most:g} wanted"
        elif most is not None and figure is not None and figure > most + _DUST:
            yield f"{name}: {figure:.6g}, max {most:g} wanted"


def _mean(spent: Spent | None, summary: Summary) -> float | None:
    return spent.total / spent.trials if spent and spent.trials == summary.trials else None


def _of_regression(comparison: Comparison | None, wanted: Regression) -> Iterator[str]:
    if comparison is None:
        yield "regression: nothing was compared"
        return
    passing, missing = comparison.passing, comparison.only_base
    drop = passing.base - passing.new
    if drop > wanted.max_drop + _DUST and (passing.told or not wanted.significant):
        yield f"regression: pass^1 dropped by {drop:.4f} (p = {passing.p:.4f}), max {wanted.max_drop:g} wanted"
    if len(missing) > wanted.missing_cases:
        yield f"regression: {_cases(len(missing))} of the base not played, such as {missing[0]!r}"


def _cases(number: int) -> str:
    return "1 case" if number == 1 else f"{number} cases"
