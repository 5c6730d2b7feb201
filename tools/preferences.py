"""What the shopper declares about themselves: a budget, what to leave out, sizes. It holds from the next turn on."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from weakref import WeakValueDictionary

from pydantic import BaseModel, ConfigDict, Field

from retrievers.features.protocol import FeatureSource, FeaturesUnavailable
from retrievers.records import Clock
from tools.declaring import VIEW, declared
from tools.ports import FeatureWriter
from tools.records import NOBODY, Action, Outcome, Session
from tools.shop.errors import ShopStoreError
from tools.shop.refusals import Refused
from tools.tool import Tool

_LISTS = ("excluded_brands", "excluded_materials", "onboarding_categories")

Name = Literal[
    "budget_limit", "excluded_brands", "excluded_materials", "sizes", "onboarding_categories", "onboarding_budget"
]
Change = Literal["set", "add", "remove", "forget"]
Forgotten = Callable[[str], Awaitable[bool]]  # whether this conversation was; raises ShopStoreError


class SetPreference(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Name = Field(description="Which preference.")
    change: Change = Field(
        default="set", description="'set' replaces it, 'add' and 'remove' change a list, 'forget' empties it."
    )
    value: float | str | tuple[str, ...] | dict[str, str] | None = Field(
        default=None,
        description="An amount for a budget, names for a list, sizes by kind of thing such as {'shoes': '9'}.",
    )


class ViewPreferences(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def preference_tools(profile: Profile) -> tuple[Tool, ...]:
    return SetPreferenceTool(profile), ViewPreferencesTool(profile)


async def _never(thread_id: str) -> bool:
    return False


class Profile:
    """One row of the online store, read and written back whole; changes of one shopper come one after the other.

    Whoever changes it in one process does so through the same one: the page, the tools, and who forgets a shopper.
    A turn that another process is still answering changes nothing in a conversation that is `forgotten`.
    """

    def __init__(
        self, features: FeatureSource, writer: FeatureWriter, clock: Clock, forgotten: Forgotten = _never
    ) -> None:
        self._features, self._writer, self._clock = features, writer, clock
        self._forgotten = forgotten
        self._one_at_a_time = WeakValueDictionary[str, asyncio.Lock]()

    async def read(self, user_id: str) -> dict[str, Any]:
        """What is declared, by name; what is not is None. Raises FeaturesUnavailable."""
        known = await self._features.shopper(user_id, self._clock())
        own = {name: value for name, value in known.items() if name.startswith(f"{VIEW}:")}
        return {
            name.partition(":")[2]: value.value if value.status in ("online", "onboarding", "stale") else None
            for name, value in own.items()
        }

    async def declare(self, user_id: str, values: Mapping[str, Any]) -> None:
        """Several at once, by `view:feature`; None erases, and all are changed or none.

        Raises FeaturesUnavailable, and ValueError naming a value that cannot be declared.
        """
        wanted = {name.partition(":")[2]: declared(name, value) for name, value in values.items()}
        async with self.alone(user_id):
            held = await self.read(user_id)
            await self._write(user_id, {**held, **wanted})

    async def change(self, user_id: str, asked: SetPreference, thread_id: str = "") -> dict[str, Any]:
        """The profile as it is then; `thread_id` is the conversation in which it is changed, if it is in one.

        Raises Refused, FeaturesUnavailable, ShopStoreError, and ValueError for a value of another kind.
        """
        async with self.alone(user_id):
            held = await self.read(user_id)
            held[asked.name] = changed(held.get(asked.name), asked)
            if thread_id and await self._forgotten(thread_id):  # asked last: what was read may be erased since
                raise Refused("forgotten")
            await self._write(user_id, held)
        return held

    def alone(self, user_id: str) -> asyncio.Lock:
        """Held while this process changes the shopper's profile."""
        return self._one_at_a_time.setdefault(user_id, asyncio.Lock())

    async def _write(self, user_id: str, held: Mapping[str, Any]) -> None:
        await self._writer.write(VIEW, {"user_id": user_id, "event_timestamp": self._clock(), **held})


def changed(held: Any, asked: SetPreference) -> Any:
    """The value after the change. Raises ValueError when it is of another kind."""
    if asked.change == "forget" or (asked.change == "set" and asked.value is None):
        return None
    if asked.name in _LISTS:
        return _list(list(held or ()), asked) or None
    if asked.name == "sizes":
        if not isinstance(asked.value, Mapping):
            raise ValueError("sizes are named by kind of thing")
        return {**(held or {}), **asked.value} if asked.change in ("set", "add") else None
    if isinstance(asked.value, bool) or not isinstance(asked.value, int | float) or not 0 < asked.value < math.inf:
        raise ValueError("a budget is an amount above zero")
    return float(asked.value)


def _list(held: list[str], asked: SetPreference) -> list[str]:
    if not isinstance(asked.value, str | tuple):
        raise ValueError("names are expected")
    names = [asked.value] if isinstance(asked.value, str) else list(asked.value)
    others = [name for name in held if name.casefold() not in {new.casefold() for new in names}]
    match asked.change:
        case "remove":
            return others
        case "add":
            return [*others, *names]
        case _:
            return names


@dataclass(frozen=True, slots=True)
class SetPreferenceTool:
    profile: Profile
    name: str = "set_preference"
    description: str = (
        "Save what the shopper says of themselves for good: a budget, brands or materials to leave out, sizes. "
        "Not for what they want just now."
    )
    arguments: type[BaseModel] = SetPreference
    effect: Literal["write"] = "write"

    async def __call__(self, arguments: BaseModel, session: Session) -> Outcome:
        asked = SetPreference.model_validate(arguments)
        given = asked.model_dump(mode="json")
        if session.user_id in NOBODY:
            return _refused(self.name, given, "not_signed_in")
        try:
            held = await self.profile.change(session.user_id, asked, session.thread_id)
        except Refused as refused:
            return _refused(self.name, given, refused.reason)
        except ValueError:
            return _refused(self.name, given, "invalid_arguments", fields=["value"])
        except (FeaturesUnavailable, ShopStoreError):
            return Outcome(Action(self.name, given, "failed", {"reason": "unavailable"}))
        return Outcome(Action(self.name, given, "done", {"name": asked.name, "value": _plain(held[asked.name])}))


@dataclass(frozen=True, slots=True)
class ViewPreferencesTool:
    profile: Profile
    name: str = "view_preferences"
    description: str = "What the shopper has declared: budget, what to leave out, sizes."
    arguments: type[BaseModel] = ViewPreferences
    effect: Literal["read"] = "read"

    async def __call__(self, arguments: BaseModel, session: Session) -> Outcome:
        try:
            held = await self.profile.read(session.user_id)
        except FeaturesUnavailable:
            return Outcome(Action(self.name, {}, "failed", {"reason": "unavailable"}))
        return Outcome(Action(self.name, {}, "done", {"preferences": {k: _plain(v) for k, v in held.items()}}))


def _refused(tool: str, given: Mapping[str, Any], reason: str, **named: Any) -> Outcome:
    return Outcome(Action(tool, given, "refused", {"reason": reason, **named}))


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else value
