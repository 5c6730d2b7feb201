"""Whether a difference between two experiments over the same cases could be chance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil, log2, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy import stats

ALPHA = 0.05
POWER = 0.8
FEWEST = ceil(log2(2 / ALPHA))  # cases that must all change one way before the test below can say anything
_RESAMPLES = 9_999
_SEED = 20_240_719


def sign_flip(differences: Sequence[float]) -> float:
    """Two-sided p of Fisher's randomization test for pairs (Fisher 1935; Smucker, Allan and Carterette 2007).

    Were there no difference, each case's could as well have had the other sign. Exact up to 13 cases that differ, and
    with one trial a case it is McNemar's exact test; beyond, 9,999 seeded draws (Phipson and Smyth 2010).
    """
    differing = np.asarray([each for each in differences if each])
    if not differing.size:
        return 1.0
    if differing.size == 1:
        return 1.0  # either sign is as far from zero as the other
    found = stats.permutation_test(
        (differing,),
        _sum,
        permutation_type="samples",
        vectorized=True,
        n_resamples=_RESAMPLES,
        batch=1_000,
        rng=np.random.default_rng(_SEED),
    )
    return float(min(1.0, found.pvalue))


def holm(p_values: Mapping[str, float]) -> dict[str, float]:
    """Adjusted for as many tests as there are (Holm 1979)."""
    adjusted, worst = {}, 0.0
    for rank, name in enumerate(sorted(p_values, key=lambda name: p_values[name])):
        worst = max(worst, min(1.0, (len(p_values) - rank) * p_values[name]))
        adjusted[name] = worst
    return adjusted


def detectable(differences: Sequence[float], *, bounded: bool) -> float | None:
    """The smallest true difference that so many cases, spread as these, show four times out of five (Miller 2024).

    Never less than `FEWEST` cases changing as these did, or wholly (by 1) where none did and values are `bounded` by 0
    and 1. None where it cannot be told, or no difference whatever would show.
    """
    changed = [abs(each) for each in differences if each]
    if len(differences) < FEWEST or not (changed or bounded):
        return None
    step = sum(changed) / len(changed) if changed else 1.0
    quantiles = float(stats.norm.ppf(1 - ALPHA / 2) + stats.norm.ppf(POWER))
    spread = float(np.std(differences, ddof=1))
    return max(FEWEST * step / len(differences), quantiles * spread / sqrt(len(differences)))


def _sum(values: NDArray[np.float64], axis: int) -> NDArray[np.float64]:
    return np.asarray(values.sum(axis=axis))
