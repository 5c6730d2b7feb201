from __future__ import annotations

from tools.shop.errors import ShopStoreError

MAYA = {"X-Demo-User": "maya"}


def test_own_conversations_are_listed_and_read(client):
    (thread,) = client.get("/api/threads", headers=MAYA).json()
    assert (thread["thread_id"], thread["title"], thread["turns"]) == ("thread-1", "What should I buy?", 1)
    (exchange,) = client.get("/api/threads/thread-1", headers=MAYA).json()
    assert (exchange["said"], exchange["answer"]) == ("What should I buy?", {"answer": "Socks."})


def test_somebody_elses_look_as_if_there_were_none(client, assistant):
    assert client.get("/api/threads", headers={"X-Demo-User": "jonas"}).json() == []
    for method in (client.get, client.delete):
        response = method("/api/threads/thread-1", headers={"X-Demo-User": "jonas"})
        assert response.status_code == 404
        assert response.json()["error"]
    assert assistant.forgotten == []


def test_forgetting(client, assistant):
    assert client.delete("/api/threads/thread-1", headers=MAYA).status_code == 204
    assert assistant.forgotten == ["thread-1"]


def test_a_malformed_id_is_told(client):
    assert client.get("/api/threads/a%20b", headers=MAYA).status_code == 422


def test_a_running_turn_is_stopped_by_its_own_shopper(client):
    assert client.delete("/api/runs/run-1", headers=MAYA).status_code == 204
    assert client.delete("/api/runs/run-1", headers={"X-Demo-User": "jonas"}).status_code == 404


def test_records_that_cannot_be_reached_are_told_without_naming_them(client, assistant, monkeypatch):
    async def down(*_):
        raise ShopStoreError("the database at postgresql://shop@db/shop: connection refused")

    for method in ("threads", "exchanges", "again"):
        monkeypatch.setattr(assistant, method, down, raising=False)
    rerun = {"rerun": {"run_id": "run-1"}}
    for response in (
        client.get("/api/threads", headers=MAYA),
        client.get("/api/threads/thread-1", headers=MAYA),
        client.post("/api/chat", headers=MAYA, json=rerun),
    ):
        assert response.status_code == 503
        assert response.json() == {
            "error": "The shop cannot reach its records right now. Please try again in a moment.",
            "code": "records_unavailable",
        }
