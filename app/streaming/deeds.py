"""What was done in the shop, as its log of deeds tells it, made into events: once, by the number of the deed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC
from typing import Any

from sqlalchemy import Connection

from app.streaming.log import add_events, cart_runs
from app.streaming.progress import read_progress, save_progress
from retrievers.features.descriptions import FeatureDescription
from tools.ports import EventKind, ShopperEvent
from tools.shop.audit import Logged, read_log


def follow(connection: Connection, user_id: str, descriptions: Mapping[str, FeatureDescription]) -> bool:
    """Whether anything was done since the last time, in a transaction that writes in this shopper's name."""
    progress = read_progress(connection, user_id, descriptions)
    done = read_log(connection, user_id, after=progress.deed)
    if not done:
        return False
    for logged in done:  # one after the other: what is bought is owed to what put it into the cart
        events = list(events_of(logged))
        origins = cart_runs(connection, user_id, [each.product_id for each in events if each.kind == "purchase"])
        add_events(connection, user_id, [_owed(event, origins) for event in events])
    last = done[-1]
    grown = replace(progress, version=progress.version + 1, deed=last.sequence, deed_at=last.at.astimezone(UTC))
    save_progress(connection, user_id, grown)
    return True


def events_of(logged: Logged) -> Iterator[ShopperEvent]:
    """A cart that holds more than before, or became an order. What is taken out again is no event."""
    deed = logged.deed
    if deed.status != "done" or "cart" not in deed.before:
        return
    if "order_id" in deed.after:
        for line in deed.after["lines"]:
            yield _event(logged, "purchase", line, line["quantity"])
    elif "cart" in deed.after:
        before = {line["item_id"]: line["quantity"] for line in deed.before["cart"]["lines"]}
        for line in deed.after["cart"]["lines"]:
            if (more := line["quantity"] - before.get(line["item_id"], 0)) > 0:
                yield _event(logged, "cart", line, more)


def _owed(event: ShopperEvent, origins: Mapping[str, str | None]) -> ShopperEvent:
    """An order is placed in a turn that shows nothing: its lines name the answer they were put into the cart from."""
    return replace(event, run_id=origins[event.product_id]) if event.product_id in origins else event


def _event(logged: Logged, kind: EventKind, line: Mapping[str, Any], quantity: int) -> ShopperEvent:
    return ShopperEvent(
        event_id=f"{kind}:{logged.sequence}:{line['item_id']}",
        kind=kind,
        user_id=logged.user_id,
        product_id=line["product_id"],
        time=logged.at.astimezone(UTC),
        run_id=logged.run_id,
        quantity=quantity,
        price=line["price"],
    )
