"""Every kind of expectation met by one answer, missed by another, and never met by nothing at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import pytest

from app.evaluation.journeys.checks import missed
from app.evaluation.journeys.expectation import Expectation
from app.evaluation.journeys.seen import Holdings, Seen, empty_answer
from graphs.answer import Action, Citation, Claim, Filters, FinalAnswer, Guard, NearMiss, ProductCard
from retrievers.catalogue import DocumentType
from retrievers.records import Degradation, Evidence, FeatureValue, FilterItem
from tools.shop.records import Address, Cart, Line, Order, Payment

ROWS: Mapping[str, dict[str, Any]] = {
    "MUG-1": {"brand": "Osa", "category": ["Coffee", "Mugs"], "kind": "mug", "attributes": {"colour": "black"}},
    "MUG-2": {"brand": "Brim", "category": ["Coffee", "Mugs"], "kind": "mug", "attributes": {"insulated": True}},
    "PAN-1": {"brand": "Brim", "category": ["Kitchen"], "kind": "pan", "attributes": {"diameter_cm": 28.0}},
}


@dataclass
class Shelf:
    """An index that only knows products by id."""

    def fetch(self, ids: Sequence[str]) -> list[Evidence]:
        known = [each.partition("/")[2] for each in ids]
        return [
            Evidence(f"product/{key}", DocumentType.PRODUCT, "", key, "", 0.0, {"product_id": key, **ROWS[key]})
            for key in known
            if key in ROWS
        ]


def card(product_id: str, price: float | None, rating: float | None = 4.0, in_stock: bool | None = True) -> ProductCard:
    title = f"{product_id} stoneware mug"
    return ProductCard(
        product_id=product_id,
        title=title,
        price=price,
        currency="USD",
        rating=rating,
        in_stock=in_stock,
        image_url=None,
        url=None,
    )


FIRST = empty_answer().model_copy(update={"products": (card("MUG-1", 30.0), card("PAN-1", 50.0))})
PRICE = FilterItem("price", "lte", 40.0, "stated")
ANSWER = empty_answer().model_copy(
    update={
        "products": (card("MUG-2", 20.0, 5.0), card("MUG-1", 30.0, 4.0)),
        "nearest": (NearMiss(product=card("PAN-1", 50.0), breaks=("price",)),),
        "filters": Filters(
            honoured=(PRICE, FilterItem("brand", "in", ("brim", "osa"), "declared")),
            dropped=(FilterItem("price", "lte", 10.0, "declared"),),
        ),
        "citations": (
            Citation(marker="1", id="policy/returns", source="/policies/returns", title="", quote="", start=0, end=0),
            Citation(marker="A1", id="action:add", source="action:add", title="", quote="", start=0, end=0),
        ),
        "claims": (
            Claim(text="a", start=0, end=1, verdict="supported"),
            Claim(text="b", start=0, end=1, verdict="not_a_claim"),
        ),
        "degraded": (Degradation("items", "down"),),
        "guard": Guard(action="redact", reasons=("personal",)),
        "actions": (
            Action(
                tool="add_to_cart", arguments={"item_id": "MUG-2"}, status="done", receipt={"cart": {"total": 20.0}}
            ),
        ),
        "features": (FeatureValue("user_profile:budget_limit", 40.0, "online", used=True),),
        "asks_back": "which_one",
        "model": "composer",
    }
)
ORDER = Order(
    order_id="W1",
    user_id="u",
    status="pending",
    lines=(Line(item_id="MUG-2", product_id="MUG-2", title="mug", quantity=2, price=Decimal("20.00")),),
    address=Address(line1="1 Elm", city="Denver", country="USA", zip="80218"),
    payments=(Payment(kind="payment", method_id="visa", amount=Decimal("40.00")),),
)
HOLDINGS = Holdings(
    Cart(user_id="u", lines=(Line(item_id="MUG-1", product_id="MUG-1", title="mug", quantity=3),)),
    (ORDER,),
    {"budget_limit": 40.0, "excluded_brands": ("osa",), "sizes": None},
    {"MUG-1": Decimal("30.00")},
)


def misses(expected: dict[str, Any], final: FinalAnswer = ANSWER, holdings: Holdings = HOLDINGS) -> list[str]:
    seen = Seen((FIRST, final), holdings, Shelf())  # type: ignore[arg-type]
    return [miss.assertion for miss in missed(Expectation.model_validate(expected), seen)]


MET: list[dict[str, Any]] = [
    {"products": {"count": 2}},
    {"products": {"count": {"min": 1, "max": 2}}},
    {"products": {"ids": ["MUG-2", {"turn": 1, "nth": 1}]}},
    {"products": {"include": [{"turn": 1, "nth": 1}]}},
    {"products": {"exclude": ["PAN-1"], "count": 2}},
    {"products": {"first": {"attributes": {"insulated": True}, "rating": 5}}},
    {"products": {"all": {"kind": "Mug", "category": "coffee", "in_stock": True, "title": ["stoneware", "mugs"]}}},
    {"products": {"any": {"brand": ["osa", "none"], "attributes": {"colour": ["black", "white"]}}}},
    {"products": {"none": {"price": {"min": 31}}}},
    {"products": {"first": {"price": {"below": {"turn": 1, "nth": 1}}}}},
    {"products": {"order_by": "price"}},
    {"products": {"order_by": "-rating"}},
    {"nearest": {"count": 1, "all": {"price": {"min": 41}, "attributes": {"diameter_cm": {"min": 28}}}}},
    {"cart": {"empty": False, "quantity": 3, "total": 90.0}},
    {"cart": {"lines": [{"product": {"turn": 1, "nth": 1}, "quantity": 3}]}},
    {"cart": {"include": [{"product": "MUG-1", "price": 30}]}},
    {"orders": {"count": 1, "include": [{"id": "W1", "status": "pending", "total": 40, "paid_with": "visa"}]}},
    {"orders": {"include": [{"address": {"city": "Denver"}, "lines": [{"product": "MUG-2", "quantity": 2}]}]}},
    {"orders": {"exclude": [{"status": "cancelled"}], "count": 1}},
    {"preferences": {"budget_limit": 40, "excluded_brands": ["osa"], "sizes": None}},
    {"filters": {"honoured": [{"field": "price", "op": "lte", "value": 40, "origin": "stated"}]}},
    {"filters": {"honoured": [{"field": "brand", "value": ["Osa", "Brim"]}]}},
    {"filters": {"dropped": [{"field": "price", "value": 10}]}},
    {"filters": {"unheld": [{"field": "price", "value": 10}], "honoured": [{"field": "price"}]}},
    {"citations": {"min": 2, "kinds": ["policy", "action"], "sources": ["/policies/returns"], "supported": True}},
    {"degraded": [{"part": "items", "kind": "down"}]},
    {"actions": {"count": 1, "include": [{"tool": "add_to_cart", "arguments": {"item_id": "MUG-2"}}]}},
    {"actions": {"include": [{"status": "done", "receipt": {"cart": {"total": 20}}}]}},
    {"actions": {"exclude": [{"status": "failed"}]}},
    {"guard": {"action": "redact", "reasons": ["personal"]}},
    {"asks_back": "which_one"},
    {"features": {"used": ["user_profile:budget_limit"], "status": {"user_profile:budget_limit": "online"}}},
    {"features": {"unused": ["user_behavior:favorite_category"]}},
    {"model": "composer"},
]  # fmt: skip
MISSED: list[tuple[dict[str, Any], str]] = [
    ({"products": {"count": 3}}, "products.count"),
    ({"products": {"ids": ["MUG-1", "MUG-2"]}}, "products.ids"),
    ({"products": {"include": [{"turn": 1, "nth": 5}]}}, "products.include"),
    ({"products": {"exclude": ["MUG-1"]}}, "products.exclude"),
    ({"products": {"first": {"brand": "Osa"}}}, "products.first"),
    ({"products": {"all": {"price": {"max": 20}}}}, "products.all"),
    ({"products": {"any": {"kind": "pan"}}}, "products.any"),
    ({"products": {"none": {"title": ["mug"]}}}, "products.none"),
    ({"products": {"all": {"price": {"below": {"turn": 1, "nth": 1}}}}}, "products.all"),
    ({"products": {"all": {"attributes": {"colour": "black"}}}}, "products.all"),
    ({"products": {"order_by": "-price"}}, "products.order_by"),
    ({"products": {"same_as": 1}}, "products.same_as"),
    ({"products": {"different_from": 1}}, "products.different_from"),
    ({"products": {"subset_of": 1}}, "products.subset_of"),
    ({"cart": {"empty": True}}, "cart.empty"),
    ({"cart": {"quantity": 1}}, "cart.quantity"),
    ({"cart": {"total": 30.0}}, "cart.total"),
    ({"cart": {"lines": []}}, "cart.lines"),
    ({"cart": {"include": [{"product": "MUG-1", "quantity": 1}]}}, "cart.include"),
    ({"orders": {"count": 0}}, "orders.count"),
    ({"orders": {"include": [{"status": "cancelled"}]}}, "orders.include"),
    ({"orders": {"exclude": [{"status": "pending"}]}}, "orders.exclude"),
    ({"preferences": {"excluded_brands": []}}, "preferences.excluded_brands"),
    ({"preferences": {"budget_limit": None}}, "preferences.budget_limit"),
    ({"filters": {"honoured": [{"field": "price", "origin": "declared"}]}}, "filters.honoured"),
    ({"filters": {"relaxed": [{"field": "price"}]}}, "filters.relaxed"),
    ({"filters": {"unheld": [{"field": "price"}]}}, "filters.unheld"),
    ({"citations": {"kinds": ["review"]}}, "citations.kinds"),
    ({"citations": {"sources": ["/policies"]}}, "citations.sources"),
    ({"degraded": []}, "degraded"),
    ({"degraded": [{"part": "items", "kind": "slow"}]}, "degraded"),
    ({"actions": {"count": 0}}, "actions.count"),
    ({"actions": {"include": [{"tool": "add_to_cart", "arguments": {"item_id": "MUG-1"}}]}}, "actions.include"),
    ({"actions": {"include": [{"receipt": {"cart": {"total": 21}}}]}}, "actions.include"),
    ({"actions": {"exclude": [{"status": "done"}]}}, "actions.exclude"),
    ({"guard": {"action": "allow"}}, "guard.action"),
    ({"guard": {"reasons": ["injection"]}}, "guard.reasons"),
    ({"asks_back": False}, "asks_back"),
    ({"features": {"used": ["user_behavior:favorite_category"]}}, "features.used"),
    ({"features": {"unused": ["user_profile:budget_limit"]}}, "features.unused"),
    ({"features": {"status": {"user_profile:budget_limit": "stale"}}}, "features.status.user_profile:budget_limit"),
    ({"model": "gpt"}, "model"),
]


@pytest.mark.parametrize("expected", MET, ids=str)
def test_what_is_so_is_met(expected: dict[str, Any]) -> None:
    assert misses(expected) == []


@pytest.mark.parametrize(("expected", "assertion"), MISSED, ids=str)
def test_what_is_not_so_is_missed_under_its_key(expected: dict[str, Any], assertion: str) -> None:
    assert misses(expected) == [assertion]


@pytest.mark.parametrize(
    "expected",
    [
        {"products": {"all": {"price": {"max": 30}}}},
        {"products": {"first": {"price": {"max": 30}}}},
        {"products": {"none": {"price": {"min": 30}}}},
        {"products": {"order_by": "price"}},
        {"products": {"subset_of": 1}},
        {"products": {"different_from": 1}},
        {"citations": {"supported": True}},
        {"features": {"unused": ["user_profile:budget_limit"]}},
    ],
    ids=str,
)
def test_nothing_to_judge_is_no_pass(expected: dict[str, Any]) -> None:
    assert misses(expected, empty_answer())


def test_an_unknown_figure_meets_no_condition() -> None:
    unknown = ANSWER.model_copy(update={"products": (card("MUG-2", None, None, None),)})
    for figure in ("price", "rating"):
        assert misses({"products": {"all": {figure: {"max": 1000}}}}, unknown) == ["products.all"]
    assert misses({"products": {"all": {"in_stock": False}}}, unknown) == ["products.all"]
    assert misses({"products": {"order_by": "price"}}, unknown) == ["products.order_by"]


def test_a_claim_without_support_is_noticed() -> None:
    claims = (*ANSWER.claims, Claim(text="c", start=0, end=1, verdict="uncertain"))
    assert misses({"citations": {"supported": True}}, ANSWER.model_copy(update={"claims": claims})) == [
        "citations.supported"
    ]


def test_a_cart_without_a_price_has_no_total() -> None:
    assert misses({"cart": {"total": {"min": 0}}}, holdings=replace(HOLDINGS, prices={})) == ["cart.total"]
