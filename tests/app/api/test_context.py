from __future__ import annotations

import pytest


def test_the_context_comes_whole(client):
    response = client.post(
        "/api/context", json={"question": "running socks", "top_k": 2}, headers={"X-Demo-User": "maya"}
    )

    context = response.json()
    assert response.status_code == 200
    assert context["user_id"] == "maya"
    assert [evidence["id"] for evidence in context["evidence"]] == ["product/RUN-0101", "product/RUN-0102"]
    assert context["features"]["user_clicks_last_24h:browse_minutes"]["value"]["Running socks"] == 12.0
    assert context["plan"]["honoured"][0]["value"] == 500.0
    assert context["timings_ms"] == {"features": 1.5, "index": 4.0}


@pytest.mark.parametrize("top_k", [0, 51, "many"])
def test_top_k_is_bounded(client, top_k):
    response = client.post("/api/context", json={"question": "socks", "top_k": top_k})

    assert response.status_code == 422
    assert response.json()["error"].startswith("top_k: ")
