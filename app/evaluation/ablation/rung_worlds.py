"""What an assistant on one rung reads, and the worlds it answers in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.evaluation.ablation.evidence import Given, Searched
from app.evaluation.ablation.facts import AsIndexed
from app.evaluation.ablation.golden import Golden
from app.evaluation.ablation.rungs import Rung
from app.evaluation.dataset.case import DatasetCase
from app.evaluation.journeys.worlds import Setting, World, Worlds
from retrievers.features.protocol import FeatureSource
from retrievers.index.protocol import Index
from retrievers.records import Evidence


class Reading:
    """Stands between the assistants of one rung and the shop; `evidence` is what a rung without a search is given."""

    def __init__(self, rung: Rung) -> None:
        self._rung = rung
        self.evidence: tuple[Evidence, ...] = ()

    def through(self, index: Index, features: FeatureSource) -> tuple[Index, FeatureSource]:
        known = features if self._rung.features else AsIndexed(features, index)
        if self._rung.reword is not None:
            return Searched(index, self._rung.reword), known
        return Given(index, self.evidence), known


class RungWorlds(Worlds):
    """Worlds in which every case finds the evidence its reference names, where the rung is given any."""

    def __init__(self, worlds: Worlds, rung: Rung, reading: Reading, golden: Golden) -> None:
        super().__init__(worlds.base, worlds.folder)
        self._rung, self._reading, self._golden = rung, reading, golden

    @asynccontextmanager
    async def open(self, setting: Setting) -> AsyncIterator[World]:
        if self._rung.name == "golden_evidence" and isinstance(setting, DatasetCase):
            self._reading.evidence = self._golden.of(setting)
        async with super().open(setting) as world:
            yield world
