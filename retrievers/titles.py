"""Products a message calls by their name, in full or in part: "the Acme Lumen headlamp"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from retrievers.embedding.tokens import stem
from retrievers.identifiers import identifiers
from retrievers.ranking.candidates import family_of
from retrievers.records import Evidence

# As words are everywhere else, except that Korean particles are no part of a Latin name they follow.
_WORD = re.compile(r"[^\W_가-힣]+(?:[-'’&.][^\W_가-힣]+)*|[가-힣]+")

_WORDS, _WORDS_ALONE = 2, 3  # of a name, with a brand in front of the title and without


@dataclass(frozen=True, slots=True)
class Title:
    """A product's name at characters `start` to `end` of a text."""

    start: int
    end: int
    product: Evidence


@dataclass(frozen=True, slots=True)
class _Match:
    """Words `first` to `last` of a text are words of a title in its order; `spare` are those the title has besides."""

    first: int
    last: int
    spare: int
    product: Evidence


class Titles:
    """Finds the names of a few products, those a search for the message brings.

    A name holds the word after the brand, where makers put what tells a model from the others, or the whole title, or
    a number that names one product; a brand and a kind of thing name none. Where no brand begins the title it takes
    more words. What several products are called is a name only of the one with the least besides.
    """

    def __init__(self, products: Sequence[Evidence] = ()) -> None:
        self._products = [(product, _words(product.title), len(_words(_brand(product)))) for product in products]

    def find(self, text: str) -> list[Title]:
        """In reading order, not overlapping, each product once."""
        found = list(_WORD.finditer(text))
        said = [_stem(word.group(0)) for word in found]
        numbers = [bool(identifiers(word.group(0))) for word in found]
        matches = [match for one in self._products for match in _matches(said, numbers, *one)]
        matches.sort(key=lambda match: (match.first - match.last, match.spare))
        chosen: list[_Match] = []
        for match in matches:
            if not any(_overlap(match, other) for other in chosen):
                chosen.append(match)
        certain = {m.product.id: m for m in chosen if not any(_rivals(m, other) for other in matches)}
        spans = sorted(certain.values(), key=lambda match: match.first)
        return [Title(found[m.first].start(), found[m.last].end(), m.product) for m in spans]


def _matches(
    said: Sequence[str], numbers: Sequence[bool], product: Evidence, title: Sequence[str], brand: int
) -> Iterator[_Match]:
    for first in range(len(said)):
        places = _run(said[first:], title)
        last = first + len(places) - 1
        whole = len(places) == len(title) > 1
        model = brand in places and len(places) >= (_WORDS if brand else _WORDS_ALONE)
        if whole or model or any(numbers[first : last + 1]):
            yield _Match(first, last, len(title) - len(places), product)


def _run(said: Sequence[str], title: Sequence[str]) -> list[int]:
    """Places in the title of the words that follow each other in the text."""
    places: list[int] = []
    for word in said:
        start = places[-1] + 1 if places else 0
        if word not in title[start:]:
            break
        places.append(title.index(word, start))
    return places


def _rivals(one: _Match, other: _Match) -> bool:
    """Whether the same words name another product just as well."""
    same = (one.first, one.last, one.spare) == (other.first, other.last, other.spare)
    return same and family_of(one.product) != family_of(other.product)


def _overlap(one: _Match, other: _Match) -> bool:
    return one.first <= other.last and other.first <= one.last


def _brand(product: Evidence) -> str:
    brand = str(product.metadata.get("brand") or "")
    return brand if product.title.casefold().startswith(brand.casefold()) else ""


def _words(text: str) -> list[str]:
    return [_stem(word) for word in _WORD.findall(text)]


def _stem(word: str) -> str:
    return stem(word.casefold().replace("’", "'").removesuffix("'s"))
