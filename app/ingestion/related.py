"""Other words for kinds of things: who asks for a laptop means what this catalogue calls a notebook.

A word the catalogue uses, but hardly as a kind of its own, stands for the kind that is nearest to it in meaning, if
that is near enough and far more common. Nothing here knows a word; a shop can read the result in the manifest.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from app.ingestion.points import Passage
from retrievers.catalogue import DocumentType
from retrievers.embedding.tokens import stem, stop_words
from retrievers.index.protocol import Vector

_WORD = re.compile(r"[a-z]{3,16}")
_LEAST_PRODUCTS = 8  # of a kind; rarer ones are often misread titles
_LEAST_USES = 3  # of a word
_MOST_WORDS = 4000
_NEAR = 0.65  # cosine
_MORE_COMMON = 5  # times


@dataclass(frozen=True, slots=True)
class Usage:
    """`kinds` counts products by the phrase that says what they are, `heads` by every word that may; `words` are those
    that may stand for a kind."""

    kinds: Mapping[str, int]
    heads: Mapping[str, int]
    words: Sequence[str]

    @property
    def texts(self) -> list[str]:
        """What has to be embedded."""
        return [*self.kinds, *self.words]


def usage(found: Sequence[Passage]) -> Usage:
    products = [passage for passage in found if passage.evidence.type is DocumentType.PRODUCT]
    kinds = Counter(str(passage.payload["kind"]) for passage in products if passage.payload.get("kind"))
    heads = Counter(head for passage in products for head in passage.payload.get("head", ()))
    brands = {word for passage in products for word in _WORD.findall(str(passage.payload.get("brand", "")))}
    words = Counter(
        word for passage in products for word in set(_WORD.findall(" ".join(passage.fields[:2]).casefold()))
    )
    common = {kind: count for kind, count in kinds.items() if count >= _LEAST_PRODUCTS}
    spoken = [word for word, count in words.most_common(_MOST_WORDS) if count >= _LEAST_USES]
    return Usage(common, heads, [word for word in spoken if word not in stop_words() | brands] if common else [])


def related_kinds(of: Usage, vectors: Mapping[str, Vector]) -> dict[str, str]:
    """By the stem of a word, the kind it stands for; `vectors` holds one for each of `of.texts`."""
    if not of.words:
        return {}
    names = list(of.kinds)
    near = np.stack([vectors[word] for word in of.words]) @ np.stack([vectors[name] for name in names]).T
    found = ((word, _stands_for(stem(word), row, names, of)) for word, row in zip(of.words, near, strict=True))
    return {stem(word): kind for word, kind in sorted(found) if kind is not None}


def _stands_for(word: str, cosines: Vector, names: Sequence[str], of: Usage) -> str | None:
    for place in np.argsort(-cosines):
        if cosines[place] < _NEAR:
            return None
        kind = names[place]
        if word not in {stem(part) for part in kind.split()}:
            return kind if of.kinds[kind] >= _MORE_COMMON * of.heads.get(word, 0) else None
    return None
