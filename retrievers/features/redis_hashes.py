"""Features in plain Redis hashes, for shops that start simple: one hash a shopper or product, no Feast.

    user:{user_id}      user_behavior:favorite_category   "Running"
                        user_behavior:avg_order_value     84.5
                        user_behavior:__ts                1772366400
                        user_profile:excluded_brands      ["Acme", "Bolt"]
                        user_profile:__ts                 1772366400
    item:{product_id}   item_stats:price                  129.0
                        item_stats:__ts                   1772366400

A field is `view:feature`, its value JSON (a string with its quotes; a time as seconds since 1970); names and types are
those of `retail.json`. `view:__ts` says when all values of that view were true, in seconds since 1970: without it their
age is unknown and they count as missing, as does a value of another type. Nothing expires in Redis: ages are judged
when a value is read, by the rules Feast's values are judged by. Shops that share a Redis use different databases.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import redis

from retrievers.features.descriptions import FeatureDescription, retail_descriptions
from retrievers.features.judging import item_facts, item_features, judged
from retrievers.features.protocol import FeaturesUnavailable
from retrievers.features.redis_address import redis_address
from retrievers.features.typed import typed
from retrievers.records import FeatureValue, ItemFacts, ShopperFeatures

_LATEST = 253_402_300_799  # the end of the year 9999: seconds beyond it are milliseconds by mistake
Descriptions = Mapping[str, FeatureDescription]

logger = logging.getLogger(__name__)


def connect(url: str) -> redis.Redis:
    """Opens nothing yet. Raises ValueError for what is no address of one server."""
    try:
        return redis.Redis(**redis_address(url).client_options())
    except TypeError as error:
        raise ValueError(f"not a Redis option: {error}") from None


def hash_key(entity: str, key: str) -> str:
    return f"{entity}:{key}"


def time_field(view: str) -> str:
    return f"{view}:__ts"


class RedisHashFeatureSource:
    """A `FeatureSource` over one Redis; each call is one round trip, on a thread."""

    def __init__(self, client: redis.Redis, descriptions: Descriptions | None = None) -> None:
        self._client = client
        known = (retail_descriptions() if descriptions is None else descriptions).values()
        self._shopper = [each for each in known if each.entity == "user"]
        self._item = {orders: item_features(known, orders=orders) for orders in (False, True)}
        self._warned: set[str] = set()

    async def shopper(self, user_id: str, now: datetime) -> ShopperFeatures:
        (row,) = await self._rows("user", self._shopper, [user_id], now)
        return {value.name: value for value in row}

    async def items(
        self, product_ids: Sequence[str], now: datetime, *, orders: bool = False
    ) -> Mapping[str, ItemFacts]:
        unique = list(dict.fromkeys(product_ids))
        if not unique:
            return {}
        rows = await self._rows("item", self._item[orders], unique, now)
        facts = (item_facts(product_id, row) for product_id, row in zip(unique, rows, strict=True))
        return {fact.product_id: fact for fact in facts if fact is not None}

    async def _rows(
        self, entity: str, known: Sequence[FeatureDescription], keys: Sequence[str], now: datetime
    ) -> list[list[FeatureValue]]:
        names = [each.name for each in known]
        fields = [*names, *dict.fromkeys(time_field(each.view) for each in known)]
        stored = await asyncio.to_thread(self._fetch, [hash_key(entity, key) for key in keys], fields)
        held = (dict(zip(fields, values, strict=True)) for values in stored)
        return [[self._judged(each, row, now) for each in known] for row in held]

    def _fetch(self, keys: Sequence[str], fields: list[str]) -> list[list[bytes | None]]:
        try:
            with self._client.pipeline(transaction=False) as pipeline:
                for key in keys:
                    pipeline.hmget(key, fields)
                rows: list[list[bytes | None]] = pipeline.execute()
        except redis.RedisError as error:
            reason = (str(error).splitlines() or [""])[0]
            raise FeaturesUnavailable(f"Redis failed: {type(error).__name__}: {reason}") from error
        return rows

    def _judged(self, known: FeatureDescription, row: Mapping[str, bytes | None], now: datetime) -> FeatureValue:
        epoch = self._readable(time_field(known.view), row, _epoch)
        value = self._readable(known.name, row, lambda held: typed(known, held))
        return judged(known, value, epoch, now)

    def _readable(self, field: str, row: Mapping[str, bytes | None], convert: Any) -> Any:
        """None for what somebody wrote differently, which is said once a field and without the value."""
        raw = row[field]
        try:
            return None if raw is None else convert(json.loads(raw))
        except (ValueError, RecursionError):
            if field not in self._warned:
                self._warned.add(field)
                logger.warning("%s holds something else than it declares in a Redis hash; it counts as missing", field)
            return None


def _epoch(held: Any) -> float:
    if isinstance(held, bool) or not isinstance(held, int | float) or not 0 < held <= _LATEST:
        raise ValueError
    return float(held)
