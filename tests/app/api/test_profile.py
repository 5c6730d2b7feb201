from __future__ import annotations

from datetime import UTC, datetime

import pytest
from fastapi.testclient import TestClient

from app.api import DemoShopper, Services, Sessions, create_app
from app.api.ports import Choices, Forgotten
from retrievers.features.descriptions import retail_descriptions
from retrievers.features.protocol import FeaturesUnavailable
from retrievers.index.protocol import IndexUnavailable
from retrievers.records import FeatureValue
from tools.declaring import declared

NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)
MAYA = {"X-Demo-User": "maya"}
USER = [each for each in retail_descriptions().values() if each.entity == "user"]


class Profiles:
    def __init__(self) -> None:
        self.values: dict[str, FeatureValue] = {}
        self.left: tuple[str, ...] = ()
        self.down = self.no_index = False

    async def known(self, user_id):
        if self.down:
            raise FeaturesUnavailable("the online store failed: OperationalError")
        return {each.name: self.values.get(each.name, FeatureValue(each.name, None, "missing")) for each in USER}

    async def declare(self, user_id, values):
        told = {name: declared(name, value) for name, value in values.items()}
        self.values |= {name: FeatureValue(name, value, "online", NOW, 0.0) for name, value in told.items()}

    async def choices(self):
        if self.no_index:
            raise IndexUnavailable("gone")
        return Choices(("Running", "Outerwear"), "EUR")

    async def forget(self, user_id):
        if self.down:
            raise FeaturesUnavailable("down")
        return Forgotten({"features": 3, "threads": 1}, ("orders",), self.left)


@pytest.fixture
def profiles() -> Profiles:
    return Profiles()


@pytest.fixture
def client(assistant, script, profiles):
    services = Services(None, None, profiles, None, None)
    identity = DemoShopper(Sessions("s" * 32))
    app = create_app(assistant, identity=identity, products_lookup=script.find_product, services=services)
    return TestClient(app, raise_server_exceptions=False)


def _feature(told: dict, name: str) -> dict:
    return next(each for each in told["features"] if each["name"] == name)


def test_every_feature_is_told_with_where_it_comes_from(client, profiles) -> None:
    profiles.values = {
        "user_profile:budget_limit": FeatureValue("user_profile:budget_limit", 300.0, "online", NOW, 60.0),
        "user_profile:onboarding_categories": FeatureValue(
            "user_profile:onboarding_categories", ["Running"], "onboarding", NOW, 60.0
        ),
        "user_behavior:price_sensitivity_score": FeatureValue("user_behavior:price_sensitivity_score", 0.5, "default"),
        "user_session:last_purchased_at": FeatureValue("user_session:last_purchased_at", NOW, "stale", NOW, 9e6),
    }
    told = client.get("/api/profile", headers=MAYA).json()
    assert [each["name"] for each in told["features"]] == [each.name for each in USER]
    assert _feature(told, "user_profile:budget_limit") == {
        "name": "user_profile:budget_limit",
        "display_name": {"en": "Budget limit", "ko": "예산 한도"},
        "value": 300.0,
        "unit": "currency",
        "status": "online",
        "event_time": "2026-11-03T12:00:00Z",
        "age_s": 60.0,
        "source": "declared",
        "correctable": True,
        "kind": "number",
    }
    by_source = {each["name"]: (each["source"], each["correctable"], each["kind"]) for each in told["features"]}
    assert by_source["user_profile:onboarding_categories"] == ("onboarding", True, "list")
    assert by_source["user_profile:sizes"] == ("declared", True, "map")
    assert by_source["user_behavior:price_sensitivity_score"] == ("default", False, "number")
    assert by_source["user_session:last_purchased_at"] == ("behaviour", False, "time")
    assert by_source["user_session:last_viewed_brand"] == ("behaviour", False, "text")
    assert told["onboarding"] == {"needed": False, "categories": ["Running", "Outerwear"], "currency": "EUR"}
    assert _feature(client.get("/api/profile?lang=ko", headers=MAYA).json(), "user_profile:sizes")["display_name"] == (
        "사이즈"
    )


def test_only_somebody_of_whom_nothing_is_known_is_asked(client, profiles) -> None:
    name = "user_behavior:total_purchases_30d"
    profiles.values = {name: FeatureValue(name, 2, "default")}
    assert client.get("/api/profile", headers=MAYA).json()["onboarding"]["needed"] is True
    profiles.values = {name: FeatureValue(name, 2, "online", NOW, 1.0)}
    assert client.get("/api/profile", headers=MAYA).json()["onboarding"]["needed"] is False


def test_without_an_index_there_is_nothing_to_choose_from(client, profiles) -> None:
    profiles.no_index = True
    told = client.get("/api/profile", headers=MAYA).json()["onboarding"]
    assert (told["needed"], told["categories"]) == (False, [])


def test_a_correction_answers_with_the_profile_as_it_is_then(client) -> None:
    told = client.put("/api/profile?lang=en", json={"values": {"user_profile:budget_limit": 300}}, headers=MAYA)
    assert told.status_code == 200
    assert _feature(told.json(), "user_profile:budget_limit")["value"] == 300.0


@pytest.mark.parametrize("body", [{}, {"values": {}}, {"values": [1]}, {"values": {}, "more": 1}])
def test_a_malformed_correction_is_refused(client, body) -> None:
    assert client.put("/api/profile", json=body, headers=MAYA).status_code == 422


def test_a_value_of_another_kind_is_named(client, profiles) -> None:
    sent = client.put("/api/profile", json={"values": {"user_profile:budget_limit": "much"}}, headers=MAYA)
    assert sent.status_code == 422
    assert sent.json()["error"].startswith("user_profile:budget_limit: expected an amount")
    assert profiles.values == {}


def test_what_cannot_be_read_is_no_empty_profile(client, profiles) -> None:
    profiles.down = True
    sent = client.get("/api/profile", headers=MAYA)
    assert sent.status_code == 503
    assert "Operational" not in sent.json()["error"]
    assert client.delete("/api/profile", headers=MAYA).status_code == 503


def test_forgetting_tells_what_was_erased_and_what_is_kept(client) -> None:
    told = client.delete("/api/profile", headers=MAYA)
    assert told.json() == {
        "erased": {"features": 3, "threads": 1},
        "kept": ["orders"],
        "elsewhere": [],
        "verified": True,
    }


def test_forgetting_that_left_something_fails(client, profiles) -> None:
    profiles.left = ("traces", "cart")
    told = client.delete("/api/profile", headers=MAYA)
    assert told.status_code == 500
    assert told.json()["error"] == "Still found after erasing: traces, cart. Please try again."


def test_nobody_in_particular_neither_declares_nor_is_forgotten(client, profiles, monkeypatch) -> None:
    """Many share that name: one of them must not erase what the others said."""
    forgotten = []
    monkeypatch.setattr(profiles, "forget", forgotten.append)
    nobody = {"X-Demo-User": "anonymous"}
    values = {"values": {"user_profile:budget_limit": 300}}
    assert client.put("/api/profile", json=values, headers=nobody).status_code == 403
    assert client.delete("/api/profile", headers=nobody).status_code == 403
    assert (profiles.values, forgotten) == ({}, [])
