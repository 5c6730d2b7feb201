"""Every place of a shop, and who answers for what it keeps of shoppers: a place that is not here fails a test."""

from __future__ import annotations

from collections.abc import Sequence

from app.answers import OpenTraces
from app.assembly import Shop
from app.clock import utc_now
from app.conversations.store import StoredHistory
from app.forgetting.keepers import (
    ConversationsKept,
    EventsKept,
    FeaturesKept,
    ShopKept,
    TracesKept,
    WaitingTracesKept,
)
from app.forgetting.keeping import Keeper, Place
from app.places import features_dir
from app.settings import Settings
from app.streaming.shopper_events import ShopperEvents
from retrievers.features.defaults import defaults_file

# Kept by law: the shop's accounts. What they are called in the answer.
KEPT = ("orders",)
ACCOUNTS = Place(
    frozenset({"shop_orders", "shop_order_lines", "shop_payments"})
    | {"shop_accounts", "shop_payment_methods"}  # who bought, and how it was paid
    | {"shop_audit"}  # what was done in the shop, which the database itself refuses to change
)

# What an operator loaded from elsewhere, and must erase where it came from.
OPERATORS = Place(
    frozenset({"trace_datasets", "trace_examples"}),
    ("features/offline/*",),
)

# Nothing of these is about a shopper.
IMPERSONAL = Place(
    frozenset({"shop_variants", "shop_schema", "trace_projects", "checkpoint_migrations"})
    | {"forgotten_threads"},  # digests that tell nobody who was here
    (
        *("index/*", "models/*", "images/*", "snapshot.json", "ledger.db*", "demo.json"),  # the catalogue
        *("features/registry.db", "features/*.lock", "session.key", "*.lock", "*.sock"),  # the house itself
        *("shop.db*", "traces.db*"),  # table by table, above
    ),
)


def register(shop: Shop, settings: Settings, events: ShopperEvents, traces: OpenTraces) -> Sequence[Keeper]:
    """In the order in which they are erased: what happened before what was made of it."""
    parts = shop.parts
    return (
        EventsKept(events),
        FeaturesKept(
            parts.features.source,
            parts.features.writer,
            shop.profile,
            defaults_file(features_dir(settings.data)),
            utc_now,
        ),
        TracesKept(traces, shop.around.recorder),
        WaitingTracesKept(settings.data),
        ConversationsKept(shop.assistant, StoredHistory(parts.store.database, utc_now), parts.checkpoints),
        ShopKept(parts.store.database),
    )
