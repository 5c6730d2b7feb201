"""Worlds in which shoppers are somebody else, know nothing new, or want two things at once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from retrievers.features.protocol import FeatureSource
from retrievers.records import FeatureValue, ItemFacts, ShopperFeatures

Change = Callable[[str, ShopperFeatures], ShopperFeatures]
_DECLARED = "user_profile:"
_BUDGET, _AVERAGE = "user_profile:budget_limit", "user_behavior:avg_order_value"


@dataclass(frozen=True, slots=True)
class World:
    """`swapped` says whose features a shopper is given; `change` what becomes of them then."""

    swapped: Mapping[str, str]
    change: Change = lambda _, features: features


AS_STORED = World({})


class Worlds:
    """A `FeatureSource` that reads as the world around the turn has it; turns at once may be in different ones.

    Nothing is written: the store underneath stays as it is.
    """

    def __init__(self, source: FeatureSource) -> None:
        self._source = source
        self._world: ContextVar[World] = ContextVar("world", default=AS_STORED)

    @contextmanager
    def entered(self, world: World) -> Iterator[None]:
        """For every turn started inside."""
        token = self._world.set(world)
        try:
            yield
        finally:
            self._world.reset(token)

    async def shopper(self, user_id: str, now: datetime) -> ShopperFeatures:
        world = self._world.get()
        owner = world.swapped.get(user_id, user_id)
        return world.change(owner, await self._source.shopper(owner, now))

    async def items(
        self, product_ids: Sequence[str], now: datetime, *, orders: bool = False
    ) -> Mapping[str, ItemFacts]:
        return await self._source.items(product_ids, now, orders=orders)


def shuffled(users: Sequence[str]) -> World:
    """Everybody is given the features of the next one: what a mixed-up cache would do."""
    return World(dict(zip(users, [*users[1:], users[0]], strict=True)))


def declared_only() -> World:
    """What shoppers set themselves still holds; nothing is known of what they did."""
    return World({}, lambda _, features: {name: _kept(value) for name, value in features.items()})


def stale() -> World:
    """Everything known is too old to rest a decision on."""
    return World({}, lambda _, features: {name: _aged(value) for name, value in features.items()})


def contradicting(budgets: Mapping[str, float]) -> World:
    """A declared budget far below what the shopper is used to spend: ten times as much an order."""

    def change(user_id: str, features: ShopperFeatures) -> ShopperFeatures:
        if user_id not in budgets:
            return features
        budget = budgets[user_id]
        return {
            **features,
            _BUDGET: _online(features, _BUDGET, budget),
            _AVERAGE: _online(features, _AVERAGE, 10 * budget),
        }

    return World({}, change)


def canaries(user_id: str) -> tuple[str, str]:
    """A word and a whole number that stand for this shopper and occur nowhere else."""
    digest = hashlib.sha256(user_id.encode()).hexdigest()
    return f"zq{digest[:12]}", str(10_000_000 + int(digest[12:20], 16) % 89_999_999)


def marked(users: Sequence[str], world: World = AS_STORED) -> World:
    """Whoever asks under a shopper's canary has that shopper's features, with canaries for every readable value.

    So any trace of a shopper can be told: id, values, history.
    """
    given = dict(world.swapped) | {canaries(user)[0]: world.swapped.get(user, user) for user in users}

    def change(user_id: str, features: ShopperFeatures) -> ShopperFeatures:
        word, number = canaries(user_id)
        return {name: _marked(value, word, float(number)) for name, value in features.items()}

    return World(given, change)


def _kept(value: FeatureValue) -> FeatureValue:
    return value if value.name.startswith(_DECLARED) else FeatureValue(value.name, None, "missing")


def _aged(value: FeatureValue) -> FeatureValue:
    return value if value.value is None else replace(value, status="stale", age_s=1e9)


def _online(features: ShopperFeatures, name: str, number: float) -> FeatureValue:
    """As fresh as the freshest value known."""
    known = [value for value in features.values() if value.event_time is not None]
    newest = max(known, key=lambda value: value.event_time or datetime.min, default=None)
    if newest is None:
        return FeatureValue(name, number, "online", None, 0.0)
    return FeatureValue(name, number, "online", newest.event_time, newest.age_s)


def _marked(value: FeatureValue, word: str, number: float) -> FeatureValue:
    return replace(value, value=_canary(value.value, word, number)) if value.readable else value


def _canary(held: Any, word: str, number: float) -> Any:
    """In the shape of what was there; times are left as they are."""
    if isinstance(held, str):
        return word
    if isinstance(held, bool | datetime):
        return held
    if isinstance(held, int | float):
        return type(held)(number)
    if isinstance(held, Mapping):
        return dict.fromkeys([word], _canary(next(iter(held.values()), word), word, number))
    return [word for _ in held]
