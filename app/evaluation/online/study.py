"""Everything about one experiment: figures by arm, what each arm has over the control, and whether to believe it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from app.evaluation.experiments.significance import holm
from app.evaluation.online.arms import OnlineExperiment
from app.evaluation.online.attribution import WINDOW, Card, attributed
from app.evaluation.online.logs import Exposure
from app.evaluation.online.metrics import METRICS, Figure, Shopper, figure, shoppers_of
from app.evaluation.online.uplift import Uplift, mismatch, uplift
from app.evaluation.rows import EvaluationError
from tools.ports import ShopperEvent


@dataclass(frozen=True, slots=True)
class Difference:
    """`p_holm` is adjusted for every metric of every arm."""

    uplift: Uplift
    p_holm: float


@dataclass(frozen=True, slots=True)
class ArmResult:
    """`having` is the control less this arm: what it is worth to have what the arm goes without."""

    without: tuple[str, ...]
    shoppers: Mapping[str, Shopper]
    figures: Mapping[str, Figure]
    ctr_by_position: tuple[float, ...]
    having: Mapping[str, Difference]


@dataclass(frozen=True, slots=True)
class Result:
    """`mixed` shoppers were shown two arms and are left out; `owed` counts events by how their card was found."""

    name: str
    control: str
    arms: Mapping[str, ArmResult]
    mismatch_p: float
    mixed: int
    owed: Owed
    answers: Answers


@dataclass(frozen=True, slots=True)
class Owed:
    """Events `by_run`: to the card of the answer they name; `by_last_touch`: to the last that showed their product."""

    by_run: int
    by_last_touch: int
    to_none: int


@dataclass(frozen=True, slots=True)
class Answers:
    """Whose arm was `recorded` with them, or is worked out from the shopper; those `elsewhere` are left out."""

    recorded: int
    worked_out: int
    elsewhere: int  # given in another experiment


def compare(
    experiment: OnlineExperiment,
    exposures: Sequence[Exposure],
    events: Iterable[ShopperEvent],
    window: timedelta = WINDOW,
) -> Result:
    """The arm is the one the log names, else the one the shopper is dealt. Raises EvaluationError for one unknown."""
    own = [shown for shown in exposures if shown.experiment in (None, experiment.name)]
    if exposures and not own:
        raise EvaluationError(f"every answer was given in another experiment than {experiment.name!r}: name it --arms")
    dealt, mixed = _dealt(experiment, own)
    kept = [shown for shown in own if shown.user_id in dealt]
    found = attributed(kept, events, window)
    by_arm = defaultdict[str, list[Card]](list)
    for card in found.cards:
        by_arm[dealt[card.user_id]].append(card)
    shoppers = {arm: shoppers_of(by_arm[arm]) for arm in experiment.arms}
    figures = {arm: _figures([*own.values()]) for arm, own in shoppers.items()}
    having = _having(experiment.control, figures)
    arms = {
        arm: ArmResult(
            without=tuple(sorted(known.without)),
            shoppers=shoppers[arm],
            figures=figures[arm],
            ctr_by_position=_by_position(by_arm[arm]),
            having=having[arm],
        )
        for arm, known in experiment.arms.items()
    }
    counts = {arm: len(own) for arm, own in shoppers.items()}
    p = mismatch(counts, {arm: known.weight for arm, known in experiment.arms.items()})
    owed = Owed(found.named, found.guessed, found.orphans)
    recorded = sum(shown.arm is not None and shown.recorded for shown in own)
    answers = Answers(recorded, len(own) - recorded, len(exposures) - len(own))
    return Result(experiment.name, experiment.control, arms, p, mixed, owed, answers)


def _dealt(experiment: OnlineExperiment, exposures: Iterable[Exposure]) -> tuple[dict[str, str], int]:
    arms = defaultdict[str, set[str]](set)
    for shown in exposures:
        arm = shown.arm or experiment.arm_of(shown.user_id)
        if arm not in experiment.arms:
            raise EvaluationError(f"answer {shown.run_id} was given in arm {arm!r}, which the experiment does not have")
        arms[shown.user_id].add(arm)
    dealt = {user: next(iter(own)) for user, own in arms.items() if len(own) == 1}
    return dealt, len(arms) - len(dealt)


def _figures(shoppers: Sequence[Shopper]) -> dict[str, Figure]:
    found = {metric.name: figure(metric, shoppers) for metric in METRICS}
    return {name: each for name, each in found.items() if each is not None}


def _having(control: str, figures: Mapping[str, Mapping[str, Figure]]) -> dict[str, dict[str, Difference]]:
    uplifts = {
        (arm, name): found
        for arm, own in figures.items()
        if arm != control
        for name in own
        if (found := uplift(figures[control].get(name), own[name])) is not None
    }
    adjusted = holm({f"{arm}\0{name}": found.p for (arm, name), found in uplifts.items()})
    having: dict[str, dict[str, Difference]] = {arm: {} for arm in figures}
    for (arm, name), found in uplifts.items():
        having[arm][name] = Difference(found, adjusted[f"{arm}\0{name}"])
    return having


def _by_position(cards: Iterable[Card]) -> tuple[float, ...]:
    """Clicked cards by cards shown at each place, the first place first."""
    shown, clicked = defaultdict[int, int](int), defaultdict[int, int](int)
    for card in cards:
        shown[card.position] += 1
        clicked[card.position] += card.clicked
    return tuple(clicked[place] / shown[place] for place in sorted(shown))
