from __future__ import annotations

from graphs.turn import Readiness


def test_alive_even_when_not_ready(client, assistant):
    assistant.ready = Readiness(False, "The index is empty: run `shelfwise ingest products FILE`.")

    assert client.get("/healthz").status_code == 200
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["reason"] == "The index is empty: run `shelfwise ingest products FILE`."


def test_ready_says_what_it_serves(client):
    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json() == {"ready": True, "reason": "", "generation": "g1", "documents": {"product": 4}}
