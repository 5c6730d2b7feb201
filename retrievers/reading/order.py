"""In which order products are wanted: by price, rating, popularity, age, or a figure of theirs."""

from __future__ import annotations

import re
from functools import lru_cache

from retrievers.embedding.tokens import stem
from retrievers.facets import ATTRIBUTE
from retrievers.reading.figures import named_attributes
from retrievers.reading.language import WORD, cut, search, table
from retrievers.reading.vocabulary import Vocabulary, name_stems
from retrievers.records import SortBy

_FIELDS = {
    "cheapest": SortBy("price"),
    "dearest": SortBy("price", descending=True),
    "best_rated": SortBy("rating", descending=True),
    "most_popular": SortBy("popularity", descending=True),
    "newest": SortBy("updated_at", descending=True),
}


def take_order(text: str, head: str | None, vocabulary: Vocabulary) -> tuple[str, SortBy | None]:
    """The text without the superlative, and what it asks for; one the catalogue cannot answer stays in the text."""
    for name, sort in _FIELDS.items():
        found = search("order", name, text)
        if found and vocabulary.states(sort.field):
            return cut(text, found), sort
    return _by_attribute(text, head, vocabulary)


def _by_attribute(text: str, head: str | None, vocabulary: Vocabulary) -> tuple[str, SortBy | None]:
    for descending, name in ((True, "most"), (False, "least")):
        found = search("order", name, text)
        said = list(WORD.finditer(found["attribute"])) if found else []
        for size in range(len(said), 0, -1):
            words = " ".join(word.group(0).casefold() for word in said[:size])
            attribute = None if _names_kind(words, head) else _attribute(words, head, vocabulary)
            if found and attribute:
                end = found.start("attribute") + said[size - 1].end()
                return f"{text[: found.start()]} {text[end:]}", SortBy(ATTRIBUTE + attribute, descending)
        for superlative, meant in table(f"{name}_of").items():
            word = _spelled(superlative).search(text)
            attribute = _first(meant, head, vocabulary) if word else None
            if word and attribute:
                return cut(text, word), SortBy(ATTRIBUTE + attribute, descending)
    return text, None


def _names_kind(words: str, head: str | None) -> bool:
    return any(stem(word) == head for word in words.split())


def _first(meant: list[str], head: str | None, vocabulary: Vocabulary) -> str | None:
    return next((name for words in meant if (name := _attribute(words, head, vocabulary))), None)


def _attribute(words: str, head: str | None, vocabulary: Vocabulary) -> str | None:
    """One attribute with figures, named by these words and stated by this kind of thing where the kind is known."""
    known = {name: told for name, told in vocabulary.attributes.items() if told.kind in ("measure", "number")}
    if vocabulary.described(head):
        known = {name: told for name, told in known.items() if head in told.heads}
    if " " in words:
        known = {name: told for name, told in known.items() if set(map(stem, words.split())) <= name_stems(name)}
    named = named_attributes(words.split(), known, head)
    return max(named, key=lambda name: known[name].products, default=None)


@lru_cache(maxsize=64)
def _spelled(said: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(said)}(?![a-z])", re.IGNORECASE)
