"""Whether a sentence that speaks of an attribute gives it the value the record gives it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache, cached_property

from graphs.verification.attributes import Attribute, Value, akin, says_absence, schema
from graphs.verification.language import thresholds
from graphs.verification.quantities import Figure
from graphs.verification.statement import Statement
from graphs.verification.words import Word

_LONGEST_TYPO = 3  # letters that may be missing
_SHORTEST_TYPO = 4  # letters; in shorter words one letter makes another word


@dataclass(frozen=True)
class Agreement:
    """One sentence beside one attribute it speaks of.

    `known` holds the stems of the attribute's whole record, `idle` those of words that say nothing of the attribute.
    """

    statement: Statement
    attribute: Attribute
    known: frozenset[str]
    idle: frozenset[str] = frozenset()

    @property
    def clash(self) -> str | None:
        """What contradicts the attribute; None when the sentence agrees or says nothing about it."""
        if self.statement.bare.strip(" .").casefold() in schema()["spellings"]["absent"]:
            return None  # the whole sentence is "n/a"
        return self._other_form() or self._other_measure() or self._other_side() or self._other_value()

    @property
    def unknown_name(self) -> str | None:
        """A name or figure the record does not hold, not even spelled otherwise."""
        if self.attribute.flag is not None:
            return None
        found = (text for start, text in self._foreign() if start and not text.islower())
        return next((f"the record does not say {text}" for text in found), None)

    def _other_form(self) -> str | None:
        """A measure the sentence states in one form, which the record gives differently in another."""
        for value in self.attribute.values:
            if not value.measured or self._states(value.figures[0]):
                continue
            for form in self.attribute.values:
                same = form.measure == value.measure and form.measured and form is not value
                if same and self._states(form.figures[0]) and not _about(form.figures[0], value.figures[0]):
                    return f"the record also says {value.text}"
        return None

    def _other_measure(self) -> str | None:
        """A measure left out, though the sentence gives as many figures in its unit as the record."""
        measured = [value for value in self.attribute.values if value.measured]
        for value in measured:
            unit = _unit(value.figures[0])
            record = {other.measure for other in measured if _unit(other.figures[0]) == unit}
            given = [figure for figure in self.statement.figures if _unit(figure) == unit]
            if len(record) > 1 and len(given) >= len(record) and not self._states(value.figures[0]):
                return f"the record also says {value.text}"
        return None

    def _other_side(self) -> str | None:
        """ "On ear" against "over ear": the same word behind another preposition, and never behind the value's own."""
        said = _sides(self.statement.bare)
        for value in self.attribute.values:
            told = _sides(value.text)
            for word, sides in told.items():
                if word in said and sides.isdisjoint(said[word]):
                    return f"the record says {value.text}"
        return None

    def _other_value(self) -> str | None:
        """A value left unsaid while the sentence says something the record does not hold."""
        denied = says_absence(self.statement.bare)
        unsaid = (value for value in self.attribute.values if not (value.absent and denied) and not self._tells(value))
        value, foreign = next(unsaid, None), next(self._foreign(), None)
        return f"“{foreign[1]}” against {value.text}" if value and foreign else None

    def _tells(self, value: Value) -> bool:
        """Whether the sentence holds enough of a value; words the value shares with the name do not count."""
        forms = (form for form in self.attribute.values if form.measure == value.measure and form.measured)
        if value.measured and any(self._states(form.figures[0]) for form in forms):
            return True  # whether the forms agree is another question
        if value.flag is not None or "".join(word.text for word in value.words).casefold() in self._joined:
            return True
        if not value.words and not value.figures:
            return value.text.casefold() in self.statement.bare.casefold()
        own = [
            word
            for word in value.words
            if not any(akin(stem, part) for stem in word.stems for part in self.attribute.name)
        ]
        held = [_held(word, self.statement.stems_joined) for word in own or value.words]
        held += [self._states(figure) for figure in value.figures]
        return sum(held) / len(held) >= thresholds()["value"]

    def _foreign(self) -> Iterator[tuple[int, str]]:
        """Words and figures, with their places, that neither the record nor the way one speaks of it accounts for."""
        attribute, figures = self.attribute, self.attribute.figures
        accounted = self.known | self.idle | attribute.said | attribute.aliases | attribute.name
        counted = [number.start for number in self.statement.numbers if any(number.equals(other) for other in figures)]
        for word in self.statement.words:
            ordinary = word.text.casefold() in _ordinary() or says_absence(word.text) or word.start in counted
            if not ordinary and not _held(word, accounted):
                yield word.start, word.text
        for figure in self.statement.figures:
            if not any(figure.equals(other) for other in figures) and figure.text.casefold() not in self.known:
                yield figure.start, figure.text

    def _states(self, figure: Figure) -> bool:
        return any(figure.equals(other) for other in self.statement.numbers)

    @cached_property
    def _joined(self) -> frozenset[str]:
        return frozenset(word.text.casefold().replace("-", "") for word in self.statement.words)


def _sides(text: str) -> dict[str, set[str]]:
    """Words with the prepositions that say on which side of them something is, right before them."""
    found: dict[str, set[str]] = {}
    for side, word in _side().findall(text.casefold()):
        found.setdefault(word, set()).add(side)
    return found


def _unit(figure: Figure) -> tuple[str | None, float]:
    return figure.dimension, figure.factor


def _about(one: Figure, other: Figure) -> bool:
    """Equal as far as the coarser of two forms tells: 66 grams are 0.15 pounds."""
    if one.dimension != other.dimension or one.factor == other.factor:
        return one.equals(other)
    slack = max(one.tolerance, other.tolerance) * 1.001
    return abs(one.value * one.factor - other.value * other.factor) <= slack


def _held(word: Word, stems: Collection[str]) -> bool:
    return word.held_by(stems) or all(any(_alike(part, stem) for stem in stems) for part in word.parts)


def _alike(one: str, other: str) -> bool:
    """The same word inflected or spelled otherwise; never two numbers, and never a word and its "un-"."""
    if one[0] != other[0] or abs(len(one) - len(other)) > _LONGEST_TYPO:
        return False
    if f"{one}s" == other or f"{other}s" == one:
        return True
    if not (one + other).isalpha() or min(len(one), len(other)) < _SHORTEST_TYPO:
        return False
    if akin(one, other):
        return True
    privative = one.endswith("less") != other.endswith("less")
    return not privative and SequenceMatcher(None, one, other).ratio() >= thresholds()["typo"]


@cache
def _side() -> re.Pattern[str]:
    return re.compile(rf"\b({'|'.join(schema()['words']['sides'].split())})[\s-]([^\W\d_]+)")


@cache
def _ordinary() -> frozenset[str]:
    """Words that speak of a field without giving it a value."""
    return frozenset(schema()["words"]["frame"].split())
