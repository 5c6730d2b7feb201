"""From records to what the index holds, up to the vectors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.ingestion.cards import document_evidence, passage_search_text, product_evidence, product_search_text
from app.ingestion.telling import TellingAttributes
from retrievers.catalogue import Document, DocumentType, Product
from retrievers.heads import infer_heads
from retrievers.index.schema import payload_of
from retrievers.records import Evidence

Record = Product | Document


@dataclass(frozen=True, slots=True)
class Passage:
    """One point without its vectors: `embedded` is what the dense vector reads, `searched` what BM25 reads."""

    evidence: Evidence
    embedded: str
    searched: str
    payload: Mapping[str, Any]


def passages(records: Sequence[Record]) -> list[Passage]:
    """Products first. Kinds are read with the whole catalogue in view, so one new title may change another's kind."""
    products = [record for record in records if isinstance(record, Product)]
    documents = [record for record in records if isinstance(record, Document)]
    return [*_product_passages(products), *(passage for document in documents for passage in _passages(document))]


def vocabulary(found: Sequence[Passage]) -> dict[str, list[str]]:
    """The names the catalogue uses, sorted: brands, categories, heads (stems), kinds and materials."""
    fields = {"brands": "brand", "categories": "category", "heads": "head", "kinds": "kind", "materials": "material"}
    of_products = [passage.payload for passage in found if passage.evidence.type is DocumentType.PRODUCT]
    return {name: sorted({v for p in of_products for v in _listed(p.get(field))}) for name, field in fields.items()}


def _product_passages(products: Sequence[Product]) -> Iterator[Passage]:
    kinds, telling = infer_heads(products), TellingAttributes(products)
    for product in products:
        attributes, kind = telling.of(product), kinds.get(product.product_id)
        evidence = product_evidence(product, kind)
        yield Passage(
            evidence=evidence,
            embedded=product_search_text(product, attributes, long=False),
            searched=product_search_text(product, attributes, long=True),
            payload=payload_of(evidence, kind.heads if kind else ()),
        )


def _passages(document: Document) -> Iterator[Passage]:
    for evidence in document_evidence(document):
        searched = passage_search_text(evidence)
        yield Passage(evidence, searched, searched, payload_of(evidence))


def _listed(value: Any) -> list[str]:
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]
