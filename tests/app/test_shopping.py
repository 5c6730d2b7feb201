"""The small shop behind its real routes: it learns from what a shopper does, takes their word, and forgets them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from app.api import ShopperOption
from app.runtime import open_shop
from app.server import application
from app.traces.feedback import FeedbackLog
from app.traces.opening import open_traces
from retrievers.features.defaults import assigned
from tests.support.opened_shop import unhurried
from tests.support.small_shop import LIMITED, build_small_shop

SHOPPERS = (ShopperOption("runner", "Runner", {"en": "", "ko": ""}),)
_NUMBERS = count()
_KEPT = ("shop.db", "traces.db", "conversations.db")


class Page:
    """What a shopper's browser does."""

    def __init__(self, client: TestClient, user_id: str) -> None:
        self.client, self.headers = client, {"X-Demo-User": user_id}

    def ask(self, message: str) -> dict:
        sent = self.client.post("/api/chat", json={"message": message}, headers=self.headers)
        finals = [line for line in sent.text.replace("\r", "").split("\n\n") if line.startswith("event: final")]
        return json.loads(finals[-1].split("data: ", 1)[1])

    def does(self, kind: str, product_id: str, **fields):
        event = {"event_id": f"e{next(_NUMBERS)}", "kind": kind, "product_id": product_id, **fields}
        return self.client.post("/api/events", json={"events": [event]}, headers=self.headers)

    def call(self, method: str, path: str, body=None):
        return self.client.request(method, path, json=body, headers=self.headers)

    def features(self) -> dict[str, dict]:
        return {each["name"]: each for each in self.call("GET", "/api/profile?lang=en").json()["features"]}


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shopping") / "shop"
    build_small_shop(folder, datetime.now(UTC), tmp_path_factory.getbasetemp() / "models")
    return folder


@pytest.fixture(scope="module")
def shop(data):
    with open_shop(unhurried(data), traced=True) as opened:
        yield opened


@pytest.fixture(scope="module")
def client(shop, data) -> Iterator[TestClient]:
    with TestClient(application(shop, unhurried(data), SHOPPERS), raise_server_exceptions=False) as opened:
        yield opened


@pytest.fixture
def page(client):
    """Of somebody the shop has never seen."""
    return Page(client, f"new-{next(_NUMBERS)}")


def _ids(final: dict) -> list[str]:
    return [card["product_id"] for card in final["products"]]


def test_a_look_at_a_product_changes_the_next_answer(page) -> None:
    before = page.ask("What should I buy?")
    assert page.does("view", "coat-2", dwell_s=120, run_id=before["trace_id"], position=0).json() == {
        "accepted": 1,
        "duplicates": 0,
    }
    after = page.ask("What should I buy?")
    assert _ids(after) != _ids(before)
    assert set(_ids(after)[:3]) == {"coat-1", "coat-2", "coat-3"}
    said = [why for card in after["products"] for why in card["why"]]
    assert any("winter coats" in why for why in said), said
    used = {feature["name"] for feature in after["features"] if feature["used"]}
    assert "user_clicks_last_24h:favorite_category" in used


def test_what_is_put_into_the_cart_is_known_in_the_next_turn(page) -> None:
    held = page.call("PUT", "/api/cart", {"item_id": "sock-1", "quantity": 2})
    assert held.status_code == 200
    known = {feature["name"]: feature["value"] for feature in page.ask("running socks")["features"]}
    assert known["user_session:cart_total"] == 36.0


