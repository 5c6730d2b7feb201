"""How the shop's work is told: done, refused for a reason, or failed because something is down."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from tools.records import Action, Outcome
from tools.shop.errors import ShelfUnavailable, ShopStoreError
from tools.shop.refusals import Refused

_LOG = logging.getLogger(__name__)


async def answered(asked: Action, work: Awaitable[Outcome]) -> Outcome:
    """What `work` tells; what stops it becomes the status of `asked`."""
    try:
        return await work
    except Refused as refused:
        return outcome(replace(asked, status="refused", receipt=refused.receipt()))
    except (ShopStoreError, ShelfUnavailable) as error:
        _LOG.warning("%s failed: %s", asked.tool or "a decision", error)
        return outcome(replace(asked, status="failed", receipt=Refused("unavailable").receipt()))


def outcome(action: Action) -> Outcome:
    """With the products its receipt speaks of."""
    return Outcome(action, products=tuple(dict.fromkeys(_products(action.receipt or {}))))


def _products(receipt: Mapping[str, Any]) -> Iterator[str]:
    if "product_id" in receipt:
        yield receipt["product_id"]
    parts = [receipt.get("cart"), *receipt.get("orders", ()), *receipt.get("lines", ()), *receipt.get("items", ())]
    for part in parts:
        if part:
            yield from _products(part)
