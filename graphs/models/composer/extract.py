"""Sentences of a source, chosen for a question and otherwise left as they were written."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from graphs.verification.markers import without_markers
from graphs.verification.sentences import split
from retrievers.catalogue import DocumentType
from retrievers.embedding.tokens import tokens
from retrievers.records import Evidence

_HEADING = re.compile(r"^\s*#{1,6}\s")
_DECORATION = re.compile(r"^\s*(?:[-*•]|\d+[.)])\s+|^\s*[QA]:\s+|\*\*|__|`")
_END = re.compile(r"[.!?…。]+$")
_LONGEST = 45  # words of a sentence worth quoting
_QUOTE = range(5, 21)  # words of a review's sentence that says something and can still be read at a glance
_FIGURE_BONUS = 0.1
_SAME_QUESTION = 0.75  # share of words two questions have in common when they ask the same
_WORDS_COUNT = 0.1  # of the passage's words and of its best sentence's, beside a likeness in [0, 1]
_QUESTION_COUNTS = 0.1  # for a frequent question that is part of what is asked
_SUBJECT_COUNTS = 0.1  # for a passage on what made it a question to the store: "return" in "can I return gloves?"
_RARE_COUNTS = 0.15  # for what few of the passages say: "marketplace" where all of them speak of prices
_DIRECT = 2  # sentences of an answer to the same question; the first ones say it


@dataclass(frozen=True, slots=True)
class Extract:
    """`coverage` is the share of the question's words found in the document, title included, in [0, 1].

    `focus` is the share found in the best sentence alone. A `direct` answer belongs to the same question. `likeness` is
    how near in meaning the whole passage is to the question (a cosine); `relevance` weighs all of it.
    """

    marker: str
    sentences: tuple[str, ...]
    coverage: float
    focus: float
    direct: bool = False
    likeness: float = 0.0
    relevance: float = 0.0


def ranked_extracts(
    documents: Sequence[tuple[str, Evidence]],
    asked: frozenset[str],
    count: int,
    empty: frozenset[str] = frozenset(),
    subject: frozenset[str] = frozenset(),
) -> list[Extract]:
    """For each passage up to `count` of its sentences, the passage nearest to the question first: by its meaning more
    than by shared words, which ("send", "back") may be about anything.

    An answer to the same question comes before all others; `empty` are the stems that every question has.
    """
    found = (_extract(marker, item, asked, count, empty, subject) for marker, item in documents)
    weights = _weights(documents, asked)
    extracts = [
        replace(extract, relevance=extract.relevance + _RARE_COUNTS * _weighed(item, weights))
        for extract, (_, item) in zip(found, documents, strict=True)
        if extract
    ]
    return sorted(extracts, key=lambda extract: (not extract.direct, -extract.relevance))


def _weights(documents: Sequence[tuple[str, Evidence]], asked: frozenset[str]) -> Mapping[str, float]:
    """Of each stem that any of the passages says; the more of them say it, the less it tells between them."""
    holding = Counter(stem for _, item in documents for stem in asked & _stems(item))
    return {stem: 1 / count for stem, count in holding.items()}


def _weighed(item: Evidence, weights: Mapping[str, float]) -> float:
    """The share a passage says, in [0, 1]."""
    return sum(weights[stem] for stem in weights.keys() & _stems(item)) / (sum(weights.values()) or 1.0)


def _stems(item: Evidence) -> frozenset[str]:
    return frozenset(tokens(f"{item.title} {item.text}"))


def quotations(text: str) -> list[str]:
    """The sentences that can stand by themselves between quotation marks, without their full stops."""
    return [_END.sub("", sentence) for sentence in _sentences(text) if len(sentence.split()) in _QUOTE]


def _extract(
    marker: str, item: Evidence, asked: frozenset[str], count: int, empty: frozenset[str], subject: frozenset[str]
) -> Extract | None:
    sentences = [sentence for sentence in _sentences(item.text) if len(sentence.split()) <= _LONGEST]
    if not sentences:
        return None
    title = asked.intersection(tokens(item.title))
    found = asked.intersection(tokens(item.text))
    words = max(1, len(asked))
    coverage = len(found | title) / words
    scores = [_score(sentence, asked) for sentence in sentences]
    best = max(range(len(sentences)), key=lambda index: (scores[index], -index))
    focus = int(scores[best]) / words
    said = tuple(sentences[index] for index in _chosen(item, scores, best, count))
    relevance = (
        item.score
        + _WORDS_COUNT * (coverage + focus)
        + _QUESTION_COUNTS * _part_of_question(item, asked, empty)
        + _SUBJECT_COUNTS * (not subject.isdisjoint(tokens(f"{item.title} {item.text}")))
    )
    if _same_question(item, asked, empty):
        said = tuple(sentences[: min(count, _DIRECT)])
        return Extract(marker, said, 1.0, 1.0, direct=True, likeness=item.score, relevance=relevance)
    return Extract(marker, said, coverage, focus, likeness=item.score, relevance=relevance)


def _same_question(item: Evidence, asked: frozenset[str], empty: frozenset[str]) -> bool:
    """A frequent question's title is a question itself."""
    title = frozenset(tokens(item.title)) - empty
    shared = len(title & asked)
    return item.type == DocumentType.FAQ and shared > 0 and shared >= _SAME_QUESTION * max(len(title), len(asked))


