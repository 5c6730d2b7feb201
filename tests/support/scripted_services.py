"""What is behind the shopper's page besides the assistant, kept in memory: who is unknown stays so until they tell."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from app.api.ports import Choices, Forgotten, Services
from graphs.conversation.history import Feedback, PastExchange, UnknownThread
from retrievers.records import FeatureValue, ShopperFeatures
from tests.support.scripted_assistant import FEATURES, ScriptedAssistant
from tools.catalogue import ReviewText
from tools.ports import ShopperEvent

NEW = "guest-"  # how the ids of those begin of whom nothing is known
DECLARED = ("budget_limit", "excluded_brands", "sizes", "onboarding_categories", "onboarding_budget")
REVIEWS = (
    ReviewText(
        "review/R-77",
        "No blisters after 42 km",
        "Bought in March. The padded heel is why I finished my marathon without a single blister. Would buy again.",
        5.0,
        datetime(2026, 9, 14, tzinfo=UTC),
    ),
    ReviewText("review/R-78", "Warm", "A little <b>warm</b> in July.", 3.0, None),
)


class ScriptedServices:
    """Events, answers, profiles and reviews in one; `services` hands them in."""

    def __init__(self, assistant: ScriptedAssistant) -> None:
        self.assistant = assistant
        self.events: dict[str, ShopperEvent] = {}
        self.declared: dict[str, dict[str, Any]] = {}
        self.forgotten: list[str] = []
        self.heard = threading.Event()  # something was told to `put`

    def services(self) -> Services:
        return Services(self, self, self, self, lambda: datetime.now(UTC))

    async def put(self, events: Sequence[ShopperEvent]) -> int:
        new = [event for event in events if event.event_id not in self.events]
        self.events.update((event.event_id, event) for event in new)
        self.heard.set()
        return len(new)

    async def exchange(self, run_id: str, user_id: str) -> PastExchange:
        for owner, exchanges in self.assistant.past.values():
            for exchange in exchanges:
                if owner == user_id and exchange.run_id == run_id:
                    return exchange
        raise UnknownThread("There is no such answer.")

    async def rate(self, run_id: str, user_id: str, feedback: Feedback | None) -> None:
        rated = await self.exchange(run_id, user_id)
        for _, exchanges in self.assistant.past.values():
            exchanges[:] = [replace(each, feedback=feedback) if each is rated else each for each in exchanges]

    def lost(self, count: int) -> None:
        """Nobody asks."""

    async def known(self, user_id: str) -> ShopperFeatures:
        stranger = user_id.startswith(NEW) or user_id in self.forgotten
        rows = {f"user_profile:{name}": FeatureValue(f"user_profile:{name}", None, "missing") for name in DECLARED}
        rows |= {each.name: FeatureValue(each.name, None, "missing") if stranger else each for each in FEATURES}
        now = datetime.now(UTC)
        said = self.declared.get(user_id, {})
        return rows | {name: FeatureValue(name, value, "online", now, 0.0) for name, value in said.items()}

    async def declare(self, user_id: str, values: Mapping[str, Any]) -> None:
        for name, value in values.items():
            if name.split(":")[1] == "budget_limit" and value is not None and value <= 0:
                raise ValueError("budget_limit: say an amount above zero")
        held = self.declared.setdefault(user_id, {})
        held.update(values)

    async def choices(self) -> Choices:
        return Choices(("Running", "Camping", "Kitchen", "Office"), "USD")

    async def forget(self, user_id: str) -> Forgotten:
        known = [each for each in (await self.known(user_id)).values() if each.value is not None]
        threads = [name for name, (owner, _) in self.assistant.past.items() if owner == user_id]
        for name in threads:
            await self.assistant.forget(name, user_id)
        events = [name for name, event in self.events.items() if event.user_id == user_id]
        for name in events:
            del self.events[name]
        self.declared.pop(user_id, None)
        self.forgotten.append(user_id)
        return Forgotten({"features": len(known), "threads": len(threads), "events": len(events)}, ("orders",))

    async def reviews(self, product_id: str) -> list[ReviewText]:
        return list(REVIEWS) if product_id == "RUN-0101" else []

    async def products_of(self, evidence_ids: Sequence[str]) -> Mapping[str, str]:
        named = {each: each.split("/")[1] for each in evidence_ids if each.startswith("product/")}
        return named | {each: "RUN-0101" for each in evidence_ids if each.startswith("review/")}
