from __future__ import annotations

import pytest

from retrievers.reading import Vocabulary, read_request
from retrievers.records import SortBy


@pytest.mark.parametrize(
    ("question", "who"),
    [
        ("a gift for my wife", "wife"),
        ("laptop for my 12-year-old son", "son"),
        ("something for her", "her"),
        ("dad's birthday present, something for my dad", "dad"),
        ("gift ideas", "somebody"),
        ("아내 선물 추천", "아내"),
        ("laptop for me", None),
        ("gift card", None),
    ],
)
def test_whom_a_present_is_for(question: str, who: str | None, vocabulary: Vocabulary) -> None:
    assert read_request(question, vocabulary).recipient == who


@pytest.mark.parametrize(
    ("question", "count"),
    [
        ("two laptops", 2),
        ("3 cables under 20", 3),
        ("compare two laptops", 2),
        ("iPhone 11 cables", None),
        ("one laptop", None),
        ("laptop", None),
    ],
)
def test_how_many(question: str, count: int | None, vocabulary: Vocabulary) -> None:
    assert read_request(question, vocabulary).quantity == count


def test_comparing_things_of_one_kind(vocabulary: Vocabulary) -> None:
    reading = read_request("compare two laptops", vocabulary)
    assert (reading.intent, reading.named, reading.terms, reading.head) == ("compare", (), "laptops", "laptop")


@pytest.mark.parametrize(
    ("question", "fits"),
    [
        ("cable for Sony headphones", "Sony headphones"),
        ("toner for CopyCentre C65 under 50", "CopyCentre C65"),
        ("backpack for my laptop", "laptop"),
        ("backpack for hiking", None),
        ("tent for 4 people", None),
    ],
)
def test_what_it_must_fit(question: str, fits: str | None, vocabulary: Vocabulary) -> None:
    assert read_request(question, vocabulary).fits == fits


@pytest.mark.parametrize("question", ["What goes with my laptop?", "what can I use with my laptop"])
def test_company_for_something_owned(question: str, vocabulary: Vocabulary) -> None:
    reading = read_request(question, vocabulary)
    if "goes" in question:
        assert (reading.goes_with, reading.terms) == ("laptop", "laptop")
        assert [(item.field, item.op, item.value) for item in reading.limits] == [("head", "not_in", ("laptop",))]
    else:
        assert reading.goes_with is None


@pytest.mark.parametrize(
    ("question", "courtesy"),
    [
        ("hello", "greeting"),
        ("Hi there!", "greeting"),
        ("thanks a lot!", "thanks"),
        ("bye", "farewell"),
        ("안녕하세요", "greeting"),
        ("감사합니다", "thanks"),
        ("hello, laptops please", None),
        ("thanks, now show me cables", None),
    ],
)
def test_courtesies(question: str, courtesy: str | None, vocabulary: Vocabulary) -> None:
    reading = read_request(question, vocabulary)
    assert reading.courtesy == courtesy
    assert (reading.intent == "courtesy") is (courtesy is not None)


@pytest.mark.parametrize(
    ("question", "sort"),
    [
        ("lightest laptop", SortBy("attribute:weight_kg")),
        ("laptop with the longest battery", SortBy("attribute:battery_h", descending=True)),
        ("laptop with the most memory", SortBy("attribute:memory", descending=True)),
        ("largest screen laptop", SortBy("attribute:screen_in", descending=True)),
        ("longest cable", SortBy("attribute:length", descending=True)),
        ("most popular laptop", SortBy("popularity", descending=True)),
        ("가장 가벼운 노트북", SortBy("attribute:weight_kg")),
        ("quietest laptop", None),
        ("newest laptop", None),
    ],
)
def test_superlatives_by_figures(question: str, sort: SortBy | None, vocabulary: Vocabulary) -> None:
    assert read_request(question, vocabulary).sort == sort
