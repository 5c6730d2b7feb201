"""Values that the catalogue enumerates, asked for or ruled out: "king size", "IP67", "dark roast".

With the attribute's name beside it a value is believed; alone only where nearly all products of the kind state the
attribute, and whoever says the word means it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from re import Pattern

from retrievers.choices import choice_key
from retrievers.embedding.tokens import stem
from retrievers.facets import ATTRIBUTE
from retrievers.reading.beside import Pieces
from retrievers.reading.counts import is_bound
from retrievers.reading.language import table, words
from retrievers.reading.vocabulary import LONGEST_NAME, Choice, Vocabulary
from retrievers.records import FilterItem

_STATED_BY_MOST, _STATED_BY_NEARLY_ALL = 0.5, 0.8  # shares of a kind's products, with the name said and without
_SHORTEST_PLURAL = 5  # letters; "xs" is no plural
_MOST_MEANT = 3  # attributes that a value alone may be of
SELDOM = "few products of this kind say so"


@dataclass(frozen=True, slots=True)
class ChosenValue:
    """A value at words `start` to `end`; `seldom` when too few products state the attribute to go by it."""

    start: int
    end: int
    choices: tuple[Choice, ...]
    seldom: bool = False

    @property
    def field(self) -> str:
        return ATTRIBUTE + "|".join(dict.fromkeys(choice.attribute for choice in self.choices))

    @property
    def values(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(choice.value for choice in self.choices))


def chosen_values(pieces: Pieces, kind: str | None, vocabulary: Vocabulary) -> list[ChosenValue]:
    """In reading order."""
    found: list[ChosenValue] = []
    start = 0
    while start < len(pieces.found):
        said = value_here(pieces, start, kind, vocabulary)
        found += [said] if said else []
        start = said.end if said else start + 1
    return found


def wanted_choices(pieces: Pieces, found: Sequence[ChosenValue]) -> tuple[list[FilterItem], list[FilterItem]]:
    """Conditions, several values of one attribute being one of them, and what too few products state."""
    wanted: dict[tuple[str, bool], FilterItem] = {}
    for said in found:
        first, last = pieces.span(said.start, said.end)
        text = pieces.text[first:last]
        item = FilterItem(said.field, "in", said.values, "stated", f"{text}: {SELDOM}" if said.seldom else text)
        before = wanted.get((said.field, said.seldom))
        wanted[said.field, said.seldom] = _either(before, item) if before else item
    return (
        [item for (_, seldom), item in wanted.items() if not seldom],
        [item for (_, seldom), item in wanted.items() if seldom],
    )


def value_here(pieces: Pieces, start: int, kind: str | None, vocabulary: Vocabulary) -> ChosenValue | None:
    """The longest value that begins with this word and may be believed."""
    for size in range(min(LONGEST_NAME, len(pieces.found) - start), 0, -1):
        said = _believed(pieces, start, start + size, kind, vocabulary)
        if said:
            return said
    return None


def take_unwanted_choices(
    text: str, negations: Pattern[str], kind: str | None, vocabulary: Vocabulary
) -> tuple[str, list[FilterItem]]:
    """The text without "not queen size" or "anything but king or twin", and those values, each ruled out."""
    for negation in negations.finditer(text):
        pieces = Pieces.of(text[negation.end() :])
        found: list[ChosenValue] = []
        start = 0
        while start < len(pieces.found):
            said = _ruled_out(pieces, start, kind, vocabulary)
            word = pieces.words(start, start + 1)[0]
            if (said is None and word not in words("listing" if found else "empty")) or word in words("with"):
                break
            found += [said] if said else []
            start = said.end if said else start + 1
        if found:
            end = negation.end() + pieces.span(0, found[-1].end)[1]
            reason = text[negation.start() : end].strip()
            rest = f"{text[: negation.start()]} {text[end:]}"
            rest, others = take_unwanted_choices(rest, negations, kind, vocabulary)
            return rest, [*_excluded(found, reason), *others]
    return text, []


def _excluded(found: Sequence[ChosenValue], reason: str) -> list[FilterItem]:
    """One condition an attribute."""
    values: dict[str, tuple[str, ...]] = {}
    for said in found:
        values[said.field] = (*values.get(said.field, ()), *said.values)
    return [FilterItem(field, "not_in", ruled_out, "stated", reason) for field, ruled_out in values.items()]


def _ruled_out(pieces: Pieces, start: int, kind: str | None, vocabulary: Vocabulary) -> ChosenValue | None:
    """With the name of its attribute on either side. Of an unknown kind it may be a value of any."""
    for skipped in range(2):
        said = value_here(pieces, start + skipped, kind, vocabulary)
        if said is None and kind is None and not skipped:
            said = _telling_anywhere(pieces, start, vocabulary)
        if said and (not skipped or any(pieces.says(start, choice.attribute) for choice in said.choices)):
            named = said.end < len(pieces.found) and any(pieces.says(said.end, c.attribute) for c in said.choices)
            return replace(said, start=start, end=said.end + named)
    return None


def _telling_anywhere(pieces: Pieces, start: int, vocabulary: Vocabulary) -> ChosenValue | None:
    for size in range(min(LONGEST_NAME, len(pieces.found) - start), 0, -1):
        said = pieces.words(start, start + size)
        meant = _choices(said, vocabulary)
        if (
            meant
            and all(_telling(choice, None, vocabulary) for choice in meant)
            and not _says_else(said, None, vocabulary)
        ):
            return ChosenValue(start, start + size, meant)
    return None


def _either(one: FilterItem, other: FilterItem) -> FilterItem:
    values = tuple(dict.fromkeys((*_values(one), *_values(other))))
    return replace(one, value=values, reason=f"{one.reason} or {other.reason}")


def _values(item: FilterItem) -> tuple[str, ...]:
    return item.value if isinstance(item.value, tuple) else ()


def _believed(pieces: Pieces, start: int, end: int, kind: str | None, vocabulary: Vocabulary) -> ChosenValue | None:
    said = pieces.words(start, end)
    meant = [choice for choice in _choices(said, vocabulary) if _stated(choice, kind, vocabulary)]
    first, last = pieces.span(start, end)
    if said[0].isdigit() and is_bound(pieces.text, first):
        return None
    named = tuple(choice for choice in meant if pieces.name(choice.attribute, first, last, kind))
    if named:
        return ChosenValue(start, end, named, seldom=not _by_share(named, kind, vocabulary, _STATED_BY_MOST))
    alone = ChosenValue(start, end, tuple(meant))
    sure = kind and meant and all(_telling(choice, kind, vocabulary) for choice in meant)
    if not sure or len({choice.attribute for choice in meant}) > _MOST_MEANT or _says_else(said, kind, vocabulary):
        return None
    common = _by_share(meant, kind, vocabulary, _STATED_BY_NEARLY_ALL)
    return alone if common and pieces.describes(start) else None


def _choices(said: Sequence[str], vocabulary: Vocabulary) -> tuple[Choice, ...]:
    """Number words may be numbers, and several of a thing one: "for beginners"."""
    counted = table("numbers").get(said[0]) if len(said) == 1 else None
    key = choice_key(said)
    keys = (str(counted or key), key.removesuffix("s") if len(key) >= _SHORTEST_PLURAL else key)
    return next((found for key in keys if (found := vocabulary.choices.get(key))), ())


def _stated(choice: Choice, kind: str | None, vocabulary: Vocabulary) -> bool:
    values = vocabulary.attributes[choice.attribute].values
    return kind is None or choice.value in values.get(kind, ())


def _telling(choice: Choice, kind: str | None, vocabulary: Vocabulary) -> bool:
    """Whether the value is meant by whoever says it of this kind, or of any kind when none is known."""
    telling = vocabulary.attributes[choice.attribute].telling
    return any(choice.value in telling.get(one, ()) for one in ((kind,) if kind else telling))


def _by_share(choices: Sequence[Choice], kind: str | None, vocabulary: Vocabulary, least: float) -> bool:
    """Nothing is told of an unknown kind, whose products a value and its name must find by themselves."""
    told = [vocabulary.attributes[choice.attribute].heads for choice in choices]
    return kind is None or any(heads[kind].share >= least for heads in told)


def _says_else(said: Sequence[str], kind: str | None, vocabulary: Vocabulary) -> bool:
    """Whether the words are a number, a kind of thing, a brand, a filler, or a property read by itself."""
    word = " ".join(said)
    properties = frozenset[str]().union(*vocabulary.words.values())
    filler = word in words("empty") or word in words("everyday") or choice_key(said).isdigit()
    a_kind = len(said) == 1 and (stem(word) == kind or stem(word) in vocabulary.heads)
    return filler or a_kind or word in vocabulary.brands or word in properties
