"""A product as a source: its live facts, its attributes, and what its card says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from graphs.sources import Sources
from graphs.verification.attributes import Attribute, attributes_of, texts_of
from graphs.verification.language import Language
from graphs.verification.outcome import MATCH, Outcome
from graphs.verification.passages import Needs, Passage, best_passage, sentences_of, states
from graphs.verification.quantities import Figure, read_figures, unit_figure
from graphs.verification.statement import Statement
from retrievers.embedding.tokens import tokens
from retrievers.records import Evidence, ItemFacts

_LIVE = ("money", "stars", "reviews")  # never read from a card's text, which may be out of date
_EXACT = 1e-9


@dataclass(frozen=True)
class ProductSource:
    """Price and stock come from live facts alone; the rating falls back to the catalogue when nothing live was read."""

    marker: str
    evidence: Evidence
    facts: ItemFacts | None
    currency: str
    spoken: Language

    @classmethod
    def of(cls, marker: str, evidence: Evidence, sources: Sources, spoken: Language) -> ProductSource:
        facts = sources.items.get(str(evidence.metadata.get("product_id", "")))
        return cls(marker, evidence, facts, str(evidence.metadata.get("currency") or sources.currency), spoken)

    @property
    def price(self) -> float | None:
        return None if self.facts is None or self.facts.stale else self.facts.price

    @property
    def stock(self) -> int | None:
        return None if self.facts is None else self.facts.stock

    @cached_property
    def title_stems(self) -> frozenset[str]:
        return frozenset(tokens(self.evidence.title))

    @cached_property
    def words(self) -> frozenset[str]:
        told = (sentence.words for sentence in (*self._sentences, *self._described))
        row = {name: value for name, value in self.evidence.metadata.items() if name != "description"}
        return self.title_stems.union(tokens(" ".join(texts_of(row))), tokens("description"), *told)

    @property
    def _sentences(self) -> tuple[Passage, ...]:
        return sentences_of(self.evidence.text, self.spoken)

    @cached_property
    def _described(self) -> tuple[Passage, ...]:
        """The row's description, unless the card holds it, as cards mostly do."""
        text = str(self.evidence.metadata.get("description") or "")
        return () if text in self.evidence.text else sentences_of(text, self.spoken)

    @cached_property
    def attributes(self) -> tuple[Attribute, ...]:
        return attributes_of(self.evidence.metadata.get("attributes") or {}, self.spoken)

    @property
    def sole(self) -> Attribute | None:
        """The attribute, when the record holds that and nothing else; whatever is said of the record is said of it."""
        bare = not (self.evidence.title or self.evidence.text) and self.facts is None
        return self.attributes[0] if bare and len(self.attributes) == 1 else None

    def spoken_of(self, statement: Statement) -> list[Attribute]:
        """Attributes the sentence names; a sole one need not be named."""
        return [each for each in self.attributes if each is self.sole or each.named_in(statement.stems)]

    @cached_property
    def title_words(self) -> frozenset[str]:
        """Whole words, stop words among them."""
        return frozenset(re.findall(r"\w+", self.evidence.title.casefold()))

    @cached_property
    def _title_figures(self) -> tuple[Figure, ...]:
        return tuple(
            figure for figure in read_figures(self.evidence.title, self.spoken) if figure.dimension not in _LIVE
        )

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        told = (figure for sentence in (*self._sentences, *self._described) for figure in sentence.figures)
        listed = (figure for attribute in self.attributes for figure in attribute.figures)
        said = (figure for figure in (*told, *listed) if figure.dimension not in _LIVE)
        return (*self._title_figures, *said)

    @property
    def numbers(self) -> tuple[Figure, ...]:
        live = (self.price, self.rating, self._rating_count, self.stock)
        return (*self.figures, *(unit_figure(float(number), None) for number in live if number is not None))

    def passage(self, needs: Needs) -> Passage | None:
        """A claim about live facts alone shares no word with the card; the card's first line then stands for it."""
        listed = tuple(figure for figure in needs.figures if figure.dimension not in _LIVE)
        best = best_passage(self.evidence.text, Needs(needs.words, listed), self.spoken)
        return best or next(iter(self._sentences), None)

    def support(self, _: Passage) -> frozenset[str]:
        """The whole row supports a sentence: it is one record, not a text with passages."""
        return self.words

    def judge(self, figure: Figure, statement: Statement) -> Outcome:
        if figure.dimension == "money":
            return self._judge_price(figure)
        if figure.dimension == "stars":
            return _judge_live("rating", figure, self.rating, _rounding(figure))
        if figure.dimension == "reviews":
            return _judge_live("number of reviews", figure, self._rating_count, _EXACT)
        return self._judge_attribute(figure, statement)

    @property
    def rating(self) -> float | None:
        return _number(self.evidence.metadata.get("rating")) if self.facts is None else self.facts.rating

    @property
    def _rating_count(self) -> float | None:
        return _number(self.evidence.metadata.get("rating_count")) if self.facts is None else self.facts.rating_count

    def _judge_price(self, figure: Figure) -> Outcome:
        if figure.currencies and self.currency not in figure.currencies:
            return Outcome("contradicted", f"{figure.text} is not in {self.currency}")
        return _judge_live("price", figure, self.price, 0.005)

    def _judge_attribute(self, figure: Figure, statement: Statement) -> Outcome:
        if states(figure, self._title_figures):
            return MATCH  # part of its name, whatever an attribute of the same kind says
        alike = [other for other in statement.figures if other.dimension == figure.dimension]
        named = [attribute for attribute in self.spoken_of(statement) if _measured_like(attribute, figure)]
        for attribute in named:
            if len(alike) == 1 and not any(_holds(figure, other) for other in attribute.figures):
                return _clash(figure, attribute.figures)
        if states(figure, self.figures) or any(_holds(figure, other) for row in named for other in row.figures):
            return MATCH
        if self.sole and self.sole.figures:
            return _clash(figure, self.sole.figures)
        return Outcome("absent", f"no record states {figure.text}")


