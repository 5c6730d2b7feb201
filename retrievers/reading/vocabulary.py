"""What the loaded catalogue calls things, indexed for finding its names in a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from retrievers.choices import choice_key, spellings, unsaid
from retrievers.embedding.tokens import stem
from retrievers.facets import AttributeSummary, properties
from retrievers.reading.language import WORD, words

LONGEST_NAME = 4  # words
_GENERIC = frozenset(
    ("number", "quantity", "count", "total", "built", "in", "integrated", "of", "support", "supported")
)
_S = re.compile(r"(?<=[^su])s$")
_GENERIC_STEMS = frozenset(stem(word) for word in _GENERIC)


@dataclass(frozen=True, slots=True, order=True)
class Choice:
    """A value that the catalogue enumerates, of one attribute."""

    attribute: str
    value: str


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All names case-folded, heads as stems; `words` by property. Without `fields` any field may be stated."""

    brands: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    heads: frozenset[str] = frozenset()
    words: Mapping[str, frozenset[str]] = field(default_factory=dict)
    ambiguous: frozenset[str] = frozenset()  # those that titles mostly use for something else
    attributes: Mapping[str, AttributeSummary] = field(default_factory=dict)
    fields: frozenset[str] | None = None
    currency: str = "USD"
    related: Mapping[str, str] = field(default_factory=dict)  # stems of other words for a kind, and the catalogue's own
    kinds: frozenset[str] = frozenset()  # phrases that say what a product is: "sheet set"
    spoken: frozenset[str] = frozenset()  # words of five letters or more that its texts are written in
    called: frozenset[str] = frozenset()  # those its kinds are called by
    flags: Mapping[str, tuple[str, ...]] = field(init=False, default_factory=dict)  # attributes by squeezed name
    choices: Mapping[str, tuple[Choice, ...]] = field(init=False, default_factory=dict)  # by `choice_key`
    numbers: tuple[str, ...] = field(init=False, default=())  # attributes whose figures have no unit

    def __post_init__(self) -> None:
        flags: dict[str, list[str]] = {}
        choices: dict[str, dict[Choice, None]] = {}
        for name, told in self.attributes.items():
            for key in spellings(squeezed(_plain(name))) if told.kind == "flag" else ():
                flags.setdefault(key, []).append(name)
            for value in {value for values in told.values.values() for value in values}:
                for key in spellings(choice_key([value])):
                    choices.setdefault(key, {})[Choice(name, value)] = None
        flags.pop("", None)
        object.__setattr__(self, "flags", {key: tuple(names) for key, names in flags.items()})
        object.__setattr__(self, "choices", {key: tuple(sorted(found)) for key, found in choices.items()})
        object.__setattr__(self, "numbers", tuple(n for n, told in self.attributes.items() if told.kind == "number"))

    @classmethod
    def of(
        cls,
        names: Mapping[str, Sequence[str]],
        currency: str = "USD",
        attributes: Mapping[str, AttributeSummary] | None = None,
        related: Mapping[str, str] | None = None,
    ) -> Vocabulary:
        """From an index manifest; a catalogue without brands or categories simply has empty sets."""
        return cls(
            currency=currency,
            brands=frozenset(name.casefold() for name in names.get("brands", ())),
            categories=frozenset(name.casefold() for name in names.get("categories", ())),
            heads=frozenset(names.get("heads", ())),
            words={kind: frozenset(names.get(f"{kind}s", ())) for kind in properties()},
            ambiguous=frozenset(names.get("ambiguous", ())),
            kinds=frozenset(names.get("kinds", ())),
            spoken=frozenset(names.get("spoken", ())),
            called=frozenset(names.get("called", ())),
            attributes=attributes or {},
            related=related or {},
            fields=frozenset(names["fields"]) if "fields" in names else None,
        )

    def described(self, head: str | None) -> str | None:
        """The kind when the catalogue tells what its products state, else its own word for it, else None."""
        own = self.related.get(head or "", "").split()
        kinds = [head, stem(own[-1])] if own else [head]
        return next((k for k in kinds if k and any(k in told.heads for told in self.attributes.values())), None)

    def narrowed(self, said: Sequence[str]) -> str | None:
        """The one kind whose phrase has the last of these words that any has: "sheets" are a "sheet set"."""
        for word in reversed([word.removesuffix("s") for word in said]):
            found = {stem(kind.split()[-1]) for kind in self.kinds if word in kind.replace("s ", " ").split()}
            if found:
                return self.described(found.pop()) if len(found) == 1 else None
        return None

    def knows(self, word: str) -> bool:
        """Whether a folded word is written anywhere in the catalogue's texts or names. Looks at all of them."""
        stems = stem(word)
        if word in self.spoken or word in self.called or stems in self.heads or stems in self.related:
            return True
        names = (self.brands, self.categories, self.kinds, self.choices, self.attributes, *self.words.values())
        return any(word in name.casefold() for several in names for name in several)

    def states(self, field_name: str) -> bool:
        """Whether any product states this field."""
        return self.fields is None or field_name in self.fields


