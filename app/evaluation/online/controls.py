"""Experiments whose outcome is known beforehand: two arms that are the same, again and again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from app.evaluation.online.metrics import METRICS, Shopper, ratio, sums_of
from app.evaluation.online.uplift import ALPHA, uplift

SPLITS = 500
_SUSPICIOUS = 0.001


@dataclass(frozen=True, slots=True)
class AgainstItself:
    """A/A: of `splits` of the same shoppers in two, the share in which a metric seems to differ; 5% is chance."""

    splits: int
    found: dict[str, float]

    @property
    def holds(self) -> bool:
        """No metric finds more than such chance can explain."""
        wrong = (round(share * self.splits) for share in self.found.values())
        return all(stats.binomtest(each, self.splits, ALPHA, "greater").pvalue >= _SUSPICIOUS for each in wrong)


def against_itself(shoppers: Sequence[Shopper], splits: int = SPLITS, seed: int = 0) -> AgainstItself | None:
    """None with fewer than four shoppers. See Kohavi, Tang and Xu 2020, ch. 19."""
    if len(shoppers) < 4:
        return None
    rng, sums = np.random.default_rng(seed), {metric.name: sums_of(metric, shoppers) for metric in METRICS}
    found = dict.fromkeys(sums, 0)
    for _ in range(splits):
        one, other = np.array_split(rng.permutation(len(shoppers)), 2)
        for name, (over, under) in sums.items():
            difference = uplift(ratio(over[one], under[one]), ratio(over[other], under[other]))
            found[name] += difference is not None and difference.p < ALPHA
    return AgainstItself(splits, {name: count / splits for name, count in found.items()})
