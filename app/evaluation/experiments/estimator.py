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


def pass_shares(tasks: Iterable[Runs], k: int) -> list[float]:
    """C(c, k) / C(n, k) of c passes in n runs, one for each task that was played k times; the others say nothing.

    Their mean is tau-bench's unbiased estimate (Yao et al. 2024).
    """
    return [comb(task.passed, k) / comb(task.played, k) for task in tasks if task.played >= k]


def pass_hat(tasks: Iterable[Runs], k: int) -> float | None:
    """Rounded; None when no task was played k times."""
    shares = pass_shares(tasks, k)
    return round(sum(shares) / len(shares), 4) if shares else None
