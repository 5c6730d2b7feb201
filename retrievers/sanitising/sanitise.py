"""Texts of others without the sentences that have no business in them: the text stays, only sentences go."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from retrievers.document_type import DocumentType
from retrievers.embedding.tokens import tokens
from retrievers.sanitising.instructions import Instructions
from retrievers.sanitising.visible import normalise, visible

Span = tuple[int, int]

_SENTENCE = re.compile(r"[^\n]*?(?:[.!?…。！？]+[\"'”’)]*(?=\s|\Z)|\n|\Z)", re.DOTALL)
_CAPITAL = re.compile(r"(?<=\S )(?=[A-Z][a-z]+(?:['’][a-z]+)? [a-z\"'“‘])")
_OF_THE_STORE = (DocumentType.FAQ, DocumentType.POLICY)
_ON_SUBJECT = 0.5  # share of its content words that an errand in a description has in common with the product


@dataclass(frozen=True, slots=True)
class Sanitised:
    """`dropped` counts the sentences that were taken out."""

    text: str
    dropped: int


def sanitise(text: str, kind: DocumentType, subject: str = "") -> str:
    """The text that `sanitised` leaves."""
    return sanitised(text, kind, subject).text


@lru_cache(maxsize=16_384)
def sanitised(text: str, kind: DocumentType, subject: str = "") -> Sanitised:
    """`text` itself when there is nothing to take out, so that offsets into it stay true.

    Sentences that speak to an assistant go from every text, requests from reviews, and from descriptions the requests
    that are not about the product; `subject` is what else is known about it. Texts of the store may ask and instruct.
    """
    seen = visible(text)
    sentences = _sentences(seen, glued=kind not in _OF_THE_STORE)
    dropped = {span for span in sentences if _has_no_business(seen, span, kind, subject)}
    if not dropped:
        return Sanitised(seen, 0)
    kept, end = "", 0
    for span in sentences:
        if span not in dropped:
            kept += seen[end : span[1]]
        end = span[1]
    return Sanitised((kept + seen[end:]).strip(), len(dropped))


def _sentences(text: str, *, glued: bool) -> list[Span]:
    """Without the white space around them; a request that begins inside a sentence begins one of its own."""
    spans = []
    for found in _SENTENCE.finditer(text):
        bare = found.group().strip()
        if bare:
            start = found.start() + found.group().index(bare)
            inside = (start + at for at in _glued(bare)) if glued else ()
            cuts = [start, *inside, start + len(bare)]
            spans += [(begin, begin + len(text[begin:end].rstrip())) for begin, end in pairwise(cuts)]
    return spans


def _glued(sentence: str) -> Iterator[int]:
    """Where a capital letter begins an errand in the middle of a sentence: a full stop may have been forgotten."""
    forms = Instructions.load()
    return (found.start() for found in _CAPITAL.finditer(sentence) if forms.is_request(sentence[found.start() :]))


def _has_no_business(text: str, span: Span, kind: DocumentType, subject: str) -> bool:
    sentence, forms = normalise(text[slice(*span)]), Instructions.load()
    if forms.addresses_assistant(sentence):
        return True
    if kind in _OF_THE_STORE:
        return False
    if forms.steers_answer(sentence):
        return True
    if kind is DocumentType.REVIEW:
        return forms.is_request(sentence) or forms.sends_elsewhere(sentence)
    if kind is not DocumentType.PRODUCT or not forms.is_request(sentence):
        return False
    about = _share_about(sentence, f"{subject}\n{text[: span[0]]}\n{text[span[1] :]}")
    return about == 0 or (about < _ON_SUBJECT and forms.is_errand(sentence))


def _share_about(sentence: str, subject: str) -> float:
    """The share of a sentence's content words that the subject has too."""
    said = frozenset(tokens(sentence))
    return len(said.intersection(tokens(subject))) / max(1, len(said))
