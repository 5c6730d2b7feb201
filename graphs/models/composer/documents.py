"""Answers taken from what the store has written: questions and answers, policies, manuals."""

from __future__ import annotations

from collections.abc import Sequence

from graphs.models.composer.extract import Extract, cited, ranked_extracts
from graphs.models.composer.turn import ComposerTurn
from graphs.verification.examine import examine
from retrievers.catalogue import DocumentType
from retrievers.embedding.tokens import tokens
from retrievers.reading.language import search

TEXTS = (DocumentType.FAQ, DocumentType.POLICY, DocumentType.TECHNICAL)
_SENTENCES = 3
_TRIED = 3  # passages
_ALIKE = 0.55  # likeness that a passage about something else seldom has
_ANSWERS = 0.5  # share of the question's words a document must cover to count as an answer


def document_answer(turn: ComposerTurn) -> list[str]:
    """The sentences that answer; else the closest ones, marked as such; else that there is no answer."""
    extract = _proved(turn, _extracts(turn, _SENTENCES))
    if extract is None or (extract.coverage == 0 and not _alike(turn, extract) and not turn.asks_in_another_script):
        return no_answer(turn)
    sentences = [cited(sentence, extract.marker) for sentence in extract.sentences]
    return sentences if _answers(turn, extract) else [turn.phrases.say("closest"), *sentences]


def answers(turn: ComposerTurn) -> bool:
    """Whether some document covers enough of the question."""
    found = _extracts(turn, 1)
    return bool(found) and _answers(turn, found[0])


def _extracts(turn: ComposerTurn, count: int) -> list[Extract]:
    documents = turn.of_type(*TEXTS)
    return ranked_extracts(documents, turn.asked_of_documents(), count, turn.empty_words, _subject(turn))


def _proved(turn: ComposerTurn, extracts: Sequence[Extract]) -> Extract | None:
    """The best of those of which the check leaves anything to be shown."""
    return next((one for one in extracts[:_TRIED] if _holds(turn, one)), extracts[0] if extracts else None)


def _holds(turn: ComposerTurn, extract: Extract) -> bool:
    said = (cited(sentence, extract.marker) for sentence in extract.sentences)
    kept = ("supported", "not_a_claim")
    return any(examine(sentence, turn.sources, turn.phrases.lang).verdict in kept for sentence in said)


def _answers(turn: ComposerTurn, extract: Extract) -> bool:
    return extract.coverage >= _ANSWERS or _alike(turn, extract)


def _alike(turn: ComposerTurn, extract: Extract) -> bool:
    """Near in meaning, which cannot be told across scripts."""
    return extract.likeness >= _ALIKE and not turn.asks_in_another_script


def _subject(turn: ComposerTurn) -> frozenset[str]:
    """The stem of the word that made this a question to the store; several words ("send back") are of many pages."""
    found = search("about", "policy", turn.reading.question)
    stems = frozenset(tokens(found.group(0))) if found else frozenset[str]()
    return stems if len(stems) == 1 else frozenset()


def no_answer(turn: ComposerTurn) -> list[str]:
    return [turn.phrases.say("no_answer"), turn.phrases.say("suggest")]
