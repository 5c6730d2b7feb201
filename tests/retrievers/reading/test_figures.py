from __future__ import annotations

import pytest

from retrievers.reading import Vocabulary, read_request


def _figures(question: str, vocabulary: Vocabulary) -> list[tuple[str, str, object, str | None]]:
    limits = read_request(question, vocabulary).limits
    return [(item.field, item.op, item.value, item.unit) for item in limits if item.field.startswith("attribute:")]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("laptop with at least 16 GB of memory", [("memory", "gte", 16.0, "GB")]),
        ("laptop with 16 GB RAM", [("memory", "eq", 16.0, "GB")]),
        ("laptop, storage at least 500 GB", [("storage", "gte", 500.0, "GB")]),
        ("laptop 8GB RAM 1TB SSD", [("memory", "eq", 8.0, "GB"), ("storage", "eq", 1.0, "TB")]),
        ("laptop with at least sixteen gigs of ram", [("memory", "gte", 16.0, "GB")]),
        ("laptop lighter than 4 lbs", [("weight_kg", "lte", 4.0, "lb")]),
        ("laptop between 13 and 15 inches", [("screen_in", "gte", 13.0, "inch"), ("screen_in", "lte", 15.0, "inch")]),
        ('laptop under 14"', [("screen_in", "lte", 14.0, "inch")]),
        ("15.6 inch laptop", [("screen_in", "eq", 15.6, "inch")]),
        ("laptop around 1.5 kg", [("weight_kg", "gte", 1.35, "kg"), ("weight_kg", "lte", 1.65, "kg")]),
        ("cable at least 2 m long and at most 500 cm", [("length", "lte", 500.0, "cm"), ("length", "gte", 2.0, "m")]),
        ("5 m cable", [("length", "eq", 5.0, "m")]),
        ("6 ft cable", [("length", "eq", 6.0, "ft")]),
        ("backpack under 1 kg", [("weight_g", "lte", 1.0, "kg")]),
        ("laptop with 10 hours of battery or more", [("battery_h", "eq", 10.0, "hours")]),
        ("노트북 2kg 이하", [("weight_kg", "lte", 2.0, "kg")]),
    ],
)
def test_a_figure_finds_its_attribute(question: str, expected: list[tuple[str, ...]], vocabulary: Vocabulary) -> None:
    named = [(f"attribute:{name}", *rest) for name, *rest in expected]
    assert sorted(_figures(question, vocabulary), key=str) == sorted(named, key=str)


def test_a_figure_is_about_the_attribute_whose_figures_it_lies_among(vocabulary: Vocabulary) -> None:
    assert _figures("laptop with at least 16 GB", vocabulary) == [("attribute:memory", "gte", 16.0, "GB")]
    assert _figures("laptop with at least 512 GB", vocabulary) == [("attribute:storage", "gte", 512.0, "GB")]


def test_several_attributes_are_named_when_nothing_tells_them_apart(vocabulary: Vocabulary) -> None:
    assert _figures("laptop with at least 300 GB at most 400 GB", vocabulary)[0][0] == "attribute:storage"
    assert _figures("laptop with at least 5000 GB", vocabulary)[0][0] == "attribute:memory|storage"


def test_what_no_product_states_is_listed_and_searched_for(vocabulary: Vocabulary) -> None:
    reading = read_request("laptop with at least 300 nits", vocabulary)
    assert not reading.limits
    (missed,) = reading.unread
    assert (missed.op, missed.value, missed.unit) == ("gte", 300.0, "nits")
    assert missed.reason.endswith("no product here says so")
    assert "300 nits" in reading.terms


def test_of_an_unknown_thing_no_attribute_is_guessed(vocabulary: Vocabulary) -> None:
    assert not _figures("5 m hammock", vocabulary)
    assert _figures("hammock with a weight under 5 kg", vocabulary)


@pytest.mark.parametrize(
    "question", ["5G phone", "600 x 600 dpi laptop", "USB 3.2 laptop", "laptop with 2 x 8 GB", "A4"]
)
def test_what_only_looks_like_a_limit(question: str, vocabulary: Vocabulary) -> None:
    assert not [item for item in _figures(question, vocabulary) if item[1] in ("gte", "lte")]
