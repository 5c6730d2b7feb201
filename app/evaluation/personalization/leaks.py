"""Finds features that have seen the future: what is known before a moment must not change when its future is gone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from app.evaluation.personalization.as_of import AsOf
from app.evaluation.personalization.replay import Moment, Replay
from app.evaluation.personalization.targets import Target
from retrievers.purchases import Order, PurchaseLedger
from retrievers.records import ItemFacts, ShopperFeatures

_POPULAR = 60  # whose facts are compared, beside those of what is to be predicted
Known = tuple[ShopperFeatures, Mapping[str, ItemFacts], Sequence[str], Sequence[str]]


async def leaking(
    replay: Replay, orders: Sequence[Order], targets: Sequence[Target], kinds: Mapping[str, str]
) -> list[Target]:
    """The targets before which something else is known once all orders from the target on are deleted."""
    found = []
    for target in targets:
        past = [order for order in orders if order.time < target.cut]
        if await _known(replay, orders, target, kinds) != await _known(replay, past, target, kinds):
            found.append(target)
    return found


def peeking(orders: Sequence[Order], targets: Sequence[Target], kinds: Mapping[str, str]) -> Iterator[Moment]:
    """The leak planted as a control: features of a job that ran when everything had happened."""
    ledger = _Unguarded(kinds)
    latest: dict[str, Order] = {}
    for order in orders:
        ledger.record(order)
        latest[order.shopper_id] = order
    for target in targets:
        yield Moment(target, AsOf(ledger, latest), ledger.products(), ledger.products())


class _Unguarded(PurchaseLedger):
    def _check(self, at: datetime) -> None:
        """Lets everything through."""


async def _known(replay: Replay, orders: Sequence[Order], target: Target, kinds: Mapping[str, str]) -> Known:
    moment = next(replay(orders, [target], kinds))
    features = await moment.source.shopper(target.shopper_id, target.cut)
    compared = dict.fromkeys([*moment.popular[:_POPULAR], *sorted(target.products)])
    facts = await moment.source.items(list(compared), target.cut)
    return features, facts, moment.popular, moment.popular_28d
