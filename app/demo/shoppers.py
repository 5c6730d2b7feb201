"""The shop's customers: what they did, as events at an age before now, and what they declared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Literal

from app.demo.content import personas
from graphs.turn import Lang
from retrievers.catalogue import Product

EventKind = Literal["view", "click", "cart", "purchase"]
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Persona:
    """A shopper whom the page introduces; `blurb` and `suggestions` are by language."""

    user_id: str
    name: str
    blurb: Mapping[Lang, str]
    suggestions: Mapping[Lang, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Event:
    """`age` counts back from now; `minutes` is the time spent looking (views only)."""

    kind: EventKind
    product_id: str
    age: timedelta
    minutes: float = 0.0


@dataclass(frozen=True, slots=True)
class Profile:
    """What a shopper declared, `age` ago."""

    age: timedelta
    budget_limit: float | None = None
    excluded_brands: tuple[str, ...] = ()
    excluded_materials: tuple[str, ...] = ()
    sizes: Mapping[str, str] = field(default_factory=dict)
    onboarding_categories: tuple[str, ...] = ()
    onboarding_budget: float | None = None


@dataclass(frozen=True, slots=True)
class Shopper:
    user_id: str
    events: tuple[Event, ...]
    profile: Profile | None = None


def featured_shoppers() -> tuple[Persona, ...]:
    """Maya, Jonas and Priya, who are the same in every demo store."""
    return tuple(Persona(**entry) for entry in personas())


class Crowd:
    """Invents shoppers: each has a favourite department and comes back in sessions that sometimes end in a purchase."""

    def __init__(self, products: Sequence[Product], rng: Random) -> None:
        self._rng = rng
        self._shelves: dict[str, list[Product]] = {}
        for product in products:
            self._shelves.setdefault(product.category[0], []).append(product)
        self._departments = sorted(self._shelves)
        self._weights = {
            name: [product.popularity or 0.1 for product in shelf] for name, shelf in self._shelves.items()
        }

    def shopper(self, user_id: str) -> Shopper:
        favourite = self._rng.choice(self._departments)
        lapsed = self._rng.random() < 0.1
        first = 35.0 if lapsed else 0.0
        ages = [first + self._rng.expovariate(1 / 9) for _ in range(self._rng.randint(1, 8))]
        events = [event for age in ages for event in self._session(favourite, timedelta(days=age))]
        return Shopper(user_id, tuple(sorted(events, key=lambda event: -event.age)), self._profile(favourite))

    def _session(self, favourite: str, age: timedelta) -> list[Event]:
        rng = self._rng
        department = favourite if rng.random() < 0.75 else rng.choice(self._departments)
        shelf = rng.choice(sorted({product.category[1] for product in self._shelves[department]}))
        events: list[Event] = []
        for product in self._picks(department, shelf, rng.randint(2, 8)):
            minutes = round(rng.uniform(0.3, 4), 1)
            events.append(Event("view", product.product_id, age, minutes))
            if rng.random() < 0.4:
                events.append(Event("click", product.product_id, age))
            age = max(age - timedelta(minutes=minutes), timedelta(minutes=2))
        last = events[-1].product_id
        if rng.random() < 0.45:
            events.append(Event("cart", last, age))
            if rng.random() < 0.6:
                events.append(Event("purchase", last, max(age - timedelta(minutes=1), timedelta(minutes=1))))
        return events

    def _picks(self, department: str, shelf: str, count: int) -> list[Product]:
        drawn = self._rng.choices(self._shelves[department], self._weights[department], k=3 * count)
        on_shelf = [product for product in drawn if product.category[1] == shelf]
        return (on_shelf or drawn)[:count]

    def _profile(self, favourite: str) -> Profile | None:
        rng = self._rng
        if rng.random() > 0.2:
            return None
        brands = sorted({product.brand for product in self._shelves[favourite] if product.brand})
        return Profile(
            age=rng.uniform(1, 200) * _DAY,
            budget_limit=float(rng.choice((50, 80, 120, 200, 300))) if rng.random() < 0.5 else None,
            excluded_brands=(rng.choice(brands),) if rng.random() < 0.2 else (),
            excluded_materials=(rng.choice(("leather", "wool", "down")),) if rng.random() < 0.25 else (),
            sizes={"clothes": rng.choice("SML"), "shoes": f"US {rng.randint(6, 12)}"} if rng.random() < 0.4 else {},
            onboarding_categories=(favourite,) if rng.random() < 0.5 else (),
            onboarding_budget=float(rng.choice((60, 100, 150, 250))) if rng.random() < 0.3 else None,
        )
