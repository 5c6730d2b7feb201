"""How much an answer owes to the shopper, as numbers. Pure functions over outcomes; k is the length of the lists."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

NEAR = 0.05  # scores closer than this share of the higher one are a tie


@dataclass(frozen=True, slots=True)
class Shown:
    """A product of an answer, with its score before the answer was written."""

    product_id: str
    score: float
    price: float | None = None
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """One turn. `said` is everything that was shown, returned or sent to a model, by place."""

    user_id: str
    question: str
    answer: str
    products: tuple[Shown, ...]
    evidence: tuple[str, ...]
    said: Mapping[str, str]
    degraded: tuple[str, ...] = ()  # "part kind: detail" of what did not work
    stale_decisions: frozenset[str] = frozenset()  # features that decided something though they were too old for it

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(product.product_id for product in self.products)


@dataclass(frozen=True, slots=True)
class Leak:
    """Something of `owner` that `seen_by` could read in `place`."""

    owner: str
    seen_by: str
    place: str
    question: str


def overlap(first: Sequence[str], second: Sequence[str]) -> float:
    """overlap@k = |A and B| / max(|A|, |B|); 1 for two empty lists. Order does not count."""
    longest = max(len(first), len(second))
    return len(set(first) & set(second)) / longest if longest else 1.0


def alike(first: Outcome, second: Outcome) -> bool:
    """Whether two turns gave the same answer from the same evidence with the same products, in the same order."""
    return (first.answer, first.ids, first.evidence) == (second.answer, second.ids, second.evidence)


def match(products: Sequence[Shown], liked: Iterable[str]) -> float:
    """Share of the products that lie in a category the shopper likes; 0 for an empty list."""
    wanted = {category.casefold() for category in liked}
    hits = [bool(wanted & {category.casefold() for category in product.categories}) for product in products]
    return sum(hits) / len(hits) if hits else 0.0


def lift(lists: Mapping[str, Sequence[Shown]], liked: Mapping[str, Iterable[str]]) -> float | None:
    """Mean over shoppers A of match(A's list, A) - mean over the others B of match(B's list, A).

    0 when lists do not depend on who asks, negative when they serve somebody else. None with nobody to compare with, or
    when nothing is known of what anybody likes.
    """
    gains = []
    for shopper, categories in liked.items():
        wanted = tuple(categories)
        others = [match(products, wanted) for name, products in lists.items() if name != shopper]
        if wanted and others and shopper in lists:
            gains.append(match(lists[shopper], wanted) - sum(others) / len(others))
    return mean(gains)


def over_personalised(shown: Sequence[Shown], baseline: Sequence[Shown]) -> bool:
    """Whether a preference took the first place from what was asked for.

    `baseline` is what the same shopper gets when only declared limits are known. A first place won from a near-equal
    (see NEAR) is fair; a product that the baseline does not even hold is not near anything.
    """
    if not shown or not baseline:
        return bool(shown) != bool(baseline)
    first, scores = baseline[0], {product.product_id: product.score for product in baseline}
    if shown[0].product_id not in scores:
        return True
    return first.score - scores[shown[0].product_id] > NEAR * abs(first.score)


def leaks(outcomes: Iterable[Outcome], secrets: Mapping[str, Sequence[str]]) -> list[Leak]:
    """Every place where one shopper's turn holds a secret of another; digits are found through thousands separators."""
    found = []
    for outcome in outcomes:
        others = {owner: words for owner, words in secrets.items() if owner != outcome.user_id}
        for place, text in outcome.said.items():
            bare = re.sub(r"(?<=\d)[,\u202f\u00a0](?=\d)", "", text)
            found += [
                Leak(owner, outcome.user_id, place, outcome.question)
                for owner, words in others.items()
                if any(word in bare for word in words)
            ]
    return found


def mean(values: Iterable[float]) -> float | None:
    """None for nothing at all: no measure passes because nothing was measured."""
    held = list(values)
    return sum(held) / len(held) if held else None


def share(outcomes: Iterable[Outcome], holds: Callable[[Outcome], bool]) -> float | None:
    return mean(float(holds(outcome)) for outcome in outcomes)
