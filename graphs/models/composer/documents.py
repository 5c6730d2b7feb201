"""Answers taken from what the store has written: questions and answers, policies, manuals."""

from __future__ import annotations

from graphs.models.composer.extract import best_extract, cited
from graphs.models.composer.turn import ComposerTurn
from retrievers.catalogue import DocumentType

TEXTS = (DocumentType.FAQ, DocumentType.POLICY, DocumentType.TECHNICAL)
_SENTENCES = 3
_ANSWERS = 0.5  # share of the question's words a document must cover to count as an answer


def document_answer(turn: ComposerTurn) -> list[str]:
    """The sentences that answer; else the closest ones, marked as such; else that there is no answer."""
    documents = turn.of_type(*TEXTS)
    extract = best_extract(documents, turn.asked_of_documents(), _SENTENCES, turn.empty_words)
    if extract is None or (extract.coverage == 0 and not turn.asks_in_another_script):
        return no_answer(turn)
    sentences = [cited(sentence, extract.marker) for sentence in extract.sentences]
    return sentences if extract.coverage >= _ANSWERS else [turn.phrases.say("closest"), *sentences]


def answers(turn: ComposerTurn) -> bool:
    """Whether some document covers enough of the question."""
    extract = best_extract(turn.of_type(*TEXTS), turn.asked_of_documents(), 1, turn.empty_words)
    return extract is not None and extract.coverage >= _ANSWERS


def no_answer(turn: ComposerTurn) -> list[str]:
    return [turn.phrases.say("no_answer"), turn.phrases.say("suggest")]
