"""What the composer writes from: one turn's context, the numbering of its sources, and the words of a language."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from graphs.conversation.understood import Unclear
from graphs.prompts.money import money
from graphs.prompts.phrases import Phrases
from graphs.sources import Sources
from graphs.verification.sentences import split
from retrievers.catalogue import DocumentType
from retrievers.embedding.tokens import tokens
from retrievers.records import Evidence, FilterItem, ItemFacts, Reading, Reason, UnifiedContext

_MARKER_LIKE = re.compile(r"\[(\s*[AF]?\d{1,3}\s*)\]")
_HANGUL = re.compile(r"[가-힣]")
_HANGUL_WORD = re.compile(r"[가-힣]+")


@dataclass(frozen=True, slots=True)
class Shown:
    """A product in the evidence, with its live facts and its reasons."""

    marker: str
    evidence: Evidence
    live: ItemFacts
    reasons: tuple[Reason, ...]

    @property
    def product_id(self) -> str:
        return self.live.product_id

    @property
    def price(self) -> float | None:
        return None if self.live.stale else self.live.price

    @property
    def title(self) -> str:
        """As the shop spells it, except what would end a sentence or read as a citation in the middle of one."""
        title = _MARKER_LIKE.sub(r"(\1)", " ".join(self.evidence.title.split()))
        return ", ".join(part.text.rstrip(".!?… ") for part in split(title))

    @property
    def short_title(self) -> str:
        """Up to the first comma, when that still says what the thing is."""
        first = self.title.partition(", ")[0]
        return first if len(first.split()) > 1 else self.title


@dataclass(frozen=True, slots=True)
class ComposerTurn:
    context: UnifiedContext
    sources: Sources
    phrases: Phrases
    unclear: Unclear | None = None  # what has to be asked back

    @property
    def reading(self) -> Reading:
        """Without a reading the question counts as open: it asks for nothing that could be missed."""
        return self.context.reading or Reading(question="", intent="open", terms="")

    @property
    def products(self) -> tuple[Shown, ...]:
        """Those that keep every limit."""
        near = {miss.evidence.id for miss in self.context.nearest}
        products = self.of_type(DocumentType.PRODUCT)
        return tuple(self._shown(marker, item) for marker, item in products if item.id not in near)

    @property
    def nearest(self) -> tuple[tuple[Shown, tuple[FilterItem, ...]], ...]:
        """Products that break a limit, with the limits they break."""
        misses = ((self.sources.evidence_marker(miss.evidence.id), miss) for miss in self.context.nearest)
        return tuple((self._shown(marker, miss.evidence), miss.broken) for marker, miss in misses if marker)

    def of_type(self, *types: DocumentType) -> list[tuple[str, Evidence]]:
        """Marker and evidence, in the order of the sources."""
        return [(marker, item) for marker, item in self.sources.evidence.items() if item.type in types]

    def _shown(self, marker: str, item: Evidence) -> Shown:
        product_id = str(item.metadata.get("product_id", item.id))
        live = self.sources.items.get(product_id) or ItemFacts(product_id)
        return Shown(marker, item, live, tuple(self.context.reasons.get(product_id, ())))

    @property
    def asks_in_another_script(self) -> bool:
        """A Korean question shares no words with English evidence, so what was ranked best has to do."""
        evidence = self.sources.evidence.values()
        return bool(_HANGUL.search(self.reading.question)) and not any(_HANGUL.search(item.text) for item in evidence)

    def asked(self) -> frozenset[str]:
        """Stems of what the question is about; of a Korean one also the English words its reading gave."""
        terms = self.reading.terms if _HANGUL.search(self.reading.question) else ""
        return frozenset(tokens(f"{self.reading.question} {terms}")) - self.empty_words

    def asked_of_documents(self) -> frozenset[str]:
        """The same in the documents' script, as far as the reading knows the words."""
        if not self.asks_in_another_script:
            return self.asked()
        return frozenset(tokens(_HANGUL_WORD.sub(" ", self.reading.terms))) - self.empty_words or self.asked()

    @property
    def empty_words(self) -> frozenset[str]:
        """Stems that every question has."""
        return frozenset(tokens(self.phrases.text("words", "question")))

    def sentence(self, key: str, product: Shown, facts: Iterable[str], markers: Iterable[str]) -> str:
        """A sentence about one product; without a live price it says that the price is to be confirmed."""
        rest = "".join(f", {fact}" for fact in facts)
        if product.price is None:
            return self.phrases.say("unpriced", title=product.title, rest=rest, cite=cite(markers))
        price = money(product.price, self.sources.currency)
        return self.phrases.say(key, title=product.title, price=price, rest=rest, cite=cite(markers))


def cite(markers: Iterable[str]) -> str:
    """`[1][F2]`, each marker once."""
    return "".join(f"[{marker}]" for marker in dict.fromkeys(markers))
