from __future__ import annotations

import json

import pytest
from fastapi.testclient import TestClient
from starlette.responses import PlainTextResponse

from app.api import Sessions, create_app


@pytest.fixture
def client(assistant, script):
    app = create_app(assistant, identity=Sessions("s" * 32), products_lookup=script.find_product, max_body_bytes=200)
    return TestClient(app)


def test_a_body_within_the_limit_is_served(client):
    assert client.post("/api/chat", json={"message": "hi"}).status_code == 200


def test_a_declared_oversize_is_refused(client, assistant):
    response = client.post("/api/chat", json={"message": "x" * 300})

    assert response.status_code == 413
    assert response.json() == {
        "error": "The request is larger than 200 bytes; send a shorter one.",
        "code": "too_large",
    }
    assert assistant.turns == []


def test_an_undeclared_oversize_is_refused(client, assistant):
    body = json.dumps({"message": "x" * 300}).encode()
    chunks = (body[start : start + 50] for start in range(0, len(body), 50))

    response = client.post("/api/chat", content=chunks, headers={"Content-Type": "application/json"})

    assert response.status_code == 413
    assert assistant.turns == []


def test_what_is_mounted_has_limits_of_its_own(assistant, script):
    async def counting(scope, receive, send):
        received, more = 0, True
        while more:
            message = await receive()
            received, more = received + len(message.get("body", b"")), message.get("more_body", False)
        await PlainTextResponse(str(received))(scope, receive, send)

    app = create_app(
        assistant,
        identity=Sessions("s" * 32),
        products_lookup=script.find_product,
        max_body_bytes=10,
        mounted={"/other": counting},
    )
    client = TestClient(app)
    assert client.post("/other/", content=b"x" * 1000).text == "1000"
    assert client.post("/otherwise", content=b"x" * 1000).status_code == 413
