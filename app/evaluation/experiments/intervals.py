"""Intervals of means over cases. The case is the unit: trials of one case resemble each other and are no new evidence.

See Miller 2024, "Adding Error Bars to Evals", on clustered questions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np
from scipy import stats

LEVEL = 0.95
_SEED = 20_240_719  # any will do: the same file always gives the same interval
_RESAMPLES = 9_999
_AMOUNTS = frozenset({"cost_usd", "latency_ms"})  # scores in a unit, which have no upper end


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over `cases` cases and its 95% interval; without one (None) a single value says nothing of others."""

    value: float
    low: float | None
    high: float | None
    cases: int

    def as_json(self) -> dict[str, Any]:
        return {"value": _rounded(self.value), "low": _rounded(self.low), "high": _rounded(self.high), "n": self.cases}


def mean_of(values: Sequence[float], name: str = "") -> Estimate | None:
    """Of one value a case: Wilson's interval where all are shares, the bootstrap's elsewhere. None of none."""
    if not values:
        return None
    low, high = wilson(values) if are_shares(values, name) else bootstrap(values)
    return Estimate(float(np.mean(values)), low, high, len(values))


def are_shares(values: Sequence[float], name: str = "") -> bool:
    """Between 0 and 1, and not by chance: a price of a cent is no share of anything."""
    return name not in _AMOUNTS and min(values) >= 0 and max(values) <= 1


def difference_of(differences: Sequence[float], *, bounded: bool) -> Estimate:
    """Of one difference a case, by the bootstrap over cases; `bounded` are those of values between 0 and 1.

    Where no bounded one differs, the interval is the share of cases that may differ all the same (Hanley and
    Lippman-Hand 1983, "If nothing goes wrong, is everything all right?").
    """
    low, high = bootstrap(differences)
    if bounded and not any(differences):
        high = 1 - (1 - LEVEL) ** (1 / len(differences))
        low = -high
    return Estimate(float(np.mean(differences)), low, high, len(differences))


def wilson(shares: Sequence[float]) -> tuple[float, float]:
    """Wilson's score interval at the effective sample size (Franco, Little, Louis and Slud 2019).

    That is how many independent yes-or-no cases would spread as these shares do: the cases themselves when each was
    played once, and up to all trials when repeats of a case differ as much as cases do. It never counts fewer than the
    cases, and it keeps a width where all pass, which the bootstrap does not.
    """
    n, mean = len(shares), float(np.mean(shares))
    spread = float(np.var(shares, ddof=1)) / n if n > 1 else 0.0
    effective = max(n, mean * (1 - mean) / spread) if spread else float(n)
    z2 = float(stats.norm.ppf((1 + LEVEL) / 2)) ** 2
    centre = (mean + z2 / (2 * effective)) / (1 + z2 / effective)
    half = sqrt(z2) / (1 + z2 / effective) * sqrt(mean * (1 - mean) / effective + z2 / (4 * effective**2))
    return max(0.0, centre - half), min(1.0, centre + half)


def bootstrap(values: Sequence[float]) -> tuple[float | None, float | None]:
    """The percentile bootstrap over cases (Efron and Tibshirani 1993); needs no bounds, and two values that differ."""
    if len(values) < 2 or min(values) == max(values):
        return None, None
    found = stats.bootstrap(
        (np.asarray(values),),
        np.mean,
        n_resamples=_RESAMPLES,
        batch=1_000,
        confidence_level=LEVEL,
        method="percentile",
        rng=np.random.default_rng(_SEED),
    ).confidence_interval
    return float(found.low), float(found.high)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
