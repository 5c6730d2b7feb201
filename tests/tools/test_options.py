from __future__ import annotations


async def test_a_products_variants_tell_what_can_be_had(counter):
    told = await counter.use("product_options", product_id="mug")

    found = {item["item_id"]: (item["options"], item["available"]) for item in told.action.receipt["items"]}
    assert found == {"mug-s": ({"size": "S"}, True), "mug-l": ({"size": "L"}, True), "mug-x": ({"size": "X"}, False)}
    assert told.products == ("mug",)
    unknown = (await counter.use("product_options", product_id="boat")).action
    assert (unknown.status, unknown.receipt) == ("refused", {"reason": "unknown_product", "product_id": "boat"})


async def test_a_short_shelf_is_listed_by_title(counter):
    told = await counter.use("list_products")

    titles = [product["title"] for product in told.action.receipt["products"]]
    assert titles == sorted(titles) == ["Lamp", "Mug", "Rug", "Tea"]
