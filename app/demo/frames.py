"""Feature frames computed from the shoppers' histories, with event times counted back from a given now."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from statistics import fmean
from typing import Any

import pandas as pd

from app.demo.shoppers import Event, Shopper, orders_of
from retrievers.catalogue import Product
from retrievers.features.descriptions import retail_descriptions
from retrievers.purchases import PurchaseLedger
from retrievers.purchases.frames import purchase_frames

_STATS = ("price", "stock", "rating", "rating_count", "popularity")
_INTEREST = {"purchase": 5, "cart": 3, "click": 1, "view": 1}
_Row = dict[str, Any]


def feature_frames(products: Sequence[Product], shoppers: Sequence[Shopper], now: datetime) -> dict[str, pd.DataFrame]:
    """One frame a view: join key, `event_timestamp` (UTC) and its features. `now` must be timezone-aware."""
    if now.tzinfo is None:
        raise ValueError("Feature times need a timezone-aware now, for example datetime.now(UTC)")
    histories = _Histories(products, now)
    rows: dict[str, list[_Row]] = {
        "user_behavior": [histories.behaviour(shopper) for shopper in shoppers if shopper.events],
        "user_clicks_last_24h": [row for shopper in shoppers if (row := histories.clicks(shopper))],
        "user_session": [histories.session(shopper) for shopper in shoppers if shopper.events],
        "user_profile": [row for shopper in shoppers if (row := _profile(shopper, now))],
        "item_stats": [_item(place, product, now) for place, product in enumerate(products)],
    }
    declared = _declared_features()
    told = {
        view: pd.DataFrame(entries, columns=[_key_of(view), "event_timestamp", *declared[view]])
        for view, entries in rows.items()
    }
    frames = {**told, **_purchases(products, shoppers, now)}
    return {view: frames[view] for view in declared}


def _declared_features() -> dict[str, list[str]]:
    views: dict[str, list[str]] = {}
    for described in retail_descriptions().values():
        views.setdefault(described.view, []).append(described.name.split(":")[1])
    return views


def _key_of(view: str) -> str:
    return "product_id" if view.startswith("item_") else "user_id"


def _purchases(products: Sequence[Product], shoppers: Sequence[Shopper], now: datetime) -> dict[str, pd.DataFrame]:
    """What the shop's own job would compute from the same orders."""
    kinds = {product.product_id: product.kind for product in products if product.kind}
    ledger = PurchaseLedger.of((order for shopper in shoppers for order in orders_of(shopper, now)), now, kinds)
    return purchase_frames(ledger, [product.product_id for product in products], now)


class _Histories:
    def __init__(self, products: Sequence[Product], now: datetime) -> None:
        self._products = {product.product_id: product for product in products}
        self._price_ranks = _price_ranks(products)
        self._now = now

    def behaviour(self, shopper: Shopper) -> _Row:
        """Price sensitivity is one minus the mean price rank, within its kind, of what the shopper touched."""
        interest: Counter[str] = Counter()
        for event in shopper.events:
            interest[self._products[event.product_id].category[0]] += _INTEREST[event.kind]
        purchases = [event for event in shopper.events if event.kind == "purchase"]
        viewed = _latest(shopper.events, "view", "click")
        return {
            **self._key(shopper.user_id, shopper.events),
            "favorite_category": _favourite(interest),
            "avg_order_value": self._average_order(shopper),
            "total_purchases_30d": sum(event.age <= timedelta(days=30) for event in purchases),
            "last_viewed_brand": self._products[viewed.product_id].brand if viewed else None,
            "price_sensitivity_score": round(
                1 - fmean(self._price_ranks[event.product_id] for event in shopper.events), 2
            ),
        }

    def _average_order(self, shopper: Shopper) -> float | None:
        totals = [sum(map(self._product_price, order.products)) for order in orders_of(shopper, self._now)]
        return round(fmean(totals), 2) if totals else None

    def clicks(self, shopper: Shopper) -> _Row | None:
        today = [event for event in shopper.events if event.age < timedelta(days=1) and event.kind in ("view", "click")]
        if not today:
            return None
        minutes: defaultdict[str, float] = defaultdict(float)
        for event in today:
            minutes[self._products[event.product_id].category[-1]] += event.minutes
        return {
            **self._key(shopper.user_id, today),
            "click_count": len(today),
            "favorite_category": _favourite(minutes),
            "browse_minutes": {category: round(spent, 1) for category, spent in sorted(minutes.items())},
        }

    def session(self, shopper: Shopper) -> _Row:
        viewed, bought = _latest(shopper.events, "view", "click"), _latest(shopper.events, "purchase")
        seen = self._products[viewed.product_id] if viewed else None
        own = self._products[bought.product_id] if bought else None
        hour = timedelta(hours=1)
        return {
            **self._key(shopper.user_id, shopper.events),
            "last_viewed_product": seen.product_id if seen else None,
            "last_viewed_brand": seen.brand if seen else None,
            "last_viewed_category": seen.category[-1] if seen else None,
            "views_last_hour": sum(event.kind == "view" and event.age <= hour for event in shopper.events),
            "cart_total": self._cart_total(shopper.events, bought),
            "last_purchase_product": own.product_id if own else None,
            "last_purchase_category": own.category[-1] if own else None,
            "last_purchased_at": self._now - bought.age if bought else None,
        }

    def _cart_total(self, events: Sequence[Event], bought: Event | None) -> float:
        """A purchase empties the cart."""
        waiting = [event for event in events if event.kind == "cart" and (bought is None or event.age < bought.age)]
        return round(sum(map(self._price, waiting)), 2)

    def _key(self, user_id: str, events: Iterable[Event]) -> _Row:
        return {"user_id": user_id, "event_timestamp": self._now - min(event.age for event in events)}

    def _price(self, event: Event) -> float:
        return self._product_price(event.product_id)

    def _product_price(self, product_id: str) -> float:
        return self._products[product_id].price or 0.0


def _price_ranks(products: Sequence[Product]) -> dict[str, float]:
    """Share of products of the same kind that are cheaper, in [0, 1)."""
    prices: dict[str | None, list[float]] = {}
    for product in products:
        prices.setdefault(product.kind, []).append(product.price or 0.0)
    return {
        product.product_id: sum(price < (product.price or 0.0) for price in prices[product.kind])
        / len(prices[product.kind])
        for product in products
    }


def _favourite(weights: Mapping[str, float]) -> str:
    return max(sorted(weights), key=lambda name: weights[name])


def _latest(events: Iterable[Event], *kinds: str) -> Event | None:
    return min((event for event in events if event.kind in kinds), key=lambda event: event.age, default=None)


def _profile(shopper: Shopper, now: datetime) -> _Row | None:
    profile = shopper.profile
    if profile is None:
        return None
    return {
        "user_id": shopper.user_id,
        "event_timestamp": now - profile.age,
        "budget_limit": profile.budget_limit,
        "excluded_brands": list(profile.excluded_brands),
        "excluded_materials": list(profile.excluded_materials),
        "sizes": dict(profile.sizes),
        "onboarding_categories": list(profile.onboarding_categories),
        "onboarding_budget": profile.onboarding_budget,
    }


def _item(place: int, product: Product, now: datetime) -> _Row:
    return {
        "product_id": product.product_id,
        "event_timestamp": now - timedelta(minutes=1 + place % 45),  # prices are checked in turns
        **{name: getattr(product, name) for name in _STATS},
    }
