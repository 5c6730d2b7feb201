"""The asker's cart and orders, through the same tools the assistant uses."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Header, Path
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.api.identity import Asker
from app.api.parts import AppParts
from graphs.turn import Lang
from tools.records import ToolCall

router = APIRouter(prefix="/api")

ItemId = Annotated[str, Path(max_length=256)]
RunId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Key = Annotated[str | None, Header(alias="Idempotency-Key", min_length=1, max_length=128)]


class CartLine(BaseModel):
    """How many of one item the cart shall hold; with `version` only if the cart is still as it was shown.

    `run_id` is the answer whose card, or whose product page, it was put there from.
    """

    model_config = ConfigDict(extra="forbid")

    item_id: Annotated[str, Field(min_length=1, max_length=256)]
    quantity: Annotated[int, Field(ge=0, le=1000)]
    version: int | None = None
    run_id: RunId | None = None


@router.get("/cart")
async def cart(asker: Asker, parts: AppParts, lang: Lang = "en") -> JSONResponse:
    return await _used(ToolCall("view_cart"), asker, lang, parts, None)


@router.put("/cart")
async def set_line(line: CartLine, asker: Asker, parts: AppParts, key: Key = None, lang: Lang = "en") -> JSONResponse:
    """The cart as it is then. 409 with the reason when it cannot be so, and nothing is changed."""
    held = await parts.assistant.use(ToolCall("view_cart"), asker, lang, None)
    lines = ((held.receipt or {}).get("cart") or {}).get("lines", [])
    return await _used(_call(line, {each["item_id"] for each in lines}), asker, lang, parts, key, line.run_id)


@router.get("/products/{product_id}/options")
async def options(product_id: ItemId, asker: Asker, parts: AppParts, lang: Lang = "en") -> JSONResponse:
    """Every variant of a product; one for a product without a choice."""
    used = await _used(ToolCall("product_options", {"product_id": product_id}), asker, lang, parts, None)
    used.status_code = 404 if used.status_code == 409 else used.status_code  # it refuses only what it does not know
    return used


@router.get("/orders")
async def orders(asker: Asker, parts: AppParts, lang: Lang = "en") -> JSONResponse:
    """The newest first."""
    return await _used(ToolCall("list_orders", {"limit": 100}), asker, lang, parts, None)


def _call(line: CartLine, held: set[str]) -> ToolCall:
    if line.item_id not in held and line.quantity:
        return ToolCall("add_to_cart", {"item_id": line.item_id, "quantity": line.quantity})
    return ToolCall("change_cart", line.model_dump(exclude_none=True, exclude={"run_id"}))


async def _used(
    call: ToolCall, asker: str, lang: Lang, parts: AppParts, key: str | None, run_id: str | None = None
) -> JSONResponse:
    used = await parts.assistant.use(call, asker, lang, key, run_id)
    receipt: dict[str, Any] = used.receipt
    if used.status == "done":
        return JSONResponse(receipt)
    refusal = {"error": used.told, "code": receipt.get("reason", used.status)}  # told in the shopper's language
    return JSONResponse({**refusal, **receipt}, 409 if used.status == "refused" else 503)
