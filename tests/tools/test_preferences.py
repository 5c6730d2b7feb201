from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from retrievers.features.protocol import FeaturesUnavailable
from retrievers.records import FeatureValue
from tools.preferences import Profile, SetPreference, changed, preference_tools
from tools.records import Action, Session

NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)
MINA = Session("mina", "thread-1", "turn-1")


class Profiles:
    """Feature source and writer of one view, as the online store keeps it."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, Any]] = {}
        self.down = False

    async def shopper(self, user_id: str, now: datetime):
        if self.down:
            raise FeaturesUnavailable("switched off")
        names = ("budget_limit", "excluded_brands", "excluded_materials", "sizes", "onboarding_categories")
        row = self.rows.get(user_id, {})
        found = {f"user_profile:{n}": row.get(n) for n in (*names, "onboarding_budget")}
        status = {True: "online", False: "missing"}
        return {
            **{name: FeatureValue(name, value, status[value is not None]) for name, value in found.items()},
            "user_behavior:favorite_category": FeatureValue("user_behavior:favorite_category", "Coats", "default"),
        }

    async def items(self, product_ids, now, *, orders=False):
        return {}

    async def write(self, view: str, row: dict[str, Any]) -> None:
        assert view == "user_profile"
        self.rows[row["user_id"]] = {k: v for k, v in row.items() if k not in ("user_id", "event_timestamp")}


@pytest.fixture
def profiles() -> Profiles:
    return Profiles()


@pytest.fixture
def use(profiles):
    tools = {tool.name: tool for tool in preference_tools(Profile(profiles, profiles, lambda: NOW))}

    async def call(tool_name: str, session: Session = MINA, /, **arguments: object) -> Action:
        tool = tools[tool_name]
        return (await tool(tool.arguments.model_validate(arguments), session)).action

    return call


async def test_one_change_leaves_the_rest_of_the_profile(use, profiles) -> None:
    await use("set_preference", name="budget_limit", value=80)
    await use("set_preference", name="excluded_materials", change="add", value="leather")
    done = await use("set_preference", name="excluded_materials", change="add", value=["wool", "Leather"])
    assert done.receipt == {"name": "excluded_materials", "value": ["wool", "Leather"]}
    assert profiles.rows["mina"] == {
        "budget_limit": 80.0,
        "excluded_brands": None,
        "excluded_materials": ["wool", "Leather"],
        "sizes": None,
        "onboarding_categories": None,
        "onboarding_budget": None,
    }
    viewed = await use("view_preferences")
    assert viewed.receipt["preferences"]["budget_limit"] == 80.0


@pytest.mark.parametrize(
    ("held", "asked", "becomes"),
    [
        (None, {"name": "budget_limit", "value": 80}, 80.0),
        (80.0, {"name": "budget_limit", "change": "forget"}, None),
        (["a"], {"name": "excluded_brands", "value": "b"}, ["b"]),
        (["a"], {"name": "excluded_brands", "change": "add", "value": "B"}, ["a", "B"]),
        (["a", "b"], {"name": "excluded_brands", "change": "remove", "value": "A"}, ["b"]),
        (["a"], {"name": "excluded_brands", "change": "remove", "value": "a"}, None),
        ({"shoes": "9"}, {"name": "sizes", "value": {"coat": "M"}}, {"shoes": "9", "coat": "M"}),
        (["a"], {"name": "excluded_brands", "change": "forget"}, None),
    ],
)
def test_what_a_change_makes_of_a_value(held, asked, becomes) -> None:
    assert changed(held, SetPreference.model_validate(asked)) == becomes


@pytest.mark.parametrize(
    "asked",
    [
        {"name": "budget_limit", "value": "cheap"},
        {"name": "budget_limit", "value": -5},
        {"name": "excluded_brands", "value": 7},
        {"name": "sizes", "value": "9"},
    ],
)
async def test_a_value_of_another_kind_changes_nothing(use, profiles, asked) -> None:
    refused = await use("set_preference", **asked)
    assert (refused.status, refused.receipt) == ("refused", {"reason": "invalid_arguments", "fields": ["value"]})
    assert profiles.rows == {}


async def test_nobody_in_particular_has_no_profile(use, profiles) -> None:
    refused = await use("set_preference", Session("anonymous", "t", "1"), name="budget_limit", value=80)
    assert refused.receipt["reason"] == "not_signed_in"
    assert profiles.rows == {}


async def test_a_store_that_is_down_is_told(use, profiles) -> None:
    profiles.down = True
    assert (await use("set_preference", name="budget_limit", value=80)).status == "failed"
    assert (await use("view_preferences")).status == "failed"


async def test_in_a_conversation_that_was_forgotten_meanwhile_nothing_is_declared(profiles) -> None:
    """Its tombstone is there by the time the profile has been read, and what was read is erased."""
    buried: set[str] = set()

    async def forgotten(thread_id: str) -> bool:
        return thread_id in buried

    class Forgetting(Profiles):
        async def shopper(self, user_id: str, now: datetime):
            held = await super().shopper(user_id, now)
            self.rows.clear()
            buried.add("thread-1")
            return held

    held = Forgetting()
    held.rows["mina"] = {"excluded_brands": ["Aster"]}
    tool = preference_tools(Profile(held, held, lambda: NOW, forgotten))[0]
    asked = SetPreference(name="budget_limit", value=80)
    refused = (await tool(asked, MINA)).action
    assert (refused.status, refused.receipt, held.rows) == ("refused", {"reason": "forgotten"}, {})
    assert (await tool(asked, Session("mina", "thread-2", "turn-1"))).action.status == "done"
