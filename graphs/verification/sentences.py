"""Sentences of an answer, found the same way whether the text arrives at once or in pieces."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import pysbd

from graphs.verification.markers import ONE, UNFINISHED, without_markers

_END = re.compile(rf"(?P<stop>[.!?…。！？]+[\"'”’)»*_]*(?=\s|\[))|(?P<line>\n)|(?P<inner>{ONE}(?=\s))")
# The segmenter knows no abbreviation this long but one; a short word or a figure may be one, or a unit.
_PLAIN_END = re.compile(r"[\s\W](?!Messrs)[A-Za-z][a-z]{5,}[.!?]\Z")
_MARKED_END = re.compile(rf"{ONE}[.!?]+\Z")  # a marker stands at the end of what it proves
_TAIL = re.compile(rf"(?:\s*{ONE})*(?P<gap>\s*)")
_WORD = re.compile(r"\W*\w\S*")
_NO_WORD = re.compile(r"^\W+")
_RULES = "en"  # pysbd has no Korean; its English rules find Korean full stops too
_LOOKBACK = 400  # code points shown to the segmenter, so that a text without a full stop costs no more


@dataclass(frozen=True, slots=True)
class Sentence:
    """`text` is `source[start:end]`, without white space around it; offsets count code points."""

    text: str
    start: int
    end: int


class SentenceBuffer:
    """Takes text in pieces of any size and gives back whole sentences, with their markers and the white space before.

    A sentence leaves only when the first word of the next one is there, so the pieces do not change where it ends.
    """

    def __init__(self) -> None:
        self._text = ""
        self._segmenter = pysbd.Segmenter(language=_RULES, clean=False)

    def feed(self, chunk: str) -> list[str]:
        """The sentences completed by this piece; together with `flush` they add up to the text fed."""
        self._text += chunk
        return self._take(final=False)

    def flush(self) -> list[str]:
        """Everything still held back."""
        sentences = self._take(final=True)
        rest, self._text = self._text, ""
        return [*sentences, rest] if rest else sentences

    def _take(self, *, final: bool) -> list[str]:
        sentences = []
        while (end := self._first_end(final)) is not None:
            sentences.append(self._text[:end])
            self._text = self._text[end:]
        return sentences

    def _first_end(self, final: bool) -> int | None:
        position = len(self._text) - len(self._text.lstrip())
        while found := _END.search(self._text, position):
            end = _TAIL.match(self._text, self._after(found))
            assert end is not None  # every part of the pattern is optional
            undecided = end.end() == len(self._text) or UNFINISHED.match(self._text, end.end())
            if undecided and not final:
                return None
            verdict = self._ends_sentence(found, end, final)
            if verdict is None:
                return None
            if verdict:
                return end.start("gap")
            position = found.end()
        return None

    @staticmethod
    def _after(found: re.Match[str]) -> int:
        return found.start() if found.lastgroup == "line" else found.end()

    def _ends_sentence(self, found: re.Match[str], end: re.Match[str], final: bool) -> bool | None:
        """None when the next word is still arriving."""
        if end.end() == len(self._text) or "\n" in end["gap"]:
            return True
        if found.lastgroup != "stop" or not end["gap"]:
            return False
        word = _WORD.match(self._text, end.end())
        if (word is None or word.end() == len(self._text)) and not final:
            return None
        return word is None or self._separate(self._text[: found.end()], word.group())

    def _separate(self, head: str, word: str) -> bool:
        """The segmenter decides about whatever may be an abbreviation, an initial or a number; a plain word is none."""
        bare = _NO_WORD.sub("", word)
        if bare[:1].isupper() and (_MARKED_END.search(head) or _PLAIN_END.search(head)):
            return True
        head = without_markers(head)[-_LOOKBACK:]
        segments = self._segmenter.segment(f"{head} {bare}")
        return bool(segments) and segments[-1].strip() == bare


@lru_cache(maxsize=256)
def split(text: str) -> tuple[Sentence, ...]:
    """Sentences in order; markers belong to the sentence before them, a line break always separates."""
    buffer = SentenceBuffer()
    sentences, position = [], 0
    for piece in [*buffer.feed(text), *buffer.flush()]:
        bare = piece.strip()
        if bare:
            start = position + piece.index(bare)
            sentences.append(Sentence(bare, start, start + len(bare)))
        position += len(piece)
    return tuple(sentences)
