"""Experiments whose outcome is known beforehand: two arms that are the same, again and again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from scipy import stats

from app.evaluation.online.metrics import METRICS, Shopper, figure
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
    rng, found = Random(seed), dict.fromkeys((metric.name for metric in METRICS), 0)  # noqa: S311 - no secret
    for _ in range(splits):
        dealt = rng.sample(shoppers, len(shoppers))
        half = len(dealt) // 2
        for metric in METRICS:
            difference = uplift(figure(metric, dealt[:half]), figure(metric, dealt[half:]))
            found[metric.name] += difference is not None and difference.p < ALPHA
    return AgainstItself(splits, {name: count / splits for name, count in found.items()})
