"""What a sentence's markers lead to."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from graphs.sources import Sources
from graphs.verification.action import ActionSource
from graphs.verification.document import DocumentSource
from graphs.verification.language import Language
from graphs.verification.outcome import Outcome
from graphs.verification.passages import Needs, Passage
from graphs.verification.product import ProductSource
from graphs.verification.quantities import Figure
from graphs.verification.shopper import ShopperSource
from graphs.verification.statement import Statement
from retrievers.catalogue import DocumentType


class CitedSource(Protocol):
    @property
    def marker(self) -> str: ...

    @property
    def words(self) -> frozenset[str]:
        """Stems of everything it says; a name in the sentence must be among them."""
        ...

    @property
    def numbers(self) -> Collection[Figure]:
        """Every figure it states anywhere."""
        ...

    def passage(self, needs: Needs) -> Passage | None:
        """What a reader is shown as proof; None when it says nothing of the kind."""
        ...

    def support(self, passage: Passage) -> frozenset[str]:
        """Stems that count as said, given that passage."""
        ...

    def judge(self, figure: Figure, statement: Statement) -> Outcome: ...


def cited_source(marker: str, sources: Sources, spoken: Language) -> CitedSource | None:
    """None for a marker that was not in the prompt. A source is read once a turn, however many sentences cite it."""
    key = marker, spoken
    if key not in sources.parsed:
        sources.parsed[key] = _read(marker, sources, spoken)
    found: CitedSource | None = sources.parsed[key]
    return found


def _read(marker: str, sources: Sources, spoken: Language) -> CitedSource | None:
    if feature := sources.features.get(marker):
        return ShopperSource.of(marker, feature, sources, spoken)
    if action := sources.actions.get(marker):
        return ActionSource(marker, action, sources.currency, spoken)
    evidence = sources.evidence.get(marker)
    if evidence is None:
        return None
    if evidence.type == DocumentType.PRODUCT:
        return ProductSource.of(marker, evidence, sources, spoken)
    return DocumentSource(marker, evidence, spoken)


@dataclass(frozen=True)
class Case:
    """One sentence and what it cites. Markers that stand for nothing are left out of `cited`."""

    statement: Statement
    sources: Sources

    @cached_property
    def cited(self) -> tuple[CitedSource, ...]:
        found = (cited_source(marker, self.sources, self.statement.spoken) for marker in self.statement.markers)
        return tuple(source for source in found if source is not None)

    @cached_property
    def quotes(self) -> tuple[str, ...]:
        """Quotes of the sentence that a cited document holds word for word."""
        return tuple(quote for quote in self.statement.quotes if any(each.holds(quote) for each in self.documents))

    @cached_property
    def products(self) -> list[ProductSource]:
        return [source for source in self.cited if isinstance(source, ProductSource)]

    @cached_property
    def facts(self) -> list[ShopperSource]:
        return [source for source in self.cited if isinstance(source, ShopperSource)]

    @cached_property
    def actions(self) -> list[ActionSource]:
        return [source for source in self.cited if isinstance(source, ActionSource)]

    @property
    def reviews(self) -> list[DocumentSource]:
        return [document for document in self.documents if document.evidence.type == DocumentType.REVIEW]

    @cached_property
    def documents(self) -> list[DocumentSource]:
        return [source for source in self.cited if isinstance(source, DocumentSource)]
