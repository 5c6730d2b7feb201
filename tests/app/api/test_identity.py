from __future__ import annotations

import jwt
import pytest
from fastapi.testclient import TestClient

from app.api import Sessions, create_app


def test_the_demo_header_chooses_the_shopper(client, assistant):
    client.post("/api/chat", json={"message": "hi"}, headers={"X-Demo-User": "jonas"})
    client.post("/api/chat", json={"message": "hi"})

    chosen, guest = [turn.user_id for turn in assistant.turns]
    assert chosen == "jonas"
    assert guest.startswith("guest-")


@pytest.mark.parametrize("name", ["", "a b", "../etc", "x" * 65, "-x"])
def test_a_malformed_shopper_is_refused(client, assistant, name):
    response = client.post("/api/chat", json={"message": "hi"}, headers={"X-Demo-User": name})

    assert response.status_code == 400
    assert "X-Demo-User" in response.json()["error"]
    assert assistant.turns == []


@pytest.fixture
def sessions():
    return Sessions("k" * 32)


@pytest.fixture
def shop(assistant, script, sessions):
    return TestClient(create_app(assistant, identity=sessions, products_lookup=script.find_product))


def _who(assistant):
    return assistant.turns[-1].user_id


def test_outside_demo_mode_the_header_is_not_believed(shop, assistant):
    shop.post("/api/chat", json={"message": "hi"}, headers={"X-Demo-User": "jonas"})

    assert _who(assistant).startswith("guest-")


def test_a_guest_keeps_the_session_and_another_browser_is_another_guest(shop, assistant, script, sessions):
    first = shop.post("/api/chat", json={"message": "hi"})
    guest = _who(assistant)
    again = shop.post("/api/chat", json={"message": "hi"})

    assert _who(assistant) == guest
    cookie = first.headers["set-cookie"]
    assert all(part in cookie for part in ("HttpOnly", "SameSite=Lax", "Path=/"))
    assert "set-cookie" not in again.headers
    other = TestClient(create_app(assistant, identity=sessions, products_lookup=script.find_product))
    other.post("/api/chat", json={"message": "hi"})
    assert _who(assistant) != guest


def test_a_bearer_token_names_the_shopper(shop, assistant, sessions):
    from datetime import timedelta

    token = sessions.token("noor@example.com", timedelta(hours=1))
    response = shop.post("/api/chat", json={"message": "hi"}, headers={"Authorization": f"Bearer {token}"})

    assert _who(assistant) == "noor@example.com"
    assert "set-cookie" not in response.headers


@pytest.mark.parametrize(
    "token",
    [
        "nonsense",
        jwt.encode({"sub": "maya", "exp": 4_000_000_000}, "another key, just as long as it", "HS256"),
        jwt.encode({"sub": "maya"}, "k" * 32, "HS256"),
        jwt.encode({"sub": "maya", "exp": 1}, "k" * 32, "HS256"),
        jwt.encode({"sub": "maya", "exp": 4_000_000_000}, None, "none"),
    ],
)
def test_a_token_that_does_not_hold_is_refused(shop, assistant, token):
    response = shop.post("/api/chat", json={"message": "hi"}, headers={"Authorization": f"Bearer {token}"})

    assert response.status_code == 401
    assert response.headers["www-authenticate"] == "Bearer"
    assert assistant.turns == []


def test_a_cookie_cannot_name_a_shopper(shop, assistant, sessions):
    """Cookies are for guests: a shopper's token in one, or a forged one, begins a new guest."""
    from datetime import timedelta

    for value in (sessions.token("maya", timedelta(hours=1)), "forged"):
        shop.cookies.set("shelfwise_session", value)
        shop.post("/api/chat", json={"message": "hi"})
        assert _who(assistant).startswith("guest-")
        shop.cookies.clear()


def test_the_key_is_made_once_and_is_its_owners(tmp_path):
    from app.api.sessions import secret_in

    key = secret_in(tmp_path / "data")
    assert secret_in(tmp_path / "data") == key
    assert len(key) >= 32
    assert (tmp_path / "data" / "session.key").stat().st_mode & 0o077 == 0
