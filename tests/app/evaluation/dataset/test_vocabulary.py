from __future__ import annotations

import pytest

from app.evaluation.dataset.case import DatasetCase
from app.evaluation.dataset.store import Store
from app.evaluation.dataset.vocabulary import require_known_names
from app.evaluation.rows import EvaluationError

MUG = {
    "product_id": "M-1",
    "title": "Mug",
    "brand": "Osa Clay",
    "category": ["Coffee & tea", "Mugs"],
    "kind": "mug",
    "currency": "USD",
    "price": 12.0,
    "url": "/products/M-1",
    "attributes": {"capacity_ml": 300.0, "insulated": True},
}
STORE = Store({"M-1": MUG}, {"/policies/returns": "You have 30 days."})


class Named:
    name = "add_to_cart"


def case(expect, shopper="maya", given=None):
    return DatasetCase.model_validate(
        {
            "id": "c",
            "capability": "search",
            "shopper": shopper,
            "given": given or {},
            "turns": ["mugs", "others"],
            "expect": expect,
        }
    )


def check(*args, **more) -> None:
    require_known_names({"f.yaml, case 'c'": case(*args, **more)}, STORE, [Named()], {"maya"})  # type: ignore[list-item]


def test_what_the_shop_has_is_known() -> None:
    check(
        {
            "requires": {"query": {"kind": "Mug", "brand": ["osa clay"], "attributes": {"insulated": True}}},
            "relevant": {"M-1": 1},
            "tells": [{"product": "M-1", "field": "capacity_ml"}, {"source": "/policies/returns", "says": ["30 Days"]}],
            "cites": {"sources": ["/policies/returns|/products/M-1#reviews"]},
            "features": {"may": ["user_profile:budget_limit"]},
            "trajectory": {"superset": ["receive", ["retrieve", "add_to_cart"]]},
            "actions": {"include": [{"tool": "add_to_cart"}], "forbidden": ["add_to_cart"]},
            "thresholds": {"ndcg": 0.5},
        },
        given={"cart": [{"product": "M-1"}], "shelf": {"M-1": {"stock": 0}}},
    )


@pytest.mark.parametrize(
    ("expect", "message"),
    [
        ({"requires": {"query": {"kind": "cup"}}}, "no kind is called 'cup'; there is mug"),
        ({"requires": {"query": {"but": {"brand": "Osa"}}}}, "no brand is called 'osa'; there is osa clay"),
        ({"requires": {"query": {"attributes": {"capacity": 3}}}}, "no attribute is called 'capacity'"),
        ({"source": "query", "relevant": {"M-2": 1}}, "no product is called 'M-2'; there is M-1"),
        ({"source": "query", "shows": {"ids": ["M-2"]}}, "no product is called 'M-2'"),
        ({"source": "query", "cites": {"sources": ["/policies/return"]}}, "no page is called '/policies/return'"),
        ({"source": "query", "features": {"must": ["budget"]}}, "no feature is called 'budget'"),
        ({"source": "query", "trajectory": {"strict": ["recieve"]}}, "no node or tool is called 'recieve'"),
        ({"source": "query", "actions": {"forbidden": ["add_to_basket"]}}, "no tool is called 'add_to_basket'"),
        ({"source": "query", "thresholds": {"ndgc": 1}}, "no evaluator is called 'ndgc'"),
        ({"source": "query", "tells": [{"product": "M-1", "field": "colour"}]}, "tells: M-1 states no colour"),
        ({"source": "query", "tells": [{"product": "M-1", "field": "insulated"}]}, "tells: M-1 states no insulated"),
        (
            {"source": "query", "tells": [{"source": "/policies/returns", "says": ["60 days"]}]},
            "tells: /policies/returns says none of 60 days",
        ),
    ],
)
def test_what_nobody_knows_is_an_error_that_names_the_case(expect, message) -> None:
    with pytest.raises(EvaluationError) as raised:
        check(expect)
    assert str(raised.value).startswith("f.yaml, case 'c': ")
    assert message in str(raised.value)


def test_a_shopper_nobody_met_is_an_error() -> None:
    with pytest.raises(EvaluationError, match="no shopper is called 'may'; there is maya, new"):
        check({"source": "query", "refuses": False}, shopper="may")
