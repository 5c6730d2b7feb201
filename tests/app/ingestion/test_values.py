from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.ingestion import values


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("49.99", 49.99),
        ("$1,299.00", 1299.0),
        ("1.299,00 €", 1299.0),
        ("15.00 USD", 15.0),
        ("EUR 12,5", 12.5),
        ("₩12,000", 12000.0),
        ("1 299,50 kr.", None),
        ("1'299.50", 1299.5),
        ("1.234.567", 1234567.0),
        (7, 7.0),
        ("-3", -3.0),
        ("12.5.2", None),
        ("1,2,3", None),
        ("free", None),
        ("nan", None),
        ("", None),
        (True, None),
        ({}, None),
    ],
)
def test_numbers_as_shops_write_them(written, number):
    if number is None:
        with pytest.raises(ValueError, match="not a number"):
            values.number(written)
    else:
        assert values.number(written) == number


def test_currency_is_read_only_where_it_is_unmistakable():
    assert [values.currency_in(v) for v in ("15.00 usd", "12 €", "₩9,000", "$5", "5", 5)] == [
        "USD",
        "EUR",
        "KRW",
        None,
        None,
        None,
    ]


def test_a_currency_is_a_code_or_a_sign():
    assert [values.currency_code(v) for v in ("eur", " USD ", "€", "euros", "US$", 5)] == ["EUR", "USD", "EUR"] + [
        None
    ] * 3


def test_stock_in_words_and_numbers():
    assert [values.stock_count(v) for v in ("out of stock", "OUT_OF_STOCK", False, "12", 3.0, -2)] == [
        0,
        0,
        0,
        12,
        3,
        0,
    ]
    assert values.stock_count("in stock") is None  # how many is not said
    assert values.stock_count(True) is None


def test_category_paths():
    assert values.path("Home > Kitchen>Kettles") == ("Home", "Kitchen", "Kettles")
    assert values.path(["Audio", None, "Audio", "Headphones"]) == ("Audio", "Headphones")
    assert values.path("Audio/Video") == ("Audio/Video",)


def test_markup_leaves_readable_text():
    assert values.text("<p>Warm &amp; <b>dry</b>.</p>") == "Warm & dry ."
    assert values.text("3 < 4 and 5 > 2") == "3 < 4 and 5 > 2"
    assert values.text("Red\x00\x1b[31m tent\x85") == "Red [31m tent"


def test_identifiers_survive_spreadsheets():
    assert values.identifier(123.0) == "123"
    assert values.identifier(" 0123 ") == "0123"
    assert values.identifier("A\x00\x1b1") == "A1"


def test_times():
    assert values.moment("2026-05-01") == datetime(2026, 5, 1, tzinfo=UTC)
    assert values.moment("2026-05-01T02:00:00+02:00") == datetime(2026, 5, 1, tzinfo=UTC)
    assert values.moment(0) == datetime(1970, 1, 1, tzinfo=UTC)
    assert values.moment("yesterday") is None


def test_attributes():
    assert values.attribute({"value": 3, "unit": "kg"}) == "3 kg"
    assert values.attribute(["red", 2, None]) == ["red", "2"]
    assert values.attribute(False) is False
    assert values.attribute(float("nan")) is None
    assert values.attribute(" ") is None


def test_figures_too_large_for_any_shelf_are_refused_like_others():
    with pytest.raises(ValueError, match="not a number"):
        values.number(10**400)
    assert values.moment("0001-01-01T00:00:00+14:00") is None
