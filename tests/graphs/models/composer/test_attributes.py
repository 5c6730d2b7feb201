from __future__ import annotations

import pytest

from graphs.models.composer.attributes import relevant, shared, spoken
from graphs.models.composer.turn import Shown
from graphs.prompts.phrases import Phrases
from retrievers.catalogue import DocumentType
from retrievers.records import Evidence, ItemFacts


def shown(title="Printer", **attributes):
    metadata = {"product_id": "P", "attributes": attributes}
    return Shown("1", Evidence("product/P", DocumentType.PRODUCT, "c", title, title, 1.0, metadata), ItemFacts("P"), ())


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("weight_g", 280, "weight: 280 g"),
        ("internal_memory_gb", 16.0, "internal memory: 16 GB"),
        ("print_technology", "Laser", "print technology: Laser"),
        ("waterproof", True, "waterproof"),
        ("waterproof", False, "not waterproof"),
        ("colours", ["red", "blue"], "colours: red / blue"),
        ("weight_kg", 0.435, "weight: 0.435 kg"),
        ("humidity__h_h_", "5 - 95", "humidity: 5 - 95"),
        ("g", 4, "g: 4"),
        ("contrast_ratio__typical_", "200:1", "contrast ratio typical: 200:1"),
    ],
)
def test_spoken_as_name_value_and_unit(name, value, text):
    assert spoken(name, value, Phrases.load("en")) == text


def test_relevant_prefers_the_name_asked_about_and_skips_what_the_title_says():
    printer = shown("Laser printer", print_technology="laser", duplex_printing=True, noise_db=52)
    assert relevant(printer, frozenset({"nois", "laser"}), 2) == ["noise_db"]


def test_shared_leaves_out_what_one_lacks_and_puts_differences_first():
    left, right = shown(colour="black", weight_g=1, fill="down"), shown(colour="black", weight_g=2)
    assert shared([left, right], frozenset(), 2) == ["weight_g", "colour"]


def test_long_values_are_not_said():
    assert shared([shown(notes="x" * 200)], frozenset(), 2) == []


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Aster Trail 3", "Aster Trail 3"),
        ("Marking tags 1000 pcs.", "Marking tags 1000 pcs"),
        ("Black toner cartridge. Equivalent to Kyocera TK-18.", "Black toner cartridge, Equivalent to Kyocera TK-18"),
        ("Parka [2]", "Parka (2)"),
    ],
)
def test_title_cannot_end_or_cite_in_the_middle_of_a_sentence(title, said):
    assert shown(title).title == said
