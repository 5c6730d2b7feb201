"""Worlds of their own: each journey gets carts, orders, conversations and preferences that nobody else sees."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from app.evaluation.journeys.journey import NEW, Fault, Journey, Meanwhile
from app.evaluation.journeys.overlays import State, WorldFeatures, WorldIndex
from app.evaluation.journeys.seen import Holdings
from app.evaluation.journeys.stocking import Stocking
from app.evaluation.rows import EvaluationError
from graphs.runner import Assistant
from retrievers.features.protocol import FeatureSource
from retrievers.index.protocol import Index
from retrievers.records import Clock
from tools.preferences import Profile
from tools.shop.carts import read_cart
from tools.shop.orders import read_orders
from tools.shop.store import ShopStore


class Assemble(Protocol):
    """Puts an assistant together over a world's parts; what it keeps for itself goes below `folder`."""

    def __call__(
        self, index: Index, features: WorldFeatures, store: ShopStore, folder: Path, *, model_down: bool
    ) -> Assistant: ...


@dataclass(frozen=True, slots=True)
class Base:
    """The shop every world starts from. `open_store` opens, and if need be makes, a database of carts and orders."""

    index: Index
    features: FeatureSource
    open_store: Callable[[Path, Index, FeatureSource], ShopStore]
    assemble: Assemble
    clock: Clock


class World:
    """`shopper` is whose journey it is."""

    def __init__(
        self, shopper: str, store: ShopStore, profile: Profile, state: State, assistants: Mapping[bool, Assistant]
    ) -> None:
        self.shopper = shopper
        self._store, self._profile, self._state, self._assistants = store, profile, state, assistants

    @property
    def assistant(self) -> Assistant:
        return self._assistants["model" in self._state.down]

    async def holdings(self, user_id: str) -> Holdings:
        """What is stored for a shopper now: read behind the assistant's back, whatever is down for it."""
        with self._store.database.reading() as connection:
            cart, orders = read_cart(connection, user_id), read_orders(connection, user_id)
        down, self._state.down = self._state.down, frozenset[Fault]()
        try:
            items = await self._store.shelf.items([line.item_id for line in cart.lines])
            preferences = await self._profile.read(user_id)
        finally:
            self._state.down = down
        return Holdings(cart, orders, preferences, {item_id: item.price for item_id, item in items.items()})

    def happen(self, meanwhile: Meanwhile) -> None:
        """Raises EvaluationError for an order there is not."""
        self._state.shelf |= meanwhile.shelf
        if meanwhile.down is not None:
            self._state.down = frozenset(meanwhile.down)
        Stocking(self._store, self.shopper).move(meanwhile.orders)


class Worlds:
    """Opens worlds over one shop; an empty database is made once and copied, for making one takes longer."""

    def __init__(self, base: Base, folder: Path) -> None:
        self.base = base
        self._folder = folder
        self._empty = folder / "empty.db"

    @asynccontextmanager
    async def open(self, journey: Journey) -> AsyncIterator[World]:
        """Raises EvaluationError, naming the journey, when something given does not exist in the shop."""
        async with AsyncExitStack() as stack:
            try:
                yield await self._opened(journey, stack)
            except EvaluationError as error:
                raise EvaluationError(f"journey {journey.name!r}: {error}") from None

    async def _opened(self, journey: Journey, stack: AsyncExitStack) -> World:
        """Whatever is open then is closed by the stack."""
        base, given = self.base, journey.given
        shopper = "somebody-new" if journey.shopper == NEW else journey.shopper
        state = State(shelf=dict(given.shelf))
        index, features = WorldIndex(base.index, state), WorldFeatures(base.features, state)
        profile = Profile(features, features, base.clock)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=self._folder)))
        store = stack.enter_context(closing(self._store(folder / "shop.db", index, features)))
        stocking = Stocking(store, shopper)
        await stocking.fill(given)
        await stocking.declare(given.preferences, profile)
        state.down = frozenset(given.down)
        assistants = {}
        for down in (False, True) if _breaks_the_model(journey) else (False,):
            assistants[down] = base.assemble(index, features, store, folder, model_down=down)
            await stack.enter_async_context(assistants[down].kept_open())
        return World(shopper, store, profile, state, assistants)

    def _store(self, path: Path, index: Index, features: FeatureSource) -> ShopStore:
        if not self._empty.exists():
            self.base.open_store(self._empty, index, features).close()
        shutil.copy(self._empty, path)
        return self.base.open_store(path, index, features)


def _breaks_the_model(journey: Journey) -> bool:
    later = [fault for step in journey.turns if step.meanwhile for fault in step.meanwhile.down or ()]
    return "model" in (*journey.given.down, *later)
