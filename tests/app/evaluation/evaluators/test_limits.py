from __future__ import annotations

import pytest

from app.evaluation.evaluators.limits import judged, keeps

COAT = {
    "product_id": "C-1",
    "title": "Plainfold Haven Winter Coat, Navy",
    "brand": "Plainfold",
    "category": ["Outerwear", "Winter coats"],
    "kind": "winter coat",
    "price": 124.95,
    "currency": "USD",
    "rating": 4.0,
    "stock": 3,
    "attributes": {"material": "down", "waterproof": False, "weight_g": 1210.0, "colours": ["navy", "black"]},
}


@pytest.mark.parametrize(
    ("limits", "kept"),
    [
        ({"price": {"max": 124.95}}, True),
        ({"price": {"max": 124.9}}, False),
        ({"price": {"min": 100, "max": 150}}, True),
        ({"rating": {"min": 4.5}}, False),
        ({"in_stock": True}, True),
        ({"in_stock": False}, False),
        ({"currency": "EUR"}, False),
        ({"brand": "plainfold"}, True),
        ({"brand": ["Osprine", "Plainfold"]}, True),
        ({"category": "winter coats"}, True),
        ({"category": "Running"}, False),
        ({"kind": "winter coat"}, True),
        ({"title": ["haven", "coat"]}, True),
        ({"title": ["parka"]}, False),
        ({"ids": ["C-1", "C-2"]}, True),
        ({"attributes": {"material": "down", "waterproof": False}}, True),
        ({"attributes": {"waterproof": True}}, False),
        ({"attributes": {"weight_g": {"max": 1300}}}, True),
        ({"attributes": {"weight_g": 1210}}, True),
        ({"attributes": {"colours": "black"}}, True),
        ({"attributes": {"hood": True}}, False),
        ({"but": {"attributes": {"material": "down"}}}, False),
        ({"but": {"attributes": {"material": "wool"}, "brand": "Osprine"}}, True),
        ({"but": {"attributes": {"material": "wool"}, "brand": "Plainfold"}}, False),
    ],
)
def test_a_limit_is_judged_by_the_record(limits, kept) -> None:
    assert list(judged(limits, COAT)), "nothing was judged"
    assert keeps([limits], COAT) is kept


def test_an_unknown_rating_or_stock_breaks_nothing_and_an_unknown_price_does() -> None:
    unknown = {**COAT, "rating": None, "stock": None, "price": None}
    assert keeps([{"rating": {"min": 4.9}, "in_stock": True}], unknown)
    assert not keeps([{"price": {"max": 1000}}], unknown)


def test_an_attribute_that_is_not_stated_is_not_what_is_ruled_out() -> None:
    assert keeps([{"but": {"attributes": {"hood": True}}}], COAT)


def test_each_broken_limit_is_named() -> None:
    limits = {"price": {"max": 50}, "attributes": {"material": "wool", "waterproof": False}}
    assert dict(judged(limits, COAT)) == {"price": False, "attributes.material": False, "attributes.waterproof": True}
