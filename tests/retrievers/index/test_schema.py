import json
import uuid
from datetime import UTC, datetime

from retrievers.catalogue import DocumentType, Product
from retrievers.index.schema import (
    alias_name,
    collection_name,
    evidence_of,
    new_generation,
    payload_of,
    point_id,
    started_at,
    stored_payload,
)
from retrievers.records import Evidence


def evidence(**fields):
    product = Product(product_id="X1", title="A chair", **fields)
    return Evidence("product/X1", DocumentType.PRODUCT, "shop", "A chair", "text", 0.0, product.model_dump(mode="json"))


def test_point_ids_are_stable_uuids():
    assert uuid.UUID(point_id("product/1")).version == 5
    assert point_id("product/1") == point_id("product/1") != point_id("product/2")


def test_names_of_collections():
    assert collection_name("20260102T030405-abcdef", DocumentType.FAQ) == "shelfwise_20260102T030405-abcdef_faq"
    assert alias_name(DocumentType.FAQ) == "shelfwise_faq"


def test_a_generation_knows_when_it_was_started():
    before = datetime.now(UTC).replace(microsecond=0)
    assert before <= started_at(new_generation()) <= datetime.now(UTC)


def test_unknown_values_are_left_out():
    assert payload_of(evidence()) == {"popularity": 0.0, "product_id": "X1"}


def test_known_values_are_folded_and_typed():
    payload = payload_of(
        evidence(price=0.0, stock=0, rating=4.5, brand="ACME", category=("Home", "Chairs"), kind="Chair",
                 identifiers=("EAN-9",)),
        heads=("chair",),
    )  # fmt: skip
    assert payload == {
        "price": 0.0,
        "stock": 0,
        "rating": 4.5,
        "popularity": 0.0,
        "brand": "acme",
        "category": ["home", "chairs"],
        "kind": "chair",
        "head": ["chair"],
        "product_id": "X1",
        "identifier": ["ean9"],
    }


def test_materials_are_known_by_their_last_word():
    attributes = {"upper_material": "Full-grain leather, mesh", "Materials": ["solid oak"], "colour": "leather brown"}
    assert payload_of(evidence(attributes=attributes))["material"] == [
        "full-grain leather", "leather", "mesh", "oak", "solid oak",
    ]  # fmt: skip


def test_what_only_looks_like_leather_is_not():
    assert payload_of(evidence(attributes={"material": "Vegan leather"}))["material"] == ["vegan leather"]


def test_evidence_survives_storing(shelf):
    point = shelf.point(
        "무선 마우스", 1, brand="Acme", attributes={"weight": 80.0, "usb": True, "tags": ["a"], "none": None}
    )
    stored = json.loads(json.dumps(stored_payload(point)))
    assert evidence_of(stored) == point.evidence
    assert evidence_of(stored, 0.5).score == 0.5
    assert stored["brand"] == "acme"