def test_a_word_on_an_answer_is_kept_with_it_and_with_its_trace(page, shop, data) -> None:
    final = page.ask("winter coats")
    said = {"run_id": final["trace_id"], "score": -1, "comment": "too dear, write to me@example.org"}
    assert page.call("POST", "/api/feedback", said).status_code == 204
    (exchange,) = page.call("GET", f"/api/threads/{final['thread_id']}").json()
    assert exchange["feedback"]["score"] == -1
    assert "too dear" in exchange["feedback"]["comment"]
    assert "me@example.org" not in exchange["feedback"]["comment"]
    (told,) = _feedback(data, final)
    assert (told["key"], told["score"]) == ("user_score", -1.0)
    assert "me@example.org" not in json.dumps(told)

    assert page.call("POST", "/api/feedback", {"run_id": final["trace_id"], "score": 1}).status_code == 204
    (told,) = _feedback(data, final)
    assert told["score"] == 1.0
    assert page.call("POST", "/api/feedback", {"run_id": final["trace_id"], "score": 0}).status_code == 204
    assert _feedback(data, final) == []
    (exchange,) = page.call("GET", f"/api/threads/{final['thread_id']}").json()
    assert exchange["feedback"] is None


def test_nobody_judges_somebody_elses_answer_or_reads_what_it_cited(page, client) -> None:
    final = page.ask("winter coats")
    other = Page(client, "somebody-else")
    refused = other.call("POST", "/api/feedback", {"run_id": final["trace_id"], "score": 1})
    assert (refused.status_code, list(refused.json())) == (404, ["error", "code"])
    assert other.call("GET", f"/api/products/coat-1?run_id={final['trace_id']}").status_code == 404


def test_a_product_comes_with_its_reviews_and_what_an_answer_cited_of_it(page) -> None:
    final = page.ask("winter coats")
    told = page.call("GET", f"/api/products/coat-1?run_id={final['trace_id']}").json()
    assert [review["text"] for review in told["reviews"]] == [
        "The coat kept me warm at minus ten degrees. The zip is stiff."
    ]
    cited = {each["marker"]: each for each in final["citations"]}
    assert told["passages"]
    for passage in told["passages"]:
        assert passage["id"] in ("product/coat-1", "review/r1#0", "review/r1")
        citation = cited[passage["marker"]]
        assert (passage["text"], passage["start"], passage["end"]) == (
            citation["quote"],
            citation["start"],
            citation["end"],
        )
    plain = page.call("GET", "/api/products/sock-1").json()
    assert plain["reviews"] == []
    assert "passages" not in plain


def test_what_is_declared_holds_from_the_next_turn(page) -> None:
    assert page.call("GET", "/api/profile").json()["onboarding"]["needed"] is True
    values = {"user_profile:budget_limit": 200, "user_profile:onboarding_categories": ["Outerwear"]}
    told = page.call("PUT", "/api/profile", {"values": values})
    assert told.status_code == 200
    assert told.json()["onboarding"]["needed"] is False
    known = page.features()
    assert known["user_profile:budget_limit"]["value"] == 200.0
    assert known["user_profile:onboarding_categories"]["source"] == "onboarding"
    final = page.ask("What should I buy?")
    assert all(card["price"] <= 200 for card in final["products"])
    assert "coat-3" in _ids(final)[:1]
    page.call("PUT", "/api/profile", {"values": {"user_profile:budget_limit": None}})
    assert page.features()["user_profile:budget_limit"]["status"] == "missing"
    assert page.features()["user_profile:onboarding_categories"]["value"] == ["Outerwear"]


def test_the_catalogues_departments_are_offered(page) -> None:
    told = page.call("GET", "/api/profile").json()["onboarding"]
    assert sorted(told["categories"]) == ["Computers", "Outerwear", "Running"]
    assert told["currency"] == "USD"


