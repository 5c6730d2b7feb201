"""What is known of a shopper, as the page shows and changes it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from typing import Any

from app.api.ports import Choices, Forgotten
from app.forgetting.forgetting import Forgetting
from retrievers.catalogue import DocumentType
from retrievers.context import ContextReader
from retrievers.features.protocol import FeaturesUnavailable
from retrievers.index.protocol import Index, Query
from retrievers.records import ShopperFeatures
from tools.preferences import Profile

_LOOKED_AT = 500  # of the most popular products, to see what a shop is about
_OFFERED = 12


class ShopperProfiles:
    """An `app.api.ports.Profiles`."""

    def __init__(self, reader: ContextReader, index: Index, profile: Profile, forgetting: Forgetting) -> None:
        self._reader, self._index, self._profile, self._forgetting = reader, index, profile, forgetting
        self._choices: tuple[str, Choices] | None = None  # with the generation they were read from

    async def known(self, user_id: str) -> ShopperFeatures:
        """As a turn would read it, defaults for somebody unknown included."""
        facts = await self._reader.fetch(user_id, self._reader.shopper(user_id))
        if not facts.readable:
            raise FeaturesUnavailable(facts.degraded[0].detail)
        return facts.features

    async def declare(self, user_id: str, values: Mapping[str, Any]) -> None:
        await self._profile.declare(user_id, values)

    async def choices(self) -> Choices:
        return await asyncio.to_thread(self._read_choices)

    async def forget(self, user_id: str) -> Forgotten:
        return await self._forgetting.forget(user_id)

    def _read_choices(self) -> Choices:
        manifest = self._index.manifest()
        if self._choices is None or self._choices[0] != manifest.generation:
            (hits,) = self._index.search([Query(DocumentType.PRODUCT, _LOOKED_AT)])
            named = Counter(hit.evidence.metadata["category"][0] for hit in hits if hit.evidence.metadata["category"])
            most = tuple(name for name, _ in named.most_common(_OFFERED))
            self._choices = (manifest.generation, Choices(most, manifest.currency))
        return self._choices[1]
