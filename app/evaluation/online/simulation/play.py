"""An experiment played with simulated shoppers: the shop's own retrieval answers, in the arm each one is dealt."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Protocol

from app.evaluation.online.arms import Arm, OnlineExperiment
from app.evaluation.online.interleaving import Preference, preference, team_draft
from app.evaluation.online.logs import Exposure
from app.evaluation.online.simulation.behaviour import behaviour
from app.evaluation.online.simulation.past import SimulatedShopper
from app.evaluation.online.simulation.taste import Shelf
from graphs.changing import changed_features
from retrievers.catalogue import DocumentType
from retrievers.context import ContextReader
from retrievers.features.protocol import FeatureSource
from retrievers.records import ItemFacts, ShopperFeatures
from tools.ports import ShopperEvent

SHUFFLED = "shuffled"  # the arm that must lose: answered with the features of another shopper
_OPEN = "what should I buy?"
_PAUSE = timedelta(minutes=1)

Told = Callable[[int, int], None]  # shoppers done, of how many


class SimulatedFeatures:
    """A `FeatureSource` of shoppers who do not exist; products are read as they are."""

    def __init__(self, source: FeatureSource) -> None:
        self._source = source
        self.known: dict[str, ShopperFeatures] = {}

    async def shopper(self, user_id: str, now: datetime) -> ShopperFeatures:
        return self.known.get(user_id, {})

    async def items(
        self, product_ids: Sequence[str], now: datetime, *, orders: bool = False
    ) -> Mapping[str, ItemFacts]:
        return await self._source.items(product_ids, now, orders=orders)


class Answers(Protocol):
    async def __call__(self, user_id: str, question: str, arm: Arm) -> list[str]:
        """Ids of the products that would be shown, in their order."""
        ...


@dataclass(slots=True)
class Played:
    """Logs as a shop would keep them, and whom shoppers prefer when both rankings stand in one list."""

    exposures: list[Exposure] = field(default_factory=list)
    events: list[ShopperEvent] = field(default_factory=list)
    interleaved: Preference | None = None  # `a` is the control, `b` the shuffled


def retrieval(reader: ContextReader, k: int) -> Answers:
    """What the assistant's retrieval shows."""

    async def answered(user_id: str, question: str, arm: Arm) -> list[str]:
        reading = await reader.read(question)
        shopper = reader.shopper(user_id, changed_features(arm.changes))
        facts, found = await asyncio.gather(reader.fetch(user_id, shopper), reader.retrieve(reading, shopper, k))
        known = await reader.join(user_id, facts, found, k)
        return [str(one.metadata["product_id"]) for one in known.evidence if one.type == DocumentType.PRODUCT]

    return answered


def with_shuffled(experiment: OnlineExperiment) -> OnlineExperiment:
    """The same and the arm that must lose, which is as large as the control."""
    weight = experiment.arms[experiment.control].weight
    return experiment.model_copy(update={"arms": {**experiment.arms, SHUFFLED: Arm(weight=weight)}})


async def play(
    experiment: OnlineExperiment,
    shoppers: Sequence[SimulatedShopper],
    answers: Answers,
    shelf: Shelf,
    now: datetime,
    told: Told,
) -> Played:
    """Each asks what to buy and for a liked category; those of the control see one list that is interleaved too."""
    played, credits = Played(), list[list[int]]()
    for number, shopper in enumerate(shoppers):
        stranger = shoppers[(number + 1) % len(shoppers)].user_id
        name = experiment.arm_of(shopper.user_id)
        arm, asked_as = experiment.arms[name], stranger if name == SHUFFLED else shopper.user_id
        rng = Random(f"visit {shopper.user_id}")  # noqa: S311 - no secret
        for turn, question in enumerate((_OPEN, rng.choice([*shopper.taste.categories]))):
            shown = await answers(asked_as, question, arm)
            if shown:
                run = f"{shopper.user_id}/{turn}"
                exposure = Exposure(run_id=run, user_id=shopper.user_id, time=now, products=tuple(shown), arm=name)
                played.exposures.append(exposure)
                played.events += _events(exposure, shopper, shelf, rng)
            if turn == 0 and name == experiment.control:
                other = await answers(stranger, question, arm)
                mixed = team_draft(shown, other, max(len(shown), len(other)), rng)
                clicks = {p for kind, p in behaviour(shopper, mixed.products, shelf, rng) if kind == "click"}
                credits.append([mixed.credit({mixed.products[place] for place in clicks})])
        told(number + 1, len(shoppers))
    played.interleaved = preference(credits)
    return played


def _events(exposure: Exposure, shopper: SimulatedShopper, shelf: Shelf, rng: Random) -> Iterator[ShopperEvent]:
    for number, (kind, place) in enumerate(behaviour(shopper, exposure.products, shelf, rng), 1):
        product_id = exposure.products[place]
        yield ShopperEvent(
            event_id=f"{exposure.run_id}/{number}",
            kind=kind,
            user_id=exposure.user_id,
            product_id=product_id,
            time=exposure.time + number * _PAUSE,
            run_id=exposure.run_id,
            position=place if kind == "click" else None,
            price=shelf.products[product_id].price,
        )