def test_a_forgotten_shopper_is_gone_from_every_store(page, shop, data, client) -> None:
    page = Page(client, LIMITED)  # who is in a segment and has rows of a job's making
    final = page.ask("winter coats")
    page.call("POST", "/api/feedback", {"run_id": final["trace_id"], "score": 1, "comment": "secretword"})
    page.does("view", "coat-1", dwell_s=30)
    page.call("PUT", "/api/profile", {"values": {"user_profile:sizes": {"shoes": "secretsize"}}})
    page.call("PUT", "/api/cart", {"item_id": "sock-1", "quantity": 1})
    defaults = data / "features" / "defaults.db"
    shop.around.recorder.settle()
    assert page.features()["user_behavior:avg_order_value"]["status"] == "online"
    assert assigned(defaults, LIMITED)
    assert all(final["thread_id"] in _dump(data / name) for name in _KEPT)
    assert "secretword" in _dump(data / "shop.db")

    gone = page.call("DELETE", "/api/profile")
    assert gone.status_code == 200, gone.text
    told = gone.json()
    assert (told["kept"], told["verified"]) == (["orders"], True)
    assert told["erased"] == {"features": 15, "threads": 1, "traces": 1, "events": 2, "cart_lines": 1}

    assert {each["status"] for each in page.features().values()} <= {"missing", "default"}
    assert not assigned(defaults, LIMITED)
    assert page.call("GET", "/api/threads").json() == []
    assert page.call("GET", "/api/cart").json()["cart"]["lines"] == []
    shop.around.recorder.settle()
    assert _feedback(data, final) == []
    with closing(sqlite3.connect(data / "shop.db")) as database:
        for table in ("threads", "shopper_events", "shop_carts", "shop_cart_lines"):
            (rows,) = database.execute(f"SELECT count(*) FROM {table} WHERE user_id = ?", (LIMITED,)).fetchone()
            assert rows == 0, table
    for name in _KEPT:
        assert "secretword" not in _dump(data / name)
        assert final["thread_id"] not in _dump(data / name)
    again = page.call("DELETE", "/api/profile").json()
    assert set(again["erased"].values()) == {0}


def test_a_guest_is_forgotten_too(client) -> None:
    client.cookies.clear()
    guest = Page(client, "")
    guest.headers = {}
    assert guest.does("view", "shoe-1").status_code == 202
    guest.ask("running shoes")
    told = guest.call("DELETE", "/api/profile").json()
    assert told["verified"] is True
    assert (told["erased"]["events"], told["erased"]["threads"]) == (1, 1)
    assert guest.call("GET", "/api/profile").json()["onboarding"]["needed"] is True
    client.cookies.clear()


def test_what_is_found_again_is_told(page, shop, monkeypatch) -> None:
    """A store that says it erased and did not."""
    page.does("view", "shoe-1")

    async def pretends(user_id):
        return 1

    monkeypatch.setattr(type(shop.around.events), "erase", lambda self, user_id: pretends(user_id))
    told = page.call("DELETE", "/api/profile")
    assert told.status_code == 500
    assert "events" in told.json()["error"]
    monkeypatch.undo()
    assert page.call("DELETE", "/api/profile").status_code == 200


def test_orders_stay_and_features_do_not_come_back_from_them(page, client) -> None:
    page.call("PUT", "/api/cart", {"item_id": "sock-1", "quantity": 1})
    final = page.ask("Order everything in my cart, please")
    (proposed,) = [action for action in final["actions"] if action["status"] == "proposed"]
    word = {"action_id": proposed["action_id"], "accept": True}
    page.call("POST", "/api/chat", {"thread_id": final["thread_id"], "confirm": word})
    assert page.features()["user_session:last_purchase_product"]["value"] == "sock-1"
    assert page.call("DELETE", "/api/profile").json()["verified"] is True
    assert len(page.call("GET", "/api/orders").json()["orders"]) == 1
    page.does("view", "coat-1")
    known = page.features()
    assert known["user_session:last_viewed_product"]["value"] == "coat-1"
    assert known["user_session:last_purchase_product"]["status"] == "missing"
    assert known["user_purchases:purchased_products"]["status"] == "missing"


def _dump(path: Path) -> str:
    with closing(sqlite3.connect(path)) as database:
        return "\n".join(database.iterdump())


def _feedback(data, final: dict) -> list[dict]:
    with open_traces(data / "traces.db", lambda: datetime.now(UTC)) as store:
        run = final["trace_id"]
        dashed = f"{run[:8]}-{run[8:12]}-{run[12:16]}-{run[16:20]}-{run[20:]}"
        return FeedbackLog(store).listed({"run": [dashed]}, limit=10)
