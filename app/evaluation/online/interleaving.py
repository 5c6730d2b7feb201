"""Two rankings in one list, and whose products are clicked: team draft (Radlinski, Kurup and Joachims 2008)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Literal

from scipy import stats

Team = Literal["a", "b"]


@dataclass(frozen=True, slots=True)
class Interleaved:
    """`teams` says of each product, at its position, whose pick it was."""

    products: tuple[str, ...]
    teams: tuple[Team, ...]

    def credit(self, clicked: Collection[str]) -> int:
        """Clicks on picks of `a` less those on picks of `b`."""
        return sum(
            (1 if team == "a" else -1) for one, team in zip(self.products, self.teams, strict=True) if one in clicked
        )


@dataclass(frozen=True, slots=True)
class Preference:
    """Shoppers by whose picks they clicked more; `share` is that of `a`, ties halved; p is of the sign test."""

    a: int
    b: int
    ties: int
    share: float
    p: float


def team_draft(a: Sequence[str], b: Sequence[str], length: int, rng: Random) -> Interleaved:
    """In each round a coin says who picks first; a pick is the best product not picked yet."""
    picks: dict[str, Team] = {}
    rankings: Mapping[Team, Sequence[str]] = {"a": a, "b": b}
    while len(picks) < length:
        order: tuple[Team, Team] = ("a", "b") if rng.random() < 0.5 else ("b", "a")
        picked = False
        for team in order:
            best = next((product for product in rankings[team] if product not in picks), None)
            if best is not None and len(picks) < length:
                picks[best], picked = team, True
        if not picked:
            break
    return Interleaved(tuple(picks), tuple(picks.values()))


def preference(credits: Iterable[Sequence[int]]) -> Preference:
    """Of each shopper's credits over all that was shown."""
    sums = [sum(each) for each in credits]
    a, b = sum(one > 0 for one in sums), sum(one < 0 for one in sums)
    ties = len(sums) - a - b
    share = (a + ties / 2) / len(sums) if sums else 0.5
    return Preference(a, b, ties, share, float(stats.binomtest(a, a + b).pvalue) if a + b else 1.0)
