"""What a stored point looks like: ids, collection names and payload fields, the same for every engine."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from retrievers.catalogue import DocumentType
from retrievers.choices import choice_word, stated_choices
from retrievers.facets import Facets, facets_of
from retrievers.identifiers import identifiers, squeezed
from retrievers.index.codec import Json, evidence_from_json, evidence_to_json
from retrievers.index.protocol import Point, SparseVector, Vector
from retrievers.records import Evidence

DENSE = "dense"
SPARSE = "sparse"
DOCUMENT = "document"  # the payload key of the evidence itself; every other key is filterable

_NAMESPACE = uuid.UUID("6f0f7d0c-2f7e-5b0e-9a55-5d3a8a0e6b11")
MEASURE = "measure"  # figures by attribute, in base units
MEASURED, FLAG = "measured", "flag"  # which attributes have a figure; `bluetooth=yes` and `bluetooth=no`
CHOICE = "choice"  # values of enumerated attributes, `size=king`


@dataclass(frozen=True, slots=True)
class Field:
    """`folded`: case is ignored. `unknown_passes`: whether a document without the figure keeps a limit on it.

    Words need no such rule: what a document does not state is neither one of some words nor ruled out by them.
    """

    type: Literal["float", "integer", "keyword"]
    unknown_passes: bool = True
    folded: bool = False


FIELDS: Mapping[str, Field] = {
    "price": Field("float", unknown_passes=False),
    "stock": Field("integer"),
    "rating": Field("float"),
    "popularity": Field("float"),
    "updated_at": Field("float"),  # seconds since 1970, UTC
    "brand": Field("keyword", folded=True),
    "category": Field("keyword", folded=True),
    "kind": Field("keyword", folded=True),
    "material": Field("keyword", folded=True),
    "colour": Field("keyword", folded=True),
    "connectivity": Field("keyword", folded=True),
    "head": Field("keyword", folded=True),
    "product_id": Field("keyword"),
    "identifier": Field("keyword", folded=True),
    MEASURED: Field("keyword"),
    FLAG: Field("keyword"),
    CHOICE: Field("keyword"),
}


def point_id(evidence_id: str) -> str:
    """A UUIDv5, since Qdrant takes no free text as an id."""
    return str(uuid.uuid5(_NAMESPACE, evidence_id))


def new_generation() -> str:
    """A name that sorts by time and holds no underscore, which separates the parts of a collection's name."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"


def started_at(generation: str) -> datetime:
    return datetime.strptime(generation.split("-")[0], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)


def collection_name(generation: str, type: DocumentType) -> str:
    return f"shelfwise_{generation}_{type.value}"


def alias_name(type: DocumentType) -> str:
    return f"shelfwise_{type.value}"


def point_of(
    evidence: Evidence,
    dense: Vector,
    sparse: SparseVector,
    heads: Sequence[str] = (),
    choices: Collection[str] = (),
) -> Point:
    return Point(evidence, payload_of(evidence, heads, choices), dense, sparse)


def payload_of(evidence: Evidence, heads: Sequence[str] = (), choices: Collection[str] = ()) -> Json:
    """The filterable fields of a document, unknown ones left out; `heads` are stems of what a product is.

    `choices` are the attributes that the catalogue enumerates.

    Every document has a popularity, 0 if unknown, because browsing orders by it and would skip those without.
    """
    metadata = evidence.metadata
    facets = facets_of(metadata)
    attributes = metadata.get("attributes") or {}
    enumerated = {name: stated_choices(name, attributes[name]) for name in choices if name in attributes}
    payload = {
        "price": metadata.get("price"),
        "stock": metadata.get("stock"),
        "rating": metadata.get("rating"),
        "popularity": float(metadata.get("popularity") or 0),
        "updated_at": evidence.updated_at.timestamp() if evidence.updated_at else None,
        "brand": metadata.get("brand"),
        "category": list(metadata.get("category") or ()),
        "kind": metadata.get("kind"),
        **facets.words,
        "head": list(heads),
        "product_id": metadata.get("product_id"),
        CHOICE: sorted({choice_word(name, value) for name, values in enumerated.items() for value in values}),
        "identifier": sorted({*map(squeezed, metadata.get("identifiers") or ()), *identifiers(evidence.title)}),
    }
    stated = {name: folded(name, value) for name, value in payload.items() if value is not None and value != []}
    return {**stated, **_attributes(facets)}


def measure_key(attribute: str) -> str:
    """Where a figure is stored, as a JSON path; names may hold anything but a quotation mark."""
    return f'{MEASURE}."{_pathable(attribute)}"'


def flag_word(attribute: str, said: bool) -> str:
    return f"{attribute}={'yes' if said else 'no'}"


def stored_payload(point: Point) -> Json:
    return {**point.payload, DOCUMENT: evidence_to_json(point.evidence)}


def evidence_of(stored: Json, score: float = 0.0) -> Evidence:
    return evidence_from_json(stored[DOCUMENT], score)


def folded(field: str, value: Any) -> Any:
    """A value as it is stored and compared: text without case where the field ignores it."""
    if not FIELDS[field].folded:
        return value
    return value.casefold() if isinstance(value, str) else [item.casefold() for item in value]


def _attributes(facets: Facets) -> Json:
    if not facets.measures and not facets.flags:
        return {}
    flags = sorted(flag_word(name, said) for name, said in facets.flags.items())
    measures = {_pathable(name): figure for name, figure in facets.measures.items()}
    payload = {MEASURE: measures, MEASURED: sorted(facets.measures), FLAG: flags}
    return {name: value for name, value in payload.items() if value}


def _pathable(attribute: str) -> str:
    return attribute.replace('"', "'")
