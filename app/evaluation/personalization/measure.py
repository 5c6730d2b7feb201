"""Hits and nDCG of the next order for the popular, the unpersonalised and the personalised answer, and for controls."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ir_measures
from ir_measures import Success, nDCG

from app.evaluation.personalization.leaks import leaking, peeking
from app.evaluation.personalization.replay import Moment, point_in_time
from app.evaluation.personalization.shelf import Shelf
from app.evaluation.personalization.targets import Target, last_orders
from retrievers.purchases import Order

_K = 10
_HIT, _NDCG = Success @ _K, nDCG @ _K
_EXAMINED = 3  # targets examined for leaks: each costs two replays
Answers = dict[str, list[str]]  # products by system
Progress = Callable[[int, int], None]  # targets done, of how many


@dataclass(frozen=True, slots=True)
class Report:
    """Of `examined` targets `leaks` knew their future; with the leak planted, `planted` did, which must be all."""

    shoppers: int
    systems: Mapping[str, Mapping[str, float]]
    examined: int
    leaks: int
    planted: int

    def as_json(self) -> dict[str, Any]:
        systems = {name: metrics for name, metrics in self.systems.items() if name != "shuffled"}
        leak = {"examined": self.examined, "leaking": self.leaks, "planted_leak_found": self.planted}
        return {"shoppers": self.shoppers, **systems, "control": {"shuffled": self.systems["shuffled"], "leak": leak}}


async def measure(orders: Sequence[Order], titles: Mapping[str, str], progress: Progress) -> Report:
    """`orders` by time. Raises ValueError when nobody came back."""
    targets = last_orders(orders)
    if not targets:
        raise ValueError("no shopper has two orders: there is nothing to predict")
    shelf = Shelf(titles)
    answered: list[Answers] = []
    strangers = _strangers(targets)
    for moment in point_in_time(orders, targets, shelf.kinds):
        answered.append(await _answers(moment, shelf, strangers[moment.target.shopper_id]))
        progress(len(answered), len(targets))
    examined = _spread(targets)
    return Report(
        shoppers=len(targets),
        systems={name: _metrics(targets, [each[name] for each in answered]) for name in answered[0]},
        examined=len(examined),
        leaks=len(await leaking(point_in_time, orders, examined, shelf.kinds)),
        planted=len(await leaking(peeking, orders, examined, shelf.kinds)),
    )


async def _answers(moment: Moment, shelf: Shelf, stranger: str) -> Answers:
    """`shuffled` is answered by the features another shopper had at that moment."""
    target, source = moment.target, moment.source
    features = {
        "unpersonalized": {},
        "personalized": await source.shopper(target.shopper_id, target.cut),
        "shuffled": await source.shopper(stranger, target.cut),
    }
    ranked = {
        name: await shelf.answer(known, source, moment.popular, target.cut, _K) for name, known in features.items()
    }
    return {"popular": list(moment.popular[:_K]), "popular_28d": list(moment.popular_28d[:_K]), **ranked}


def _strangers(targets: Sequence[Target]) -> dict[str, str]:
    """Another shopper for each, nobody the own one."""
    shoppers = [target.shopper_id for target in targets]
    random.Random(0).shuffle(shoppers)  # noqa: S311 - a control, not a secret
    return dict(zip(shoppers, [*shoppers[1:], shoppers[0]], strict=True))


def _spread(targets: Sequence[Target]) -> list[Target]:
    """Some targets over the whole time, the last among them."""
    count = min(_EXAMINED, len(targets))
    return [targets[(place + 1) * len(targets) // count - 1] for place in range(count)]


def _metrics(targets: Sequence[Target], answers: Sequence[Sequence[str]]) -> dict[str, float]:
    found = ir_measures.calc_aggregate([_HIT, _NDCG], list(_qrels(targets)), list(_run(answers)))
    return {"hit@10": round(found[_HIT], 4), "ndcg@10": round(found[_NDCG], 4)}


def _qrels(targets: Sequence[Target]) -> Iterator[ir_measures.Qrel]:
    for number, target in enumerate(targets):
        yield from (ir_measures.Qrel(str(number), product, 1) for product in sorted(target.products))


def _run(answers: Sequence[Sequence[str]]) -> Iterator[ir_measures.ScoredDoc]:
    for number, products in enumerate(answers):
        for place, product in enumerate(products):
            yield ir_measures.ScoredDoc(str(number), product, float(-place))
