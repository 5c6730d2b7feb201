"""From records to what the index holds, up to the vectors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.ingestion.cards import document_evidence, passage_search_text, product_evidence, product_search_text
from app.ingestion.telling import TellingAttributes
from retrievers.catalogue import Document, DocumentType, Product
from retrievers.heads import Kind, infer_heads
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
        attributes = telling.of(product)
        yield Passage(
            evidence=product_evidence(product),
            embedded=product_search_text(product, attributes, long=False),
            searched=product_search_text(product, attributes, long=True),
            payload=_product_payload(product, kinds.get(product.product_id)),
        )


def _product_payload(product: Product, kind: Kind | None) -> dict[str, Any]:
    """The filterable fields that are known; names are case-folded, as queries are."""
    fields = {
        "product_id": product.product_id,
        "brand": product.brand and product.brand.casefold(),
        "category": [level.casefold() for level in product.category],
        "kind": kind and kind.kind,
        "head": list(kind.heads) if kind else None,
        "material": [name.casefold() for name in _listed(product.attributes.get("material"))],
        "identifier": list(product.identifiers),
        "price": product.price,
        "stock": product.stock,
        "rating": product.rating,
        "popularity": product.popularity,
    }
    return _known(fields)


def _passages(document: Document) -> Iterator[Passage]:
    payload = _known({"product_id": document.product_id, "rating": document.rating})
    for evidence in document_evidence(document):
        searched = passage_search_text(evidence)
        yield Passage(evidence, searched, searched, payload)


def _known(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None and value != []}


def _listed(value: Any) -> list[str]:
    if value is None:
        return []
    return [str(item) for item in value] if isinstance(value, list | tuple) else [str(value)]
