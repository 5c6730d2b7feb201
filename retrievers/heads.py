"""What a thing is, read from its title: "cartridge" in "Acme X20 laser printer toner cartridge Black 2 pcs".

The head of an English noun phrase is its last noun: what stands before it modifies it, and what follows "for" or
"with" is about something else. A phrase ends where the title turns to a number, to punctuation, or to the value of an
attribute (a colour, a size). Which words are values and which are units is learnt from the catalogue; nothing here
knows a product.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from retrievers.catalogue import Product
from retrievers.embedding.tokens import stem

_TOKEN = re.compile(r"[^\W_]+(?:[-'’&.][^\W_]+)*|[^\w\s]", re.UNICODE)
_ABOUT_ANOTHER = frozenset(("for", "with", "without", "from", "in", "of", "on", "to", "under", "w", "by", "at", "incl"))
_KIND_ATTRIBUTE = re.compile(r"\w_type$|producttype|kind|categor|compatib|famil|series|model|name|brand|description")
_LONGEST_VALUE = 40  # characters; longer texts are prose, not values
_MIN_SHARE = 0.6
_MAX_HEADS = 3


@dataclass(frozen=True, slots=True)
class Kind:
    """`heads` are stems, likeliest first (("cartridg",)); `kind` is the phrase in lower case ("toner cartridge")."""

    heads: tuple[str, ...]
    kind: str


class KindReader:
    """Reads kinds from titles and requests, knowing which words of this catalogue end a phrase."""

    def __init__(self, values: frozenset[str], units: frozenset[str]) -> None:
        self._values = values
        self._units = units

    @classmethod
    def learn(cls, products: Sequence[Product]) -> KindReader:
        """A word is a value (a unit) if most of its uses in titles repeat an attribute (follow a number)."""
        seen: Counter[str] = Counter()
        values: Counter[str] = Counter()
        units: Counter[str] = Counter()
        for product in products:
            described = _value_words(product)
            after_number = False
            for token in _TOKEN.findall(product.title):
                word = token.lower()
                seen[word] += 1
                values[word] += word in described
                units[word] += after_number
                after_number = token.replace(".", "").isdigit()
        return cls(_at_least(values, seen), _at_least(units, seen))

    def read(self, phrase: str, brand: str | None = None) -> Kind | None:
        """The kind named by a title or a request, its phrases in order; None when nothing in it can be a kind."""
        return _kind_of(list(self.phrases(phrase, brand)))

    def phrases(self, phrase: str, brand: str | None = None) -> Iterator[list[str]]:
        """Runs of words, in lower case, each of which may end in what the thing is."""
        return self._runs(_without_brand(phrase, brand))

    def _runs(self, phrase: str) -> Iterator[list[str]]:
        words: list[str] = []
        for token in _TOKEN.findall(phrase):
            word = token.lower()
            if word in _ABOUT_ANOTHER:
                break
            if self._names(word):
                words.append(word)
                continue
            if words:
                yield words
            words = []
        if words:
            yield words

    def _names(self, word: str) -> bool:
        letters = word.replace("-", "").replace("'", "")
        return letters.isalpha() and len(letters) >= 2 and word not in self._values and word not in self._units


def infer_heads(products: Sequence[Product]) -> dict[str, Kind]:
    """The kind of every product that has one: its own `kind`, else read from its title, else its narrowest category.

    Among several phrases of a title those come first whose last word ends most phrases of the catalogue.
    """
    reader = KindReader.learn(products)
    phrases = {product.product_id: _naming_phrases(product, reader) for product in products}
    common = Counter(stem(words[-1]) for runs in phrases.values() for words in runs)
    kinds: dict[str, Kind] = {}
    for product_id, runs in phrases.items():
        kind = _kind_of(sorted(runs, key=lambda words: -common[stem(words[-1])]))
        if kind is not None:
            kinds[product_id] = kind
    return kinds


def _naming_phrases(product: Product, reader: KindReader) -> list[list[str]]:
    if product.kind:
        return list(reader.phrases(product.kind)) or [product.kind.lower().split()]
    leaf = product.category[-1] if product.category else ""
    return list(reader.phrases(product.title, product.brand)) or list(reader.phrases(leaf))


def _kind_of(phrases: Sequence[list[str]]) -> Kind | None:
    if not phrases:
        return None
    heads = dict.fromkeys(stem(words[-1]) for words in phrases)
    return Kind(heads=tuple(heads)[:_MAX_HEADS], kind=" ".join(phrases[0][-2:]))


def _at_least(part: Counter[str], whole: Counter[str]) -> frozenset[str]:
    return frozenset(word for word, count in part.items() if count >= _MIN_SHARE * whole[word])


def _value_words(product: Product) -> set[str]:
    values = (v for k, v in product.attributes.items() if isinstance(v, str) and not _KIND_ATTRIBUTE.search(k.lower()))
    return {token.lower() for value in values if len(value) < _LONGEST_VALUE for token in _TOKEN.findall(value)}


def _without_brand(phrase: str, brand: str | None) -> str:
    return phrase[len(brand) :] if brand and phrase.lower().startswith(brand.lower()) else phrase
