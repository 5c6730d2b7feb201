"""The real tools of cart and orders over a small shelf, for tests of the page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from graphs.answer import Citation
from graphs.models.composer.actions import told_actions
from graphs.models.composer.turn import ComposerTurn
from graphs.prompts.phrases import Phrases
from graphs.sources import Sources
from graphs.turn import Lang
from retrievers.catalogue import Product
from retrievers.records import FilterPlan, UnifiedContext
from tools.records import Outcome
from tools.shop.orders import read_orders, save_order
from tools.shop.records import Item
from tools.shop.store import ShopStore, open_shop_store
from tools.shop.stored_shelf import StoredShelf
from tools.shop_tools import shop_confirmations, shop_tools
from tools.toolbox import Toolbox


@contextmanager
def open_counter(path: Path, products: Iterable[Product], clock: Callable[[], datetime]) -> Iterator[Counter]:
    store = open_shop_store(path, clock)
    shelf = StoredShelf(store.database)
    shelf.put(_item(product) for product in products)
    confirmations = shop_confirmations(store)
    yield Counter(store, Toolbox(shop_tools(store, confirmations), confirmations))
    store.close()


class Counter:
    def __init__(self, store: ShopStore, toolbox: Toolbox) -> None:
        self.store = store
        self.toolbox = toolbox

    def orders(self, user_id: str) -> list[str]:
        """Numbers, the newest first."""
        with self.store.database.reading() as connection:
            return [order.order_id for order in read_orders(connection, user_id, 100)]

    def deliver(self, user_id: str, order_id: str) -> None:
        with self.store.database.writing(user_id) as connection:
            order = next(each for each in read_orders(connection, user_id, 100) if each.order_id == order_id)
            save_order(connection, order.model_copy(update={"status": "delivered"}))


def told(outcome: Outcome, lang: Lang) -> list[str]:
    """What the composer says of it, markers included."""
    known = UnifiedContext("", {}, (), FilterPlan(), {})
    return told_actions(ComposerTurn(known, Sources.of(known).and_done([outcome]), Phrases.load(lang)))


def cited(outcome: Outcome) -> Citation:
    tool = outcome.action.tool
    return Citation(marker="A1", id="A1", source=f"action:{tool}", title=tool, quote=tool, start=0, end=len(tool))


def _item(product: Product) -> Item:
    return Item(
        item_id=product.product_id,
        product_id=product.product_id,
        title=product.title,
        price=None if product.price is None else Decimal(str(product.price)),
        currency=product.currency,
        available=product.stock != 0,
        stock=product.stock,
    )
