from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from app.api import anonymous, create_app


def test_the_demo_header_chooses_the_shopper(client, assistant):
    client.post("/api/chat", json={"message": "hi"}, headers={"X-Demo-User": "jonas"})
    client.post("/api/chat", json={"message": "hi"})

    assert [turn.user_id for turn in assistant.turns] == ["jonas", "anonymous"]


@pytest.mark.parametrize("name", ["", "a b", "../etc", "x" * 65, "-x"])
def test_a_malformed_shopper_is_refused(client, assistant, name):
    response = client.post("/api/chat", json={"message": "hi"}, headers={"X-Demo-User": name})

    assert response.status_code == 400
    assert "X-Demo-User" in response.json()["error"]
    assert assistant.turns == []


def test_outside_demo_mode_the_header_is_not_believed(assistant, script):
    client = TestClient(create_app(assistant, identity=anonymous, products_lookup=script.find_product))

    client.post("/api/chat", json={"message": "hi"}, headers={"X-Demo-User": "jonas"})

    assert [turn.user_id for turn in assistant.turns] == ["anonymous"]
