"""Look-ups of a model on real parts."""

from __future__ import annotations

import pytest

from retrievers.catalogue import DocumentType
from tests.support.small_shop import LIMITED
from tools.lookups import lookup_tools
from tools.records import Outcome, Session


@pytest.fixture
def look(shop):
    tools = {tool.name: tool for tool in lookup_tools(shop.reader())}

    async def call(tool_name: str, user: str = "x", /, **arguments: object) -> Outcome:
        tool = tools[tool_name]
        return await tool(tool.arguments.model_validate(arguments), Session(user, "t", "1"))

    return call


def _titles(outcome: Outcome) -> list[str]:
    return [item.title for item in outcome.evidence if item.type is DocumentType.PRODUCT]


async def test_a_search_keeps_what_the_query_says_and_what_the_shopper_set(look) -> None:
    found = await look("search_products", query="laptop under 500")
    assert _titles(found)[0] == "Orbita Air 13 laptop"
    assert all(found.items[product].price <= 500 for product in found.products)
    limited = await look("search_products", LIMITED, query="laptop")
    assert all(limited.items[product].price <= 500 for product in limited.products)
    assert limited.action.receipt["limits"]["honoured"] >= 1


async def test_products_by_id_with_live_facts_and_those_that_are_missing(look) -> None:
    found = await look("get_products", product_ids=["laptop-2", "laptop-9"])
    assert _titles(found) == ["Orbita Air 13 laptop"]
    assert found.items["laptop-2"].price == 480.0
    assert found.action.receipt["missing"] == ["laptop-9"]
    assert (await look("get_products", product_ids=["laptop-9"])).action.receipt == {"reason": "unknown_product"}


async def test_stock_and_price_are_told_with_their_age(look) -> None:
    (item,) = (await look("stock_and_price", product_ids=["laptop-2"])).action.receipt["items"]
    assert (item["product_id"], item["price"], item["stock"]) == ("laptop-2", 480.0, 5)
    assert item["age_s"] >= 0


async def test_a_comparison_keeps_the_order_asked_for(look) -> None:
    found = await look("compare_products", product_ids=["laptop-2", "laptop-1"])
    assert list(found.products) == ["laptop-2", "laptop-1"]


async def test_a_policy_is_quoted_from_the_store(look) -> None:
    found = await look("look_up_policy", question="When is shipping free?")
    assert any("$49" in item.text for item in found.evidence)
    assert all(item.type in (DocumentType.FAQ, DocumentType.POLICY, DocumentType.TECHNICAL) for item in found.evidence)
