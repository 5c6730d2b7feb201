"""Worlds of their own: each journey gets carts, orders, conversations and preferences that nobody else sees."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from app.evaluation.journeys.journey import NEW, Fault, Given, Meanwhile
from app.evaluation.journeys.overlays import State, WorldFeatures, WorldIndex
from app.evaluation.journeys.seen import Holdings
from app.evaluation.journeys.stocking import Stocking
from app.evaluation.rows import EvaluationError
from app.evaluation.watched import Watch
from graphs.observing import Observer
from graphs.runner import Assistant
from retrievers.features.protocol import FeatureSource
from retrievers.index.protocol import Index
from retrievers.records import Clock, ItemFacts, ShopperFeatures
from tools.preferences import Profile
from tools.shop.carts import read_cart
from tools.shop.orders import read_orders
from tools.shop.store import ShopStore


class Assemble(Protocol):
    """Puts an assistant together over a world's parts; what it keeps for itself goes below `folder`."""

    def __call__(
        self,
        index: Index,
        features: WorldFeatures,
        store: ShopStore,
        folder: Path,
        observer: Observer,
        *,
        model_down: bool,
    ) -> Assistant: ...


class Setting(Protocol):
    """What a world is opened for: a journey, or a case of a dataset. `called` is how an error names it."""

    @property
    def called(self) -> str: ...

    @property
    def shopper(self) -> str: ...

    @property
    def given(self) -> Given: ...

    @property
    def breaks_the_model(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Base:
    """The shop every world starts from. `open_store` opens, and if need be makes, a database of carts and orders."""

    index: Index
    features: FeatureSource
    open_store: Callable[[Path, Index, FeatureSource], ShopStore]
    assemble: Assemble
    clock: Clock


class World:
    """`shopper` is whose journey it is; `watch` has seen every turn that was taken here."""

    def __init__(
        self,
        shopper: str,
        store: ShopStore,
        features: WorldFeatures,
        profile: Profile,
        state: State,
        assistants: Mapping[bool, Assistant],
        watch: Watch,
    ) -> None:
        self.shopper, self.watch = shopper, watch
        self._store, self._features, self._profile = store, features, profile
        self._state, self._assistants = state, assistants

    @property
    def assistant(self) -> Assistant:
        return self._assistants["model" in self._state.down]

    @property
    def down(self) -> frozenset[Fault]:
        """What the journey has broken just now."""
        return self._state.down

    async def items(self, product_ids: Sequence[str]) -> Mapping[str, ItemFacts]:
        """Live facts as they are in this world, whatever is down for the assistant."""
        with self._repaired():
            return await self._features.items(product_ids, self._store.clock())

    async def holdings(self, user_id: str) -> Holdings:
        """What is stored for a shopper now: read behind the assistant's back, whatever is down for it."""
        with self._store.database.reading() as connection:
            cart, orders = read_cart(connection, user_id), read_orders(connection, user_id)
        with self._repaired():
            items = await self._store.shelf.items([line.item_id for line in cart.lines])
            preferences = await self._profile.read(user_id)
        return Holdings(cart, orders, preferences, {item_id: item.price for item_id, item in items.items()})

    async def known(self) -> ShopperFeatures:
        """What the store holds of the shopper now: read behind the assistant's back, whatever is down for it."""
        with self._repaired():
            return await self._features.shopper(self.shopper, self._store.clock())

    def happen(self, meanwhile: Meanwhile) -> None:
        """Raises EvaluationError for an order there is not."""
        self._state.shelf |= meanwhile.shelf
        if meanwhile.down is not None:
            self._state.down = frozenset(meanwhile.down)
        Stocking(self._store, self.shopper).move(meanwhile.orders)

    @contextmanager
    def _repaired(self) -> Iterator[None]:
        down, self._state.down = self._state.down, frozenset[Fault]()
        try:
            yield
        finally:
            self._state.down = down


class Worlds:
    """Opens worlds over one shop; an empty database is made once and copied, for making one takes longer."""

    def __init__(self, base: Base, folder: Path) -> None:
        self.base = base
        self.folder = folder
        self._empty = folder / "empty.db"

    @asynccontextmanager
    async def open(self, setting: Setting) -> AsyncIterator[World]:
        """Raises EvaluationError, naming the setting, when something given does not exist in the shop."""
        async with AsyncExitStack() as stack:
            try:
                yield await self._opened(setting, stack)
            except EvaluationError as error:
                raise EvaluationError(f"{setting.called}: {error}") from None

    async def known_shoppers(self, user_ids: Collection[str]) -> set[str]:
        """Those of whom the store has any feature of their own."""
        read = {user_id: await self.base.features.shopper(user_id, self.base.clock()) for user_id in user_ids}
        return {
            user_id
            for user_id, features in read.items()
            if any(value.status in ("online", "onboarding", "stale") for value in features.values())
        }

    async def _opened(self, setting: Setting, stack: AsyncExitStack) -> World:
        """Whatever is open then is closed by the stack."""
        base, given = self.base, setting.given
        shopper = "somebody-new" if setting.shopper == NEW else setting.shopper
        state = State(shelf=dict(given.shelf))
        index, features = WorldIndex(base.index, state), WorldFeatures(base.features, state)
        profile = Profile(features, features, base.clock)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=self.folder)))
        store = stack.enter_context(closing(self._store(folder / "shop.db", index, features)))
        stocking = Stocking(store, shopper)
        await stocking.fill(given)
        await stocking.declare(given.preferences, profile)
        state.down = frozenset(given.down)
        assistants, watch = {}, Watch()
        for down in (False, True) if setting.breaks_the_model else (False,):
            assistants[down] = base.assemble(index, features, store, folder, watch, model_down=down)
            await stack.enter_async_context(assistants[down].kept_open())
        return World(shopper, store, features, profile, state, assistants, watch)

    def _store(self, path: Path, index: Index, features: FeatureSource) -> ShopStore:
        if not self._empty.exists():
            self.base.open_store(self._empty, index, features).close()
        shutil.copy(self._empty, path)
        return self.base.open_store(path, index, features)
