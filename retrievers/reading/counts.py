"""Numbers without a unit whose attribute is named beside them: "for four persons", "SPF 50", "at least 3 drawers"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from retrievers.facets import ATTRIBUTE
from retrievers.reading.beside import Pieces
from retrievers.reading.language import amount_patterns, cut, table
from retrievers.reading.numbers import number
from retrievers.reading.vocabulary import Vocabulary
from retrievers.records import FilterItem, FilterOp

_STATED_BY_MOST = 0.5  # share of a kind's products
_BOUNDS: tuple[tuple[str, tuple[FilterOp, ...]], ...] = (
    ("between", ("gte", "lte")),
    ("at_most", ("lte",)),
    ("at_least", ("gte",)),
)
_NUMBER = re.compile(r"\d+(?:\.\d*[1-9])?")  # "2.0" is a version
_PART = (
    re.compile(r"\d[:/.,×x]$|[$€£₩]\s*$"),
    re.compile(r"[:/.,×x]\d|\s+\w+\s+of\b"),
)  # "16:9", "$5", "3 pairs of socks"


def take_bounds(text: str, kind: str | None, vocabulary: Vocabulary) -> tuple[str, list[FilterItem]]:
    """The text without "at least 4 persons", and those limits; what names no attribute may be a price."""
    for found, ops in _bounds(text):
        names = _names(Pieces.of(text), *found.span(), kind, vocabulary)
        if names:
            said = [found[f"n{place}"] for place in range(1, len(ops) + 1)]
            values = sorted(number(text, table("numbers"), table("multipliers")) for text in said)
            items = [_limit(names, op, value, found.group(0)) for op, value in zip(ops, values, strict=True)]
            rest, others = take_bounds(cut(text, found), kind, vocabulary)
            return rest, [*items, *others]
    return text, []


def exact_counts(pieces: Pieces, kind: str | None, vocabulary: Vocabulary) -> dict[int, FilterItem]:
    """By the character each begins at."""
    found: dict[int, FilterItem] = {}
    for piece in pieces.found:
        said = str(table("numbers").get(piece.group(0).casefold(), piece.group(0)))
        if _NUMBER.fullmatch(said) and not (_is_part(pieces.text, piece) or is_bound(pieces.text, piece.start())):
            names = _names(pieces, *piece.span(), kind, vocabulary)
            found |= {piece.start(): _limit(names, "eq", float(said), piece.group(0))} if names else {}
    return found


def is_bound(text: str, at: int) -> bool:
    """Whether the number at this character is an end of a range: "at least 4"."""
    return any(found.start() <= at < found.end() for found, _ in _bounds(text))


def _is_part(text: str, piece: re.Match[str]) -> bool:
    before, after = _PART
    return before.search(text[: piece.start()]) is not None or after.match(text[piece.end() :]) is not None


def _bounds(text: str) -> Iterator[tuple[re.Match[str], tuple[FilterOp, ...]]]:
    for name, ops in _BOUNDS:
        for pattern in amount_patterns(name, "money"):
            for found in pattern.finditer(text):
                if not any(found.groupdict().get(group) for group in ("cur1", "unit1", "cur2", "unit2")):
                    yield found, ops


def _names(pieces: Pieces, first: int, last: int, kind: str | None, vocabulary: Vocabulary) -> tuple[str, ...]:
    return tuple(
        name
        for name in vocabulary.numbers
        if _share(name, kind, vocabulary) >= _STATED_BY_MOST and pieces.name(name, first, last, kind)
    )


def _share(name: str, kind: str | None, vocabulary: Vocabulary) -> float:
    """Among the products of the kind, or all where it is not known."""
    told = vocabulary.attributes[name]
    if kind is None:
        return told.overall.share
    return told.heads[kind].share if kind in told.heads else 0.0


def _limit(names: tuple[str, ...], op: FilterOp, value: float, text: str) -> FilterItem:
    return FilterItem(ATTRIBUTE + "|".join(names), op, value, "stated", text.strip())
