from __future__ import annotations

from app.ingestion.cards import attribute_line, document_evidence, product_evidence, product_fields, product_views
from app.ingestion.points import passages
from app.ingestion.telling import TellingAttributes
from retrievers.catalogue import Document, DocumentType, Product
from retrievers.heads import Kind

KIND = Kind(heads=("coat",), kind="coat")
COAT = Product(
    product_id="c1",
    title="Wool coat",
    brand="Nord",
    category=("Coats", "Winter coats"),
    description="Warm to minus ten.",
    price=199.0,
    attributes={"weight_g": 1400.0, "hood": False, "colours": ["navy", "grey"], "season": "winter"},
    url="https://shop/c1",
)


def document(kind: DocumentType, text: str) -> Document:
    return Document(document_id="d", type=kind, title="Returns", text=text, source="d.md", product_id="c1", rating=4)


def test_a_card_reads_as_lines_and_leaves_the_price_to_live_facts():
    evidence = product_evidence(COAT, KIND)
    assert evidence.text.splitlines() == [
        "Wool coat",
        "Warm to minus ten.",
        "brand: Nord",
        "category: Coats > Winter coats",
        "weight: 1400 g",
        "hood: no",
        "colours: navy, grey",
        "season: winter",
    ]
    assert (evidence.id, evidence.source) == ("product/c1", "https://shop/c1")


def test_metadata_is_the_product_with_its_kind():
    evidence = product_evidence(COAT, KIND)
    assert evidence.metadata["heads"] == ["coat"]
    assert Product.model_validate(evidence.metadata) == COAT.model_copy(update={"kind": "coat"})
    declared = COAT.model_copy(update={"kind": "parka"})
    assert product_evidence(declared, KIND).metadata["kind"] == "parka"


def test_only_a_number_takes_its_unit_from_the_name():
    assert attribute_line("battery_life_hours", 12.5) == "battery life: 12.5 hours"
    assert attribute_line("class_g", "G") == "class g: G"
    assert attribute_line("g", 3.0) == "g: 3"


def test_ids_of_documents_and_chunks():
    (whole,) = document_evidence(document(DocumentType.REVIEW, "Warm and light."))
    assert (whole.id, whole.title) == ("review/d", "Returns")
    assert whole.metadata["product_id"] == "c1"
    first, second = document_evidence(document(DocumentType.POLICY, "## Time\n\nThirty days.\n\n## Gifts\n\nNever."))
    assert [first.id, second.id] == ["policy/d#1", "policy/d#2"]
    assert [first.title, second.title] == ["Returns: Time", "Returns: Gifts"]
    assert (second.metadata["document_id"], second.metadata["start"]) == ("d", 33)


def test_a_question_is_its_own_title():
    first, _ = document_evidence(document(DocumentType.FAQ, "## Can I cancel?\n\nYes.\n\n## Can I swap?\n\nNo."))
    assert first.title == "Can I cancel?"


def test_telling_attributes_are_short_shared_and_new():
    others = [COAT.model_copy(update={"product_id": f"c{n}"}) for n in range(3)]
    odd = COAT.model_copy(
        update={"attributes": {"season": "winter", "serial": "X9", "fibre": "wool", "care": "x" * 50}}
    )
    assert TellingAttributes([*others, odd]).of(odd) == {"season": "winter"}


def test_views_name_the_product_first():
    placed, own_words = product_views(COAT, {"season": "winter"})
    assert placed == "Wool coat. Nord. Coats. Winter coats. season: winter. Warm to minus ten."
    assert own_words == "Wool coat. Warm to minus ten."


def test_fields_are_names_description_and_details():
    coat = COAT.model_copy(update={"attributes": {"season": "winter", "water_proof": True, "vegan": False, "g": 900.0}})
    assert product_fields(coat) == ("Wool coat. Nord. Coats. Winter coats", "Warm to minus ten.", "winter water proof")


def test_identifiers_are_searched_but_not_embedded():
    (passage,) = passages([COAT.model_copy(update={"identifiers": ("4006381333931",)})]).passages
    assert "4006381333931" in passage.fields[2]
    assert "4006381333931" not in " ".join(passage.views)


def test_payload_holds_the_filterable_fields():
    (passage,) = passages([COAT]).passages
    assert passage.payload["head"] == ["coat"]
    assert (passage.payload["price"], passage.payload["brand"]) == (199.0, "nord")
    assert "stock" not in passage.payload
