"""From records to what the index holds, up to the vectors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.ingestion.cards import document_evidence, passage_view, product_evidence, product_fields, product_views
from app.ingestion.choices import choice_summaries
from app.ingestion.facets import CatalogueFacets, summaries
from app.ingestion.spoken import common_words
from app.ingestion.telling import TellingAttributes
from retrievers.catalogue import Document, Product
from retrievers.embedding.tokens import stem
from retrievers.facets import AttributeSummary, properties
from retrievers.heads import Kind, infer_heads
from retrievers.index.schema import payload_of
from retrievers.records import Evidence

Record = Product | Document


@dataclass(frozen=True, slots=True)
class Passage:
    """One point without its vectors: the dense one is the mean over `views`, BM25 reads the `fields`."""

    evidence: Evidence
    views: tuple[str, ...]
    fields: tuple[str, str, str]  # name, description, details
    payload: Mapping[str, Any]


_MEANT_BY_HALF = 0.5

_NAMES = {  # of the vocabulary, and the payload field that holds them
    "brands": "brand",
    "categories": "category",
    "heads": "head",
    "kinds": "kind",
    **{f"{name}s": name for name in properties()},
}


@dataclass(frozen=True, slots=True)
class Passages:
    """What the index is to hold, products first, and what the products state."""

    passages: list[Passage]
    vocabulary: dict[str, list[str]]
    attributes: dict[str, AttributeSummary]


def passages(records: Sequence[Record]) -> Passages:
    """Kinds and units are read with the whole catalogue in view, so one new title may change another's kind."""
    products = [record for record in records if isinstance(record, Product)]
    documents = [record for record in records if isinstance(record, Document)]
    kinds, facets = infer_heads(products), CatalogueFacets(products)
    choices = choice_summaries(products, kinds)
    found = list(_product_passages(products, kinds, facets, frozenset(choices)))
    names = vocabulary(found)
    found += [passage for document in documents for passage in _passages(document)]
    return Passages(found, names, {**summaries(products, kinds, facets), **choices})


def vocabulary(products: Sequence[Passage]) -> dict[str, list[str]]:
    """The names the products use, sorted; `fields` are those that any of them states.

    `spoken` are the words of their texts, `called` those of their kinds.
    `ambiguous` are colours, materials, brands and the like whose name mostly says something else in titles: "laser".
    """
    payloads = [product.payload for product in products]
    names = {name: sorted({v for p in payloads for v in _listed(p.get(field))}) for name, field in _NAMES.items()}
    fields = sorted({field for payload in payloads for field in payload})
    spoken = common_words(" ".join(product.fields[:2]) for product in products)
    called = common_words(str(payload.get("kind") or "") for payload in payloads)
    ambiguous = sorted({*_ambiguous(products), *_ambiguous_brands(products)})
    return {**names, "fields": fields, "ambiguous": ambiguous, "spoken": spoken, "called": called}


def _ambiguous(products: Sequence[Passage]) -> Iterator[str]:
    said, meant = Counter[str](), Counter[str]()
    names: set[str] = set()
    for product in products:
        stated = {name for field in properties() for name in _listed(product.payload.get(field))}
        names |= stated
        words = {word for name in stated for word in name.split()}
        for word in set(product.evidence.title.casefold().split()):
            said[word] += 1
            meant[word] += word in words
    yield from (name for name in names if meant[name] < _MEANT_BY_HALF * said[name])


def _ambiguous_brands(products: Sequence[Passage]) -> Iterator[str]:
    """Brands whose name is a kind, a colour or a material of more products than they have themselves."""
    own = Counter(name for product in products for name in _listed(product.payload.get("brand")))
    brands = {**{stem(name): name for name in own}, **{name: name for name in own}}  # heads are stems
    of_others = Counter[str]()
    for product in products:
        stated = {name for field in ("head", *properties()) for name in _listed(product.payload.get(field))}
        called = {brands[word] for word in stated if word in brands}
        of_others.update(called - {product.payload.get("brand")})
    yield from (name for name, count in of_others.items() if count > own[name])


def _product_passages(
    products: Sequence[Product], kinds: Mapping[str, Kind], facets: CatalogueFacets, choices: frozenset[str]
) -> Iterator[Passage]:
    telling = TellingAttributes(products)
    for product in products:
        attributes, kind = telling.of(product), kinds.get(product.product_id)
        evidence = product_evidence(product, kind, facets.of(product))
        yield Passage(
            evidence=evidence,
            views=product_views(product, attributes),
            fields=product_fields(product),
            payload=payload_of(evidence, kind.heads if kind else (), choices),
        )


def _passages(document: Document) -> Iterator[Passage]:
    for evidence in document_evidence(document):
        yield Passage(evidence, (passage_view(evidence),), (evidence.title, evidence.text, ""), payload_of(evidence))


def _listed(value: Any) -> list[str]:
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]
