from __future__ import annotations

import pytest

from retrievers.reading import Vocabulary, read_request


def _prices(question: str) -> list[tuple[str, float]]:
    limits = read_request(question, Vocabulary(heads=frozenset({"laptop", "tent"}))).limits
    return [(item.op, float(item.value)) for item in limits if item.field == "price"]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("laptop under twenty dollars", [("lte", 20.0)]),
        ("under a hundred bucks", [("lte", 100.0)]),
        ("laptop for less than one thousand two hundred dollars", [("lte", 1200.0)]),
        ("laptop under two hundred and fifty", [("lte", 250.0)]),
        ("between twenty and thirty dollars", [("gte", 20.0), ("lte", 30.0)]),
        ("laptop $50-$100", [("gte", 50.0), ("lte", 100.0)]),
        ("50-100 dollar laptop", [("gte", 50.0), ("lte", 100.0)]),
        ("from $100 to $50", [("gte", 50.0), ("lte", 100.0)]),
        ("laptop 1-2k dollars", [("gte", 1000.0), ("lte", 2000.0)]),
        ("over $20 and under $50", [("lte", 50.0), ("gte", 20.0)]),
        ("laptop around 50", [("gte", 40.0), ("lte", 60.0)]),
        ("about $1,000", [("gte", 800.0), ("lte", 1200.0)]),
        ("a present for $50", [("lte", 50.0)]),
        ("I have 80 dollars", [("lte", 80.0)]),
        ("under 100 laptop", [("lte", 100.0)]),
        ("laptop ≤ $900", [("lte", 900.0)]),
        ("laptop $900 max", [("lte", 900.0)]),
        ("$900 or less", [("lte", 900.0)]),
        ("my budget is 70", [("lte", 70.0)]),
        ("50달러 정도 노트북", [("gte", 40.0), ("lte", 60.0)]),
        ("오십달러 이하", [("lte", 50.0)]),
        ("laptop", []),
        ("laptop not under 500", [("gte", 500.0)]),
        ("laptop for no less than $500", [("gte", 500.0)]),
        ("iPhone 11", []),
        ("iPhone 11-12", []),
        ("2-3 person tent", []),
        ("tent for 4", []),
        ("under 18 people", []),
    ],
)
def test_prices_as_people_say_them(question: str, expected: list[tuple[str, float]]) -> None:
    assert _prices(question) == expected


@pytest.mark.parametrize(
    ("question", "stars"),
    [
        ("tent with at least 4 stars", 4.0),
        ("4.5+ stars tent", 4.5),
        ("tent, four stars or more", 4.0),
        ("tent rated 4 or higher", 4.0),
        ("평점 4.5 이상 텐트", 4.5),
    ],
)
def test_ratings(question: str, stars: float) -> None:
    (item,) = read_request(question, Vocabulary(heads=frozenset({"tent"}))).limits
    assert (item.field, item.op, item.value) == ("rating", "gte", stars)


def test_more_stars_than_five_are_not_a_rating() -> None:
    assert not read_request("10 stars flag", Vocabulary()).limits
