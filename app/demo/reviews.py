"""Customers' reviews: opinions differ, but they follow what the product is and how well it is made."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from app.demo.content import Aspect, Kind, Voices
from app.demo.goods import Item
from app.demo.phrases import Deck, Facts, sentence_case
from retrievers.catalogue import Document, DocumentType

MOODS = {5: "glad", 4: "content", 3: "mixed", 2: "fair", 1: "cross"}
_LATEST = datetime(2026, 10, 1, tzinfo=UTC)
_LEMON, _LEMONS = 2.5, 0.04  # how many stars a faulty specimen costs, and how often one is sent
_PETS = ({"he": "he", "him": "him", "his": "his"}, {"he": "she", "him": "her", "his": "her"})
_ATTEMPTS = 30
_SENTENCE_END = re.compile(r"(?<=[.!?]) ")
_CLEAR = 0.4  # beyond this an aspect is so good (or so poor) that nobody claims the opposite


@dataclass(frozen=True, slots=True)
class Review:
    rating: int
    title: str
    text: str


class Reviewers:
    """The shop's customers as writers. One instance deals phrases evenly over all reviews and repeats no text."""

    def __init__(self, voices: Voices, rng: Random) -> None:
        self._rng = rng
        self._value = voices.value
        self._frames = {mood: Deck(lines) for mood, lines in voices.frames.items()}
        self._closes = {mood: Deck(lines) for mood, lines in voices.closes.items()}
        self._headlines = {mood: Deck(lines) for mood, lines in voices.headlines.items()}
        self._times = Deck(voices.times)
        self._kinds: dict[str, _KindDecks] = {}
        self._written: set[str] = set()

    def write(self, item: Item, count: int) -> Iterator[Review]:
        decks = self._kinds.setdefault(item.kind.name, _KindDecks(item.kind, self._value, self._times))
        truth = {aspect.name: self._truth(aspect, item) for aspect in (*item.kind.aspects, self._value)}
        said: set[str] = set()
        for _ in range(count):
            review = self._fresh(item, truth, decks, said)
            said |= _sentences(review.text)
            yield review

    def _fresh(self, item: Item, truth: dict[str, float], decks: _KindDecks, said: Set[str]) -> Review:
        """No text is written twice; nor is a sentence about one product, unless many attempts bring nothing else."""
        attempts = 0
        while True:
            attempts += 1
            review = self._review(item, truth, decks)
            if review is None or review.text in self._written:
                continue
            if attempts > _ATTEMPTS or not _sentences(review.text) & said:
                self._written.add(review.text)
                return review

    def _truth(self, aspect: Aspect, item: Item) -> float:
        if aspect.name == self._value.name:
            return 0.8 * item.quality - 0.6 * (item.dearness - 0.45) + self._rng.gauss(0, 0.2)
        measured = item.facts.get(aspect.driver or "")
        if not isinstance(measured, int | float):
            return 0.6 * item.quality + self._rng.gauss(0, 0.4)
        share = (measured - aspect.low) / (aspect.high - aspect.low)
        return 0.7 * (2 * min(1, max(0, share)) - 1) + 0.25 * item.quality + self._rng.gauss(0, 0.15)

    def _review(self, item: Item, truth: dict[str, float], decks: _KindDecks) -> Review | None:
        rng = self._rng
        mean = sum(truth.values()) / len(truth)
        luck = rng.gauss(0, 1.05) - (_LEMON if rng.random() < _LEMONS else 0)
        leaning = 4.25 + 1.1 * mean + 1.1 * item.quality + luck
        felt = {name: value + rng.gauss(0, 0.35) for name, value in truth.items()}
        facts = _known(item, rng)
        said = {**facts, **decks.remarks(rng, facts, truth, felt), **decks.circumstances(rng, facts)}
        wanted = min(5, max(1, round(leaning)))
        for rating in sorted(MOODS, key=lambda rating: abs(rating - wanted)):
            mood = MOODS[rating]
            said["close"] = next(iter(self._closes[mood].deal(rng, facts)), None)
            framed = self._frames[mood].deal(rng, said)
            if framed:
                headline = self._headlines[mood].deal(rng, said)[0]
                return Review(rating, headline[0].upper() + headline[1:], sentence_case(framed[0]))
        return None


