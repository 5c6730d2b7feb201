"""Goes through the register: finds, erases, reads back, and says what is out of reach."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.answers import OpenTraces
from app.api.ports import Elsewhere, Forgotten
from app.conversations.store import StoredHistory
from app.forgetting.keeping import Asked, Keeper
from app.forgetting.register import KEPT
from tools.shop.errors import ShopStoreError


@dataclass(frozen=True, slots=True)
class Forgetting:
    """`elsewhere` says what has left the shop."""

    keepers: Sequence[Keeper]
    history: StoredHistory
    traces: OpenTraces
    elsewhere: Callable[[Asked], tuple[Elsewhere, ...]]

    async def forget(self, user_id: str) -> Forgotten:
        """Raises FeaturesUnavailable and ShopStoreError; what was erased before that stays erased."""
        asked = Asked(user_id, await self._threads(user_id))
        await self.history.bury(asked.threads)  # first, so that what is erased is not written again by anybody
        erased = Counter[str]()
        for keeper in self.keepers:
            erased[keeper.counted] += await keeper.erase(asked)
        left = [keeper.name for keeper in self.keepers if await keeper.is_left(asked)]
        return Forgotten(erased, KEPT, tuple(left), await self._away(asked))

    async def _threads(self, user_id: str) -> list[str]:
        """Of the stored conversations, and those that only traces know of."""
        owned = await self.history.owned(user_id)
        store = await asyncio.to_thread(self.traces)
        traced = await asyncio.to_thread(store.threads_of, user_id) if store else []
        return list(dict.fromkeys([*owned, *traced]))

    async def _away(self, asked: Asked) -> tuple[Elsewhere, ...]:
        try:
            return await asyncio.to_thread(self.elsewhere, asked)
        except OSError as error:
            raise ShopStoreError(f"what is still to be deleted elsewhere cannot be read: {error}") from error
