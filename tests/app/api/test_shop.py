from __future__ import annotations

import pytest

from graphs.turn import Used

MAYA = {"X-Demo-User": "maya"}
CART = {"cart": {"lines": [{"item_id": "RUN-0101", "quantity": 1}], "total": 24.0, "version": 3}}


@pytest.fixture(autouse=True)
def answers(assistant):
    for tool in ("view_cart", "add_to_cart", "change_cart"):
        assistant.answers[tool] = Used("done", CART, "")


def test_the_cart_and_the_orders_are_the_askers(client, assistant):
    assistant.answers["list_orders"] = Used("done", {"orders": []}, "")
    assert client.get("/api/cart", headers=MAYA).json() == CART
    assert client.get("/api/orders", headers=MAYA).json() == {"orders": []}
    assert {user for _, user, _ in assistant.used} == {"maya"}


@pytest.mark.parametrize(
    ("line", "tool"),
    [
        ({"item_id": "RUN-0102", "quantity": 2}, "add_to_cart"),
        ({"item_id": "RUN-0101", "quantity": 2}, "change_cart"),
        ({"item_id": "RUN-0101", "quantity": 0, "version": 3}, "change_cart"),
    ],
)
def test_a_line_is_set(client, assistant, line, tool):
    response = client.put("/api/cart", json=line, headers={**MAYA, "Idempotency-Key": "key-1"})
    assert response.json() == CART
    call, user, key = assistant.used[-1]
    assert (call.tool, user, key) == (tool, "maya", "key-1")
    assert dict(call.arguments) == line


def test_a_refusal_says_why_in_words_and_as_a_code(client, assistant):
    assistant.answers["add_to_cart"] = Used("refused", {"reason": "sold_out"}, "That is sold out.")
    response = client.put("/api/cart", json={"item_id": "RUN-0104", "quantity": 1}, headers=MAYA)
    assert response.status_code == 409
    assert response.json() == {"error": "That is sold out.", "code": "sold_out", "reason": "sold_out"}


def test_a_store_that_cannot_be_read_is_503(client, assistant):
    assistant.answers["view_cart"] = Used("failed", {"reason": "unavailable"}, "That did not work.")
    assert client.get("/api/cart", headers=MAYA).status_code == 503


@pytest.mark.parametrize(
    "body", [{}, {"item_id": "x"}, {"item_id": "", "quantity": 1}, {"item_id": "x", "quantity": -1}]
)
def test_rubbish_is_told(client, body):
    assert client.put("/api/cart", json=body, headers=MAYA).status_code == 422


def test_the_variants_of_a_product_are_the_shelfs(client, assistant):
    variants = {"product_id": "RUN-0101", "items": [{"item_id": "S-GREY-M", "options": {"Size": "M"}}]}
    assistant.answers["product_options"] = Used("done", variants, "")

    assert client.get("/api/products/RUN-0101/options", headers=MAYA).json() == variants
    assert dict(assistant.used[-1][0].arguments) == {"product_id": "RUN-0101"}
    assistant.answers["product_options"] = Used("refused", {"reason": "unknown_product"}, "I do not know that product.")
    assert client.get("/api/products/GONE-1/options", headers=MAYA).status_code == 404
