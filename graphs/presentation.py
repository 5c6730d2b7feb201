"""What the shopper sees beside the words: product cards and facts, rendered from live values, never generated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from graphs.answer import NearMiss, ProductCard
from graphs.prompts.phrases import Description, Phrases
from graphs.turn import Lang
from retrievers.catalogue import DocumentType
from retrievers.records import Evidence, ItemFacts, UnifiedContext

_REASONS_SHOWN = 4


def product_cards(known: UnifiedContext, phrases: Phrases) -> list[ProductCard]:
    """One card per product of the evidence, in its order."""
    products = (item for item in known.evidence if item.type == DocumentType.PRODUCT)
    return [_card(item, known, phrases) for item in products]


def near_misses(known: UnifiedContext, phrases: Phrases) -> list[NearMiss]:
    """Products that break a limit, apart from those that keep them all."""
    return [
        NearMiss(
            product=_card(miss.evidence, known, phrases),
            breaks=tuple(phrases.limit(item, known.currency) for item in miss.broken),
        )
        for miss in known.nearest
    ]


def feature_rows(known: UnifiedContext, descriptions: Mapping[str, Description], lang: Lang) -> list[dict[str, Any]]:
    """Features as JSON, with the display name and the unit a person reads."""
    rows = []
    for value in known.features.values():
        description = descriptions.get(value.name)
        row = asdict(value)
        row["event_time"] = value.event_time.isoformat() if value.event_time else None
        row["display_name"] = description.names[lang] if description else value.name
        row["unit"] = description.unit if description else ""
        rows.append(row)
    return rows


def _card(item: Evidence, known: UnifiedContext, phrases: Phrases) -> ProductCard:
    product_id = str(item.metadata["product_id"])
    live = known.items.get(product_id, ItemFacts(product_id))
    reasons = known.reasons.get(product_id, ())[:_REASONS_SHOWN]
    return ProductCard(
        product_id=product_id,
        title=item.title,
        price=live.price,
        currency=item.metadata.get("currency") or known.currency,
        rating=live.rating,
        in_stock=None if live.stock is None else live.stock > 0,
        image_url=item.metadata.get("image_url"),
        url=item.metadata.get("url"),
        why=tuple(dict.fromkeys(phrases.reason(reason) for reason in reasons)),
    )