@dataclass(frozen=True, slots=True)
class Name:
    """A name of the catalogue at words `start` to `end` of a sentence; several may be spelled alike."""

    start: int
    end: int
    names: tuple[str, ...]


def find_names(said: Sequence[str], names: frozenset[str], *, alike: bool = False) -> Iterator[Name]:
    """Names in reading order, the longest first where they overlap; hyphens, spaces and marks do not matter.

    `alike` also finds a name by other spellings of the same: "stainless".
    """
    return find(said, _alike(names) if alike else _squeezed(names))


def find(said: Sequence[str], index: Mapping[str, tuple[str, ...]]) -> Iterator[Name]:
    """The same over names that are squeezed already."""
    start = 0
    while start < len(said):
        for size in range(min(LONGEST_NAME, len(said) - start), 0, -1):
            found = index.get(squeezed(said[start : start + size]))
            if found:
                yield Name(start, start + size, found)
                start += size - 1
                break
        start += 1


def squeezed(said: Iterable[str]) -> str:
    """Letters and digits alone, so that "TP-Link" and "tp link" are one name; a possessive ending does not count."""
    folded = [word.casefold().replace("’", "'").removesuffix("'s") for word in said]
    return "".join(letter for word in folded for letter in word if letter.isalnum())


def name_stems(attribute: str) -> frozenset[str]:
    """Stems of an attribute's name, without those that say nothing."""
    return _stems(attribute)


@lru_cache(maxsize=8192)
def _stems(attribute: str) -> frozenset[str]:
    return frozenset(stem(part) for part in _parts(attribute) if len(part) > 1) - _GENERIC_STEMS


@lru_cache(maxsize=8192)
def naming_words(attribute: str) -> frozenset[str]:
    """The words that have to be said to mean it, each as of one: "water" of `water_rating`, but "type" of `type`."""
    parts = [part for part in _parts(attribute) if len(part) > 1]
    return frozenset(map(one_of, [part for part in parts if not goes_unsaid(part)] or parts))


def goes_unsaid(word: str) -> bool:
    """Whether a word may be left out of an attribute's name."""
    return word in _GENERIC or word in unsaid()


def one_of(word: str) -> str:
    """ "switches" are of one "switch"; unlike a stem, "threaded" is no thread."""
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-2] if word.endswith(("ches", "shes", "xes", "sses")) else _S.sub("", word)


def _plain(attribute: str) -> list[str]:
    return [part for part in _parts(attribute) if part not in _GENERIC]


def _parts(attribute: str) -> list[str]:
    return WORD.findall(attribute.replace("_", " ").casefold())


@lru_cache(maxsize=16)
def _squeezed(names: frozenset[str]) -> Mapping[str, tuple[str, ...]]:
    index: dict[str, list[str]] = {}
    for name in sorted(names):
        if key := squeezed([name]):
            index.setdefault(key, []).append(name)
    return {key: tuple(found) for key, found in index.items()}


@lru_cache(maxsize=64)
def _alike(names: frozenset[str]) -> Mapping[str, tuple[str, ...]]:
    index = _squeezed(names)
    others = {other: found for key, found in index.items() for other in spellings(key) if other not in index}
    return {**others, **index}


def is_common(name: str, vocabulary: Vocabulary) -> bool:
    """Whether a brand's name mostly says something else: a colour, a kind of thing, a filler, a number."""
    return name in words("empty") or name in vocabulary.ambiguous or name.isdigit()