def _part_of_question(item: Evidence, asked: frozenset[str], empty: frozenset[str]) -> float:
    """The share of a frequent question's words that are asked, if it asks hardly anything else."""
    title = frozenset(tokens(item.title)) - empty
    share = len(title & asked) / len(title) if title and item.type == DocumentType.FAQ else 0.0
    return share if share >= _SAME_QUESTION else 0.0


def _chosen(item: Evidence, scores: Sequence[float], best: int, count: int) -> list[int]:
    """Where no sentence holds a word of the question, the passage says it from its beginning.

    So does a frequent question's answer, which begins with its "no".
    """
    if scores[best] < 1:
        return list(range(min(len(scores), _DIRECT)))
    if item.type == DocumentType.TECHNICAL:
        return _steps(best, len(scores), count)
    if item.type == DocumentType.FAQ and best < min(count, _DIRECT):
        return list(range(min(len(scores), count, _DIRECT)))
    return _with_neighbours(best, scores, count)


def _steps(best: int, sentences: int, count: int) -> list[int]:
    """Instructions are read on from where they fit: one step alone helps nobody."""
    first = 0 if best < count else min(best, sentences - count)
    return list(range(first, min(sentences, first + count)))


def _with_neighbours(best: int, scores: Sequence[float], count: int) -> list[int]:
    """The best sentence, then the others that say at least half as much, in reading order."""
    others = sorted((index for index in range(len(scores)) if index != best), key=lambda index: (-scores[index], index))
    near = [index for index in others if scores[index] > 0 and scores[index] >= scores[best] / 2]
    return sorted([best, *near[: count - 1]])


def _score(sentence: str, asked: frozenset[str]) -> float:
    overlap = len(asked.intersection(tokens(sentence)))
    return overlap + (_FIGURE_BONUS if re.search(r"\d", sentence) else 0.0)


def _sentences(text: str) -> list[str]:
    """Without headings, list marks, markers and questions: none of them is an answer."""
    lines = [_DECORATION.sub("", line) for line in text.splitlines() if not _HEADING.match(line)]
    found = split("\n".join(" ".join(lines_of) for lines_of in _paragraphs(lines)))
    plain = (without_markers(sentence.text) for sentence in found)
    return [sentence for sentence in plain if sentence and not sentence.endswith(("?", ":"))]


def _paragraphs(lines: Sequence[str]) -> list[list[str]]:
    """Wrapped lines belong together; a blank line separates."""
    paragraphs: list[list[str]] = [[]]
    for line in lines:
        if line.strip():
            paragraphs[-1].append(line.strip())
        elif paragraphs[-1]:
            paragraphs.append([])
    return paragraphs


def cited(sentence: str, marker: str) -> str:
    """The marker stands before the full stop."""
    end = _END.search(sentence)
    stop = end.group() if end else "."
    return f"{_END.sub('', sentence).rstrip()} [{marker}]{stop}"