def _measured_like(attribute: Attribute, figure: Figure) -> bool:
    return figure.dimension is not None and any(other.dimension == figure.dimension for other in attribute.figures)


def _clash(figure: Figure, known: Sequence[Figure]) -> Outcome:
    """The record's figure is the right one only when it has no other."""
    other = known[0]
    right = other.value * other.factor / figure.factor if len(known) == 1 and _same_kind(figure, other) else None
    return Outcome("contradicted", f"{figure.text} against {other.text}", right)


def _same_kind(figure: Figure, other: Figure) -> bool:
    return figure.dimension is not None and figure.dimension == other.dimension


def _judge_live(field: str, figure: Figure, known: float | None, tolerance: float) -> Outcome:
    if known is None:
        return Outcome("absent", f"the {field} is not known")
    if _within(figure, known, tolerance):
        return MATCH
    return Outcome("contradicted", f"{figure.text} against the {field} {known:g}", right=known)


def _rounding(figure: Figure) -> float:
    """A rating may be rounded to the decimals it shows, but not to whole stars: 4.6 is not 5."""
    return 0.5 * 10.0 ** -max(figure.decimals, 1) + _EXACT


def _within(figure: Figure, known: float, tolerance: float) -> bool:
    if figure.bound == "at_most":
        return known <= figure.value + _EXACT
    if figure.bound == "at_least":
        return known >= figure.value - _EXACT
    return abs(known - figure.value) <= tolerance


def _holds(figure: Figure, other: Figure) -> bool:
    """Equal, or inside the limit the sentence speaks of ("under 300 g")."""
    if figure.equals(other):
        return True
    if figure.bound is None or figure.dimension != other.dimension:
        return False
    stated, known = figure.value * figure.factor, other.value * other.factor
    return known <= stated if figure.bound == "at_most" else known >= stated


def _number(value: Any) -> float | None:
    try:
        return None if value is None or isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        return None
