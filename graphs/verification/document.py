"""A review, an answer, a policy or a manual as a source: only what one passage of it says."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from graphs.verification.language import Language
from graphs.verification.outcome import MATCH, Outcome
from graphs.verification.passages import Needs, Passage, best_passage, sentences_of, states
from graphs.verification.quantities import Figure
from graphs.verification.statement import Statement
from retrievers.catalogue import DocumentType
from retrievers.embedding.tokens import tokens
from retrievers.records import Evidence

_SPEAKS_FOR_STORE = (DocumentType.FAQ, DocumentType.POLICY)


@dataclass(frozen=True)
class DocumentSource:
    """Only the store's own texts have a say about money and stock; shoppers' reviews and makers' manuals have none."""

    marker: str
    evidence: Evidence
    spoken: Language

    @property
    def speaks_for_store(self) -> bool:
        return self.evidence.type in _SPEAKS_FOR_STORE

    @cached_property
    def words(self) -> frozenset[str]:
        sentences = sentences_of(self.evidence.text, self.spoken)
        return self._title_stems.union(*(sentence.words for sentence in sentences))

    @cached_property
    def _title_stems(self) -> frozenset[str]:
        return frozenset(tokens(self.evidence.title))

    @cached_property
    def numbers(self) -> tuple[Figure, ...]:
        return tuple(
            figure for sentence in sentences_of(self.evidence.text, self.spoken) for figure in sentence.figures
        )

    def holds(self, phrase: str) -> bool:
        """Whether it says this word for word; case, white space and closing punctuation aside."""
        return _plain(phrase).rstrip(".!?…") in self._plain_text

    @cached_property
    def _plain_text(self) -> str:
        return _plain(self.evidence.text)

    def passage(self, needs: Needs) -> Passage | None:
        return best_passage(self.evidence.text, needs, self.spoken)

    def support(self, passage: Passage) -> frozenset[str]:
        return passage.words | self._title_stems

    def judge(self, figure: Figure, statement: Statement) -> Outcome:
        if figure.dimension == "money" and not self.speaks_for_store:
            return Outcome("absent", f"{figure.text} is not the source's to say")
        if figure.dimension == "stars" and figure.value == self.evidence.metadata.get("rating"):
            return MATCH
        passage = self.passage(statement.needs)
        if passage is not None and states(figure, passage.figures):
            return MATCH
        return Outcome("absent", f"the cited passage does not state {figure.text}")


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
