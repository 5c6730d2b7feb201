"""What a record says, as evidence to cite and as text to search by."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from app.ingestion.chunking import Chunk, chunks
from retrievers.catalogue import AttributeValue, Document, DocumentType, Product
from retrievers.facets import Facets, facets_json
from retrievers.heads import Kind
from retrievers.records import Evidence

_UNITS = {  # how the last word of an attribute's name is written after its number
    **{unit: unit for unit in ("g", "kg", "lb", "oz", "mm", "cm", "m", "km", "ml", "cl", "fps", "lumens", "denier")},
    **{unit: unit for unit in ("hours", "minutes", "days", "months", "years", "inches")},
    **{"l": "L", "liters": "L", "litres": "L", "inch": "inches", "h": "hours", "min": "minutes"},
    **{"w": "W", "kw": "kW", "v": "V", "hz": "Hz", "mhz": "MHz", "ghz": "GHz", "mp": "MP", "mah": "mAh", "wh": "Wh"},
    **{"db": "dB", "mb": "MB", "gb": "GB", "tb": "TB", "celsius": "°C", "percent": "%"},
}
_DESCRIPTION_EMBEDDED = 240  # characters; the embedder reads 128 pieces, and the title and attributes come first
_DESCRIPTION_SEARCHED = 800
_OWN_WORDS = 400


def product_evidence(product: Product, kind: Kind | None, facets: Facets | None = None) -> Evidence:
    """The product card: title, description, and each attribute on a line. No price: live facts say that.

    `kind` stands in where the catalogue gives none; being a guess, it is kept out of the text that answers quote.
    `facets` are what conditions compare, read with the whole catalogue in view.
    """
    lines = [product.title, *([product.description] if product.description else []), *_facts(product)]
    return Evidence(
        id=f"{DocumentType.PRODUCT}/{product.product_id}",
        type=DocumentType.PRODUCT,
        source=product.url or "catalogue",
        title=product.title,
        text="\n".join(lines),
        score=0.0,
        metadata={
            **product.model_dump(mode="json"),
            "kind": product.kind or (kind.kind if kind else None),
            "heads": list(kind.heads) if kind else [],
            **({"facets": facets_json(facets)} if facets else {}),
        },
        updated_at=product.updated_at,
    )


def document_evidence(document: Document) -> list[Evidence]:
    """One passage a chunk; `metadata` says where in the document it stands."""
    parts = chunks(document)
    return [_passage(document, chunk, number, len(parts)) for number, chunk in enumerate(parts, 1)]


def product_views(product: Product, telling: Mapping[str, AttributeValue]) -> tuple[str, str]:
    """What the embedder reads of a product: with its kind and telling attributes, and in its own words alone.

    Their mean finds products better than either: attributes place a product among its like, but drown a short title.
    """
    named = [product.title, _missing(product.brand, product.title), *product.category, product.kind or ""]
    facts = [attribute_line(name, value) for name, value in telling.items()]
    description = product.description[:_DESCRIPTION_EMBEDDED]
    return _joined([*named, *facts, description]), _joined([product.title, product.description])[:_OWN_WORDS]


def product_fields(product: Product) -> tuple[str, str, str]:
    """What a product is found by, word for word: its names, what it says of itself, and its attributes.

    Numbers are left out of the attributes: without their units they match anything. Identifiers stand with them, since
    a name would look long for having many.
    """
    names = [product.title, _missing(product.brand, product.title), *product.category, product.kind or ""]
    details = [*(_detail(name, value) for name, value in product.attributes.items()), *product.identifiers]
    return _joined(names), product.description[:_DESCRIPTION_SEARCHED], " ".join(part for part in details if part)


def passage_view(evidence: Evidence) -> str:
    return f"{evidence.title}\n{evidence.text}" if evidence.title else evidence.text


def attribute_line(name: str, value: AttributeValue) -> str:
    """`weight_g: 280.0` reads "weight: 280 g", `wi_fi: true` reads "wi fi: yes"."""
    words = [word for word in re.split(r"[_\s]+", name.strip()) if word]
    unit = ""
    if isinstance(value, float) and len(words) > 1 and words[-1].lower() in _UNITS:
        unit = " " + _UNITS[words.pop().lower()]
    return f"{' '.join(words)}: {_written(value)}{unit}"


def _passage(document: Document, chunk: Chunk, number: int, total: int) -> Evidence:
    kept = {"document_id": document.document_id, "product_id": document.product_id, "rating": document.rating}
    key = f"{document.type}/{document.document_id}"
    return Evidence(
        id=key if total == 1 else f"{key}#{number}",
        type=document.type,
        source=document.source,
        title=_title(document, chunk),
        text=chunk.text,
        score=0.0,
        metadata={**kept, "lang": document.lang, "start": chunk.start, "end": chunk.end},
        updated_at=document.updated_at,
    )


def _title(document: Document, chunk: Chunk) -> str:
    """A question stands for itself; a section of a policy needs the policy's name."""
    if not chunk.heading or chunk.heading == document.title:
        return document.title
    if document.type is DocumentType.FAQ or not document.title:
        return chunk.heading
    return f"{document.title}: {chunk.heading}"


def _facts(product: Product) -> Iterator[str]:
    for name, value in (("brand", product.brand), ("category", " > ".join(product.category)), ("kind", product.kind)):
        if value:
            yield f"{name}: {value}"
    yield from (attribute_line(name, value) for name, value in product.attributes.items())


def _written(value: AttributeValue) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(value)
    return ", ".join(value) if isinstance(value, list) else value


def _missing(part: str | None, whole: str) -> str:
    return part if part and part.casefold() not in whole.casefold() else ""


def _joined(parts: Iterable[str]) -> str:
    return ". ".join(part for part in parts if part)


def _detail(name: str, value: AttributeValue) -> str:
    if isinstance(value, bool):
        return re.sub(r"_+", " ", name) if value else ""
    return "" if isinstance(value, float) else _written(value)
