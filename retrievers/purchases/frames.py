"""What a ledger says, as rows of the feature views it fills."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import pandas as pd

from retrievers.purchases.ledger import PurchaseLedger

USER_VIEW, ITEM_VIEW = "user_purchases", "item_purchases"
_ITEM = ("order_share", "trend", "repurchase_rate", "bought_together")


def purchase_frames(ledger: PurchaseLedger, products: Iterable[str], at: datetime) -> dict[str, pd.DataFrame]:
    """By view: a row a shopper as of the last order, and a row a product as of `at`, which must be later than all."""
    return {USER_VIEW: _shoppers(ledger, at), ITEM_VIEW: _items(ledger, products, at)}


def _shoppers(ledger: PurchaseLedger, at: datetime) -> pd.DataFrame:
    rows = [(shopper, ledger.last_order(shopper), ledger.purchased(shopper, at)) for shopper in ledger.shoppers()]
    return pd.DataFrame(rows, columns=["user_id", "event_timestamp", "purchased_products"])


def _items(ledger: PurchaseLedger, products: Iterable[str], at: datetime) -> pd.DataFrame:
    facts = [ledger.item(product, at) for product in products]
    rows = [(fact.product_id, at, *(getattr(fact, name) for name in _ITEM)) for fact in facts]
    return pd.DataFrame(rows, columns=["product_id", "event_timestamp", *_ITEM])
