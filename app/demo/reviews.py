"""Customers' reviews: opinions differ, but they follow what the product is and how well it is made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from app.demo.content import Aspect, Kind, Voices
from app.demo.goods import Item
from app.demo.phrases import Deck, Facts, sentence_case
from retrievers.catalogue import Document, DocumentType

MOODS = {5: "glad", 4: "content", 3: "mixed", 2: "fair", 1: "cross"}
_LATEST = datetime(2026, 10, 1, tzinfo=UTC)
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
        for _ in range(count):
            yield self._fresh(item, truth, decks)

    def _fresh(self, item: Item, truth: dict[str, float], decks: _KindDecks) -> Review:
        while True:
            review = self._review(item, truth, decks)
            if review is not None and review.text not in self._written:
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
        leaning = 4.05 + 1.1 * mean + 0.9 * item.quality + rng.gauss(0, 1.15)
        felt = {name: value + rng.gauss(0, 0.35) for name, value in truth.items()}
        said = {**item.facts, **decks.remarks(rng, item.facts, truth, felt), **decks.circumstances(rng, item.facts)}
        wanted = min(5, max(1, round(leaning)))
        for rating in sorted(MOODS, key=lambda rating: abs(rating - wanted)):
            mood = MOODS[rating]
            said["close"] = next(iter(self._closes[mood].deal(rng, item.facts)), None)
            framed = self._frames[mood].deal(rng, said)
            if framed:
                headline = self._headlines[mood].deal(rng, said)[0]
                return Review(rating, headline[0].upper() + headline[1:], _register(framed[0], rng))
        return None


class _KindDecks:
    def __init__(self, kind: Kind, value: Aspect, times: Deck) -> None:
        aspects = (*kind.aspects, value)
        self._good = {aspect.name: Deck(aspect.good) for aspect in aspects}
        self._bad = {aspect.name: Deck(aspect.bad) for aspect in aspects}
        self._situations, self._faults = Deck(kind.situations), Deck(kind.faults)
        self._times = Deck(kind.times) if kind.times else times

    def remarks(self, rng: Random, facts: Facts, truth: dict[str, float], felt: dict[str, float]) -> Facts:
        """`g1` to `g3` and `b1`, `b2` from different aspects, strongest first; `good` and `bad` name the first."""
        best = sorted((name for name in felt if truth[name] > -_CLEAR), key=felt.__getitem__, reverse=True)
        worst = sorted((name for name in felt if truth[name] < _CLEAR), key=felt.__getitem__)
        half = (len(felt) + 1) // 2
        praise = self._say(self._good, best[:half], rng, facts)
        blame = self._say(self._bad, [name for name in worst if name not in praise][:half], rng, facts)
        spoken: dict[str, object] = {"good": next(iter(praise), None), "bad": next(iter(blame), None)}
        spoken.update({f"g{place}": text for place, text in enumerate(praise.values(), 1)})
        spoken.update({f"b{place}": text for place, text in enumerate(blame.values(), 1)})
        return spoken

    def circumstances(self, rng: Random, facts: Facts) -> Facts:
        decks = {"situation": self._situations, "time": self._times, "fault": self._faults}
        return {name: next(iter(deck.deal(rng, facts)), None) for name, deck in decks.items()}

    @staticmethod
    def _say(decks: dict[str, Deck], names: list[str], rng: Random, facts: Facts) -> dict[str, str]:
        dealt = {name: decks[name].deal(rng, facts) for name in names}
        return {name: texts[0] for name, texts in dealt.items() if texts}


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


def _register(text: str, rng: Random) -> str:
    """Most people write sentences; some never touch the shift key."""
    finished = sentence_case(text).replace(" i ", " I ")
    return finished.lower().rstrip(".") if rng.random() < 0.06 else finished
