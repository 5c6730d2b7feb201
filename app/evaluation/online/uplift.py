"""What one arm has over another, how sure that is, and whether shoppers were dealt as they should have been."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

from scipy import stats

from app.evaluation.online.metrics import LEVEL, Figure

ALPHA = 0.05
SRM_ALPHA = 0.001  # a shift of traffic is looked for often, and hardly ever chance when found


@dataclass(frozen=True, slots=True)
class Uplift:
    """`arm` less `control`, its 95% interval (Welch), two-sided p; `relative` to the control, None where that is 0."""

    value: float
    low: float
    high: float
    p: float
    relative: float | None
    relative_low: float | None
    relative_high: float | None


def uplift(arm: Figure | None, control: Figure | None) -> Uplift | None:
    """None where either has no variance to tell."""
    if arm is None or control is None or arm.variance is None or control.variance is None:
        return None
    spread, value = sqrt(arm.variance + control.variance), arm.value - control.value
    if not spread:
        return None
    df = _welch(arm, control)
    half = float(stats.t.ppf((1 + LEVEL) / 2, df)) * spread
    p = float(2 * stats.t.sf(abs(value) / spread, df))
    relative = _relative(arm, control, df)
    return Uplift(value, value - half, value + half, p, *relative)


def mismatch(counts: Mapping[str, int], weights: Mapping[str, float]) -> float:
    """Chi-square p of shoppers by arm against the arms' weights; below `SRM_ALPHA` nothing else may be believed.

    Sample ratio mismatch: Fabijan et al. 2019, "Diagnosing Sample Ratio Mismatch in Online Controlled Experiments".
    """
    total, whole = sum(counts.values()), sum(weights.values())
    expected = [total * weights[arm] / whole for arm in weights]
    observed = [counts.get(arm, 0) for arm in weights]
    return float(stats.chisquare(observed, expected).pvalue) if total else 1.0


def _welch(arm: Figure, control: Figure) -> float:
    one, other = arm.variance or 0.0, control.variance or 0.0
    return (one + other) ** 2 / (one**2 / (arm.shoppers - 1) + other**2 / (control.shoppers - 1))


def _relative(arm: Figure, control: Figure, df: float) -> tuple[float, float, float] | tuple[None, None, None]:
    """The delta method once more, of a quotient."""
    if control.value <= 0 or arm.variance is None or control.variance is None:
        return None, None, None
    ratio = arm.value / control.value
    spread = sqrt(arm.variance + ratio**2 * control.variance) / control.value
    half = float(stats.t.ppf((1 + LEVEL) / 2, df)) * spread
    return ratio - 1, ratio - 1 - half, ratio - 1 + half
