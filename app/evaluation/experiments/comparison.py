"""Two experiments, case by case: what changed, and whether that can be told from chance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from statistics import fmean
from typing import Any

from app.evaluation.experiments.estimator import Runs, pass_shares
from app.evaluation.experiments.intervals import Estimate, are_shares, difference_of
from app.evaluation.experiments.outcomes import runs_of, scores_of
from app.evaluation.experiments.record import Case, Experiment
from app.evaluation.experiments.significance import ALPHA, detectable, holm, sign_flip
from app.evaluation.rows import EvaluationError

Pairs = Sequence[tuple[Case, Case]]  # of one id, from the base and the new experiment
Paired = tuple[list[float], list[float]]  # values of the same cases


@dataclass(frozen=True, slots=True)
class Difference:
    """Of means over the `change.cases` cases that both measured. `p` is adjusted where several are tested together.

    `bounded`: every value lies between 0 and 1.
    `detectable` is the smallest true difference that would probably have shown; None when none could have.
    """

    name: str
    base: float
    new: float
    change: Estimate
    p: float
    bounded: bool
    detectable: float | None

    @property
    def told(self) -> bool:
        return self.p <= ALPHA

    def as_json(self) -> dict[str, Any]:
        figures = {"base": self.base, "new": self.new, "p": self.p, "detectable": self.detectable}
        rounded = {name: None if figure is None else round(figure, 4) for name, figure in figures.items()}
        return {"name": self.name, **rounded, "difference": self.change.as_json(), "told_from_chance": self.told}


@dataclass(frozen=True, slots=True)
class Change:
    """A case whose share of passed trials is another."""

    case_id: str
    group: str
    base: Runs
    new: Runs


@dataclass(frozen=True, slots=True)
class Comparison:
    """`passing` is pass^1, tested alone; `others` are pass^k and the evaluators' scores, Holm-adjusted together.

    `unpaired` names evaluators that no case has in both.
    """

    cases: int
    passing: Difference
    others: Sequence[Difference]
    worse: Sequence[Change]
    better: Sequence[Change]
    only_base: Sequence[str]
    only_new: Sequence[str]
    unpaired: Sequence[str]
    settings: Mapping[str, tuple[str | None, str | None]]

    @property
    def verdict(self) -> str:
        """One sentence on pass^1."""
        change = self.passing.change.value
        if self.passing.told:
            return f"pass^1 is {'higher' if change > 0 else 'lower'} than before by {abs(change):.3f}."
        no = f"No difference in pass^1 can be told from {self.cases} {'case' if self.cases == 1 else 'cases'}"
        if self.passing.detectable is None:
            return f"{no}, nor could any have been."
        return f"{no}; one of {self.passing.detectable:.3f} or more probably would have shown."

    def as_json(self) -> dict[str, Any]:
        return {
            "cases": self.cases,
            "verdict": self.verdict,
            "pass^1": self.passing.as_json(),
            "others": [each.as_json() for each in self.others],
            "worse": [asdict(each) for each in self.worse],
            "better": [asdict(each) for each in self.better],
            "only_base": list(self.only_base),
            "only_new": list(self.only_new),
            "unpaired": list(self.unpaired),
            "settings": {name: list(pair) for name, pair in self.settings.items()},
        }


def compared(base: Experiment, new: Experiment) -> Comparison:
    """Raises EvaluationError when they have no case in common."""
    before, after = ({case.id: case for case in each.cases} for each in (base, new))
    pairs = [(case, after[case.id]) for case in base.cases if case.id in after]
    if not pairs:
        raise EvaluationError(f"{base.name} and {new.name} have no case in common: there is nothing to compare")
    changes = [Change(case.id, case.group, runs_of(case), runs_of(now)) for case, now in pairs]
    scores, unpaired = _scores(pairs)
    return Comparison(
        cases=len(pairs),
        passing=_difference("pass^1", _pass_hat(pairs, 1)),
        others=_adjusted(_more_pass_hats(pairs) | scores),
        worse=[each for each in changes if _moved(each) < 0],
        better=[each for each in changes if _moved(each) > 0],
        only_base=[case_id for case_id in before if case_id not in after],
        only_new=[case_id for case_id in after if case_id not in before],
        unpaired=unpaired,
        settings=_changed(base.settings, new.settings),
    )


def _pass_hat(pairs: Pairs, k: int) -> Paired:
    runs = [(runs_of(case), runs_of(now)) for case, now in pairs]
    often = [(was, now) for was, now in runs if min(was.played, now.played) >= k]
    return pass_shares((was for was, _ in often), k), pass_shares((now for _, now in often), k)


def _more_pass_hats(pairs: Pairs) -> dict[str, Paired]:
    """The one with the largest k that a case was played in both; those between say little more."""
    k = max(min(len(case.trials), len(now.trials)) for case, now in pairs)
    return {f"pass^{k}": _pass_hat(pairs, k)} if k > 1 else {}


def _scores(pairs: Pairs) -> tuple[dict[str, Paired], list[str]]:
    """Each evaluator's over the cases where it applied in both, and those without such a case."""
    before, after = scores_of(case for case, _ in pairs), scores_of(now for _, now in pairs)
    paired: dict[str, Paired] = {}
    keys = sorted(before.keys() | after.keys())
    for key in keys:
        was, now = before.get(key, {}), after.get(key, {})
        if both := [case_id for case_id in was if case_id in now]:
            paired[key] = [was[case_id] for case_id in both], [now[case_id] for case_id in both]
    return paired, [key for key in keys if key not in paired]


def _adjusted(measured: Mapping[str, Paired]) -> list[Difference]:
    found = {name: _difference(name, paired) for name, paired in measured.items()}
    p_values = holm({name: each.p for name, each in found.items()})
    return [replace(each, p=p_values[name]) for name, each in found.items()]


def _difference(name: str, paired: Paired) -> Difference:
    base, new = paired
    differences = [now - was for was, now in zip(base, new, strict=True)]
    bounded = are_shares([*base, *new], name)
    return Difference(
        name=name,
        base=fmean(base),
        new=fmean(new),
        change=difference_of(differences, bounded=bounded),
        p=sign_flip(differences),
        bounded=bounded,
        detectable=detectable(differences, bounded=bounded),
    )


def _moved(change: Change) -> float:
    (was,), (now,) = pass_shares([change.base], 1), pass_shares([change.new], 1)
    return now - was


def _changed(base: Mapping[str, str], new: Mapping[str, str]) -> dict[str, tuple[str | None, str | None]]:
    names = sorted(base.keys() | new.keys())
    return {name: (base.get(name), new.get(name)) for name in names if base.get(name) != new.get(name)}
