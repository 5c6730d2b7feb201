"""Which variants of a product there are: what an order's items can be changed to or exchanged for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from tools.records import Action, Outcome, Session
from tools.shop.answers import answered, outcome
from tools.shop.digest import plain
from tools.shop.receipts import item_receipt
from tools.shop.refusals import Refused
from tools.shop.store import ShopStore
from tools.shop.stored_shelf import StoredShelf
from tools.tool import Tool


class ProductOptions(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    product_id: str = Field(description="A product's id.")


class ListProducts(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


@dataclass(frozen=True, slots=True)
class ProductOptionsTool:
    store: ShopStore
    name: str = "product_options"
    description: str = "Every variant of one product with its item id, options, price and whether it is available."
    arguments: type[BaseModel] = ProductOptions
    effect: Literal["read"] = "read"

    async def __call__(self, arguments: BaseModel, session: Session) -> Outcome:
        return await answered(Action(self.name, plain(arguments), "failed"), self._options(arguments))

    async def _options(self, arguments: BaseModel) -> Outcome:
        asked = ProductOptions.model_validate(arguments)
        items = await self.store.shelf.variants(asked.product_id)
        if not items:
            raise Refused("unknown_product", product_id=asked.product_id)
        receipt = {"product_id": asked.product_id, "items": [item_receipt(item) for item in items]}
        return outcome(Action(self.name, plain(asked), "done", receipt))


@dataclass(frozen=True, slots=True)
class ListProductsTool:
    """For a shelf short enough to be listed; a large catalogue is searched."""

    shelf: StoredShelf
    name: str = "list_products"
    description: str = "Every product the shop sells, by its title and id."
    arguments: type[BaseModel] = ListProducts
    effect: Literal["read"] = "read"

    async def __call__(self, arguments: BaseModel, session: Session) -> Outcome:
        return await answered(Action(self.name, plain(arguments), "failed"), self._products())

    async def _products(self) -> Outcome:
        products = await self.shelf.products()
        receipt = {"products": [{"id": product_id, "title": title} for product_id, title in products.items()]}
        return Outcome(Action(self.name, {}, "done", receipt))


def option_tools(store: ShopStore) -> tuple[Tool, ...]:
    """The list only where the shelf is kept in the shop's own database."""
    listed: tuple[Tool, ...] = (ListProductsTool(store.shelf),) if isinstance(store.shelf, StoredShelf) else ()
    return (ProductOptionsTool(store), *listed)
