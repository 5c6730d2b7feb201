"""pass^k: how likely it is that all of k runs of a task end well."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import comb


@dataclass(frozen=True, slots=True)
class Runs:
    """Of one task: how many there were, and how many ended well."""

    played: int
    passed: int


def pass_hat(tasks: Iterable[Runs], k: int) -> float | None:
    """tau-bench's unbiased estimate (Yao et al. 2024): C(c, k) / C(n, k) of c passes in n runs, averaged over tasks.

    Tasks played fewer than k times say nothing; None when there are no others.
    """
    shares = [comb(task.passed, k) / comb(task.played, k) for task in tasks if task.played >= k]
    return round(sum(shares) / len(shares), 4) if shares else None