class _KindDecks:
    def __init__(self, kind: Kind, value: Aspect, times: Deck) -> None:
        aspects = (*kind.aspects, value)
        self._labels = {aspect.name: aspect.label for aspect in aspects}
        self._good = {aspect.name: Deck(aspect.good) for aspect in aspects}
        self._flaws = {aspect.name: Deck(aspect.flaw) for aspect in aspects}
        self._bad = {aspect.name: Deck(aspect.bad) for aspect in aspects}
        self._situations, self._faults = Deck(kind.situations), Deck(kind.faults)
        self._times = Deck(kind.times) if kind.times else times

    def remarks(self, rng: Random, facts: Facts, truth: dict[str, float], felt: dict[str, float]) -> Facts:
        """`g`, `f` and `b` (praise, flaws, blame) numbered from 1, strongest first; `good` and `bad` name the first.

        Praise is of other aspects than flaws and blame; a flaw and a blame of the same number are of one aspect.
        """
        best = sorted((name for name in felt if truth[name] > -_CLEAR), key=felt.__getitem__, reverse=True)
        worst = sorted((name for name in felt if truth[name] < _CLEAR), key=felt.__getitem__)
        half = (len(felt) + 1) // 2
        praise = self._say(self._good, best[:half], rng, facts)
        disliked = [name for name in worst if name not in praise][:half]
        blame = self._say(self._bad, disliked, rng, facts)
        flaws = self._say(self._flaws, list(blame), rng, facts)
        spoken: dict[str, object] = {"good": self._label(praise), "bad": self._label(blame)}
        for letter, names, remarks in (("g", praise, praise), ("f", blame, flaws), ("b", blame, blame)):
            spoken.update({f"{letter}{place}": remarks.get(name) for place, name in enumerate(names, 1)})
        return spoken

    def _label(self, remarks: Mapping[str, str]) -> str | None:
        return next((self._labels[name] for name in remarks), None)

    def circumstances(self, rng: Random, facts: Facts) -> Facts:
        decks = {"situation": self._situations, "time": self._times, "fault": self._faults}
        return {name: next(iter(deck.deal(rng, facts)), None) for name, deck in decks.items()}

    @staticmethod
    def _say(decks: dict[str, Deck], names: list[str], rng: Random, facts: Facts) -> dict[str, str]:
        dealt = {name: decks[name].deal(rng, facts) for name in names}
        return {name: texts[0] for name, texts in dealt.items() if texts}


def _sentences(text: str) -> set[str]:
    return set(_SENTENCE_END.split(text))


def _known(item: Item, rng: Random) -> Facts:
    """The product's facts, and what grammar and tact need: number, whether its colour is seen, how dear it is."""
    coloured = "colour" in item.kind.title.slots
    own = {"plural": item.kind.name.endswith("s"), "coloured": coloured, "dearness": item.dearness}
    return {**item.facts, **own, **rng.choice(_PETS)}


def review_counts(items: Sequence[Item], total: int) -> list[int]:
    """Shares `total` by appeal (largest remainder), so that a few products are famous and some have no review yet."""
    scale = total / sum(item.appeal for item in items)
    exact = [item.appeal * scale for item in items]
    counts = [int(share) for share in exact]
    by_remainder = sorted(range(len(items)), key=lambda place: counts[place] - exact[place])
    for place in by_remainder[: total - sum(counts)]:
        counts[place] += 1
    return counts


def as_document(review: Review, number: int, product_id: str, rng: Random) -> Document:
    return Document(
        document_id=f"review-{number:05d}",
        type=DocumentType.REVIEW,
        title=review.title,
        text=review.text,
        source=f"/products/{product_id}#reviews",
        product_id=product_id,
        rating=review.rating,
        updated_at=_LATEST - timedelta(minutes=rng.randrange(500 * 24 * 60)),
    )
