"""The shop's customers: what they did, as events at an age before now, and what they declared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Literal

from app.demo.content import habits, personas
from graphs.turn import Lang
from retrievers.catalogue import Product
from retrievers.purchases import Order

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


def orders_of(shopper: Shopper, now: datetime) -> list[Order]:
    """Purchases of the same moment are one order; oldest first."""
    bought: dict[timedelta, dict[str, None]] = {}
    for event in sorted(shopper.events, key=lambda event: -event.age):
        if event.kind == "purchase":
            bought.setdefault(event.age, {})[event.product_id] = None
    return [
        Order(f"{shopper.user_id}/{number}", shopper.user_id, now - age, tuple(products))
        for number, (age, products) in enumerate(bought.items(), 1)
    ]


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
        self._habits = habits()
        self._kinds: dict[str, list[Product]] = {}
        for product in products:
            if product.kind and product.stock:
                self._kinds.setdefault(product.kind, []).append(product)
        self._of = {product.product_id: product for product in products}
        self._weights = {
            name: [product.popularity or 0.1 for product in shelf] for name, shelf in self._shelves.items()
        }

    def shopper(self, user_id: str) -> Shopper:
        favourite = self._rng.choice(self._departments)
        lapsed = self._rng.random() < 0.1
        first = 35.0 if lapsed else 0.0
        ages = [first + self._rng.expovariate(1 / 9) for _ in range(self._rng.randint(1, 8))]
        events = [event for age in ages for event in self._session(favourite, timedelta(days=age))]
        events += self._supplies(favourite)
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
                age = max(age - timedelta(minutes=1), timedelta(minutes=1))
                events += [Event("purchase", product, age) for product in (last, *self._company(last))]
        return events

    def _company(self, product_id: str) -> list[str]:
        """What is bought with it, now and then: of the kinds that go with its kind, mostly the best liked."""
        wanted = self._habits.together.get(self._of[product_id].kind or "", ())
        return [self._liked(kind) for kind in wanted if self._rng.random() < 0.4]

    def _supplies(self, favourite: str) -> list[Event]:
        """What runs out is bought again, by those who use it: the same every few weeks."""
        rng = self._rng
        own = [kind for kind in self._habits.replenished if self._kinds[kind][0].category[0] == favourite]
        kinds = own if rng.random() < 0.6 else rng.sample(self._habits.replenished, 1) if rng.random() < 0.3 else []
        events: list[Event] = []
        for kind in kinds:
            product, weeks = self._liked(kind), rng.uniform(3, 7)
            for turn in range(rng.randint(1, 5)):
                age = timedelta(weeks=weeks * (turn + rng.uniform(0.1, 0.4)))
                events.append(Event("purchase", product, age))
        return events

    def _liked(self, kind: str) -> str:
        """The squares make the favourites of the shop stand out, as they do where people can see what others buy."""
        products = self._kinds[kind]
        weights = [(product.popularity or 0.1) ** 2 for product in products]
        return self._rng.choices(products, weights)[0].product_id

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
