from __future__ import annotations

import pytest

from graphs.models.composer.attributes import relevant, shared, spoken
from graphs.models.composer.turn import Shown
from graphs.prompts.phrases import Phrases
from retrievers.catalogue import DocumentType
from retrievers.embedding.tokens import tokens
from retrievers.records import Evidence, ItemFacts


def shown(title="Printer", **attributes):
    metadata = {"product_id": "P", "attributes": attributes}
    return Shown("1", Evidence("product/P", DocumentType.PRODUCT, "c", title, title, 1.0, metadata), ItemFacts("P"), ())


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("weight_g", 280, "weight 280 g"),
        ("internal_memory_gb", 16.0, "internal memory 16 GB"),
        ("print_technology", "Laser", "print technology: Laser"),
        ("waterproof", True, "waterproof"),
        ("waterproof", False, "not waterproof"),
        ("colours", ["red", "blue"], "colours: red / blue"),
        ("weight_kg", 0.435, "weight 0.435 kg"),
        ("humidity__h_h_", "5 - 95", "humidity: 5 - 95"),
        ("g", 4, "g: 4"),
        ("battery_h", 46.0, "battery life 46 hours"),
        ("warmth_c", -8.0, "warmth -8 °C"),
        ("protein_pct", 27, "protein 27%"),
        ("minutes", 90, "90 minutes"),
        ("pieces", 500, "pieces: 500"),
        ("hood", True, "with hood"),
        ("hood", False, "no hood"),
        ("duplex", "N", "no duplex"),
        ("ports", "USB\\n2 x HDMI", "ports: USB 2 x HDMI"),
        ("contrast_ratio__typical_", "200:1", "contrast ratio typical: 200:1"),
    ],
)
def test_spoken_as_name_value_and_unit(name, value, text):
    assert spoken(name, value, Phrases.load("en")) == text


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("battery_h", 46.0, "배터리 46시간"),
        ("waterproof", True, "방수 상품"),
        ("waterproof", False, "방수 아닌 상품"),
        ("hood", False, "후드 없는 상품"),
        ("material", "wool", "소재: wool"),
    ],
)
def test_spoken_in_korean(name, value, text):
    assert spoken(name, value, Phrases.load("ko")) == text


def about(product, question, lang="en"):
    return relevant(product, frozenset(tokens(question)), 2, Phrases.load(lang))


def test_relevant_prefers_the_name_asked_about_and_skips_what_the_title_says():
    printer = shown("Laser printer", print_technology="laser", duplex_printing=True, noise_db=52)
    assert about(printer, "noise laser") == ["noise_db"]
    assert about(shown("Pan 28 cm SPF 50", diameter_cm=28.0, spf=50, decaf=True), "spf 50 diameter 28 cm") == []


def test_relevant_knows_words_that_ask_for_an_attribute():
    shoe = shown("Shoe", weight_g=280, drop_mm=8)
    assert about(shoe, "lightweight") == ["weight_g"]
    assert about(shoe, "가벼운 신발", "ko") == ["weight_g"]


def test_relevant_leaves_out_what_is_mostly_about_something_else():
    assert about(shown(print_speed_black_a4=12, paper_sizes="A4, A5, A6"), "a4 printer") == []
    assert about(shown(age=14, complexity=4), "for a child of 4") == ["age"]
    assert about(shown(memory_gb=16.0), "16 GB") == ["memory_gb"]


@pytest.mark.parametrize(("name", "value"), [("weight", 6800), ("internal_memory", 0.5), ("a_b_c_d_e", "x")])
def test_measures_without_a_unit_and_long_names_are_not_said(name, value):
    assert shared([shown(**{name: value})], frozenset(), 2, Phrases.load("en")) == []


def test_shared_leaves_out_what_one_lacks_and_puts_differences_first():
    left, right = shown(colour="black", weight_g=1, fill="down"), shown(colour="black", weight_g=2)
    assert shared([left, right], frozenset(), 2, Phrases.load("en")) == ["weight_g", "colour"]


def test_long_values_are_not_said():
    assert shared([shown(notes="x" * 200)], frozenset(), 2, Phrases.load("en")) == []


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
