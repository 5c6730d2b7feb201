"""A small outdoor and bedding shop: what it enumerates can be asked for, and nothing else."""

from __future__ import annotations

import pytest

from app.ingestion.points import passages
from retrievers.catalogue import Product
from retrievers.reading import Vocabulary, read_request


def _rows() -> list[Product]:
    rows = []
    for n in range(12):
        rows += [
            Product(
                product_id=f"s{n}", title=f"Hollin sheet set {n}", kind="sheet set",
                attributes={"size": ("king", "queen", "twin")[n % 3], "weave": ("plain", "sateen")[n % 2]},
            ),
            Product(
                product_id=f"l{n}", title=f"Fenn lantern {n}", kind="lantern",
                attributes={"water_rating": ("IP67", "IPX4")[n % 2], "charging_port": ("USB-C", "Micro-USB")[n % 2]},
            ),
            Product(
                product_id=f"t{n}", title=f"Tarn tent {n}", kind="tent", price=100.0 + n,
                attributes={"persons": float(n % 4 + 1), "season": ("three-season", "four-season")[n % 2]},
            ),
            Product(
                product_id=f"g{n}", title=f"Pell board game {n}", kind="board game",
                attributes={"players": ("2-4", "1-2", "3-6")[n % 3], "min_age": float(n % 3 + 6)},
            ),
            Product(
                product_id=f"b{n}", title=f"Ridge boots {n}", kind="boots",
                attributes={"sizes": ("US 5-9", "US 8-14")[n % 2], "material": "stainless steel" if n else "steel"},
            ),
            Product(
                product_id=f"j{n}", title=f"Gale jacket {n}", kind="jacket",
                attributes={"sizes": ("XS-M", "M-XXL")[n % 2], "lining": "fleece"} if n < 4 else {"sizes": "M-XXL"},
            ),
        ]  # fmt: skip
    return rows


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    read = passages(_rows())
    return Vocabulary.of(read.vocabulary, "USD", read.attributes)


def _limits(question: str, vocabulary: Vocabulary) -> list[tuple[str, str, object]]:
    return [(item.field, item.op, item.value) for item in read_request(question, vocabulary).limits]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("king size sheets", [("attribute:size", "in", ("king",))]),
        ("king-size sheet set", [("attribute:size", "in", ("king",))]),
        ("a sheet set, size: queen", [("attribute:size", "in", ("queen",))]),
        ("twin or queen sheet set", [("attribute:size", "in", ("twin", "queen"))]),
        ("an IP67 lantern", [("attribute:water_rating", "in", ("ip67",))]),
        ("lantern with IP-67", [("attribute:water_rating", "in", ("ip67",))]),
        ("USB type C lantern", [("attribute:charging_port", "in", ("usb-c",))]),
        ("tent for four persons", [("attribute:persons", "eq", 4.0)]),
        ("3-person tent", [("attribute:persons", "eq", 3.0)]),
        ("3-person four-season tent", [("attribute:season", "in", ("four-season",)), ("attribute:persons", "eq", 3.0)]),
        ("tent that sleeps 2", [("attribute:persons", "eq", 2.0)]),
        ("tent for at least 3 people", [("attribute:persons", "gte", 3.0)]),
        ("4-season tent", [("attribute:season", "in", ("four-season",))]),
        ("board game for 5 players", [("attribute:players", "in", ("5",))]),
        ("game for ages 7 and up", [("attribute:min_age", "gte", 7.0)]),
        ("boots size 12", [("attribute:sizes", "in", ("12",))]),
        ("jacket in size XL", [("attribute:sizes", "in", ("xl",))]),
        ("extra large jacket", [("attribute:sizes", "in", ("xl",))]),
        ("stainless boots", [("material", "in", ("stainless steel",))]),
    ],
)
def test_what_is_enumerated_can_be_asked_for(
    question: str, expected: list[tuple[str, str, object]], vocabulary: Vocabulary
) -> None:
    assert _limits(question, vocabulary) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("sheet set, not queen size", [("attribute:size", "not_in", ("queen",))]),
        ("sheets but no king or twin", [("attribute:size", "not_in", ("king", "twin"))]),
        ("sheet set except size king", [("attribute:size", "not_in", ("king",))]),
        ("I don't want an IPX4 lantern", [("attribute:water_rating", "not_in", ("ipx4",))]),
        ("IP67 lantern, not micro USB",
         [("attribute:charging_port", "not_in", ("micro-usb",)), ("attribute:water_rating", "in", ("ip67",))]),
    ],
)  # fmt: skip
def test_what_is_not_wanted_is_ruled_out_and_not_searched_for(
    question: str, expected: list[tuple[str, str, object]], vocabulary: Vocabulary
) -> None:
    reading = read_request(question, vocabulary)

    assert [(item.field, item.op, item.value) for item in reading.limits] == expected
    assert not {"queen", "twin", "king", "IPX4", "micro"} & set(reading.terms.split())


@pytest.mark.parametrize(
    "question",
    [
        "plain sheet set",  # may mean anything
        "sheet set for a king",  # says whom it is for
        "tent 4",
        "tent for 4",
        "16:9 tent for my car",
        "4 tents",
        "tent 2.0 persons",  # a version
        "tent under 4",
        "boots for IP67",
        "jacket M",  # one letter alone
        "3 persons",  # of a kind nobody knows
        "tent, 4 or 5 nights per person",
    ],
)  # fmt: skip
def test_what_may_mean_something_else_is_left_alone(question: str, vocabulary: Vocabulary) -> None:
    assert not [limit for limit in _limits(question, vocabulary) if limit[0].startswith("attribute:")]


def test_the_name_makes_an_everyday_word_a_value(vocabulary: Vocabulary) -> None:
    assert _limits("sheet set in a plain weave", vocabulary) == [("attribute:weave", "in", ("plain",))]


def test_what_few_products_of_the_kind_state_is_told_and_not_kept(vocabulary: Vocabulary) -> None:
    reading = read_request("jacket with fleece lining", vocabulary)

    assert not [item for item in reading.limits if item.field.startswith("attribute:")]
    assert [(item.field, item.value) for item in reading.unread] == [("attribute:lining", ("fleece",))]
    assert "few products" in reading.unread[0].reason


def test_a_number_that_counts_players_is_no_number_of_games(vocabulary: Vocabulary) -> None:
    reading = read_request("2 player games", vocabulary)

    assert reading.quantity is None
    assert _limits("2 player games", vocabulary) == [("attribute:players", "in", ("2",))]
    assert read_request("2 games", vocabulary).quantity == 2
