from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from app.api import DemoShopper, Services, Sessions, create_app
from graphs.conversation.history import Feedback, UnknownThread

MAYA = {"X-Demo-User": "maya"}


class Answers:
    def __init__(self) -> None:
        self.said: list[tuple[str, Feedback | None]] = []

    async def rate(self, run_id, user_id, feedback):
        if (run_id, user_id) != ("run-1", "maya"):
            raise UnknownThread("There is no such answer.")
        self.said.append((run_id, feedback))


@pytest.fixture
def answers() -> Answers:
    return Answers()


@pytest.fixture
def client(assistant, script, answers):
    services = Services(None, answers, None, None, None)
    identity = DemoShopper(Sessions("s" * 32))
    return TestClient(create_app(assistant, identity=identity, products_lookup=script.find_product, services=services))


def test_a_word_is_taken_and_taken_back(client, answers) -> None:
    for body, kept in (
        ({"score": 1}, Feedback(1)),
        ({"score": -1, "comment": "  too dear  "}, Feedback(-1, "too dear")),
        ({"score": 1, "comment": "   "}, Feedback(1)),
        ({"score": 0, "comment": "no matter"}, None),
    ):
        assert client.post("/api/feedback", json={"run_id": "run-1", **body}, headers=MAYA).status_code == 204
        assert answers.said[-1] == ("run-1", kept)


@pytest.mark.parametrize(
    "bad", [{"score": 2}, {"score": "good"}, {"score": 0.5}, {}, {"score": 1, "comment": "x" * 1001}]
)
def test_what_is_no_word_is_refused(client, answers, bad) -> None:
    sent = client.post("/api/feedback", json={"run_id": "run-1", **bad}, headers=MAYA)
    assert (sent.status_code, list(sent.json())) == (422, ["error", "code"])
    assert answers.said == []


def test_an_answer_of_somebody_elses_is_unknown(client) -> None:
    for run, user in (("run-1", "jonas"), ("run-2", "maya")):
        sent = client.post("/api/feedback", json={"run_id": run, "score": 1}, headers={"X-Demo-User": user})
        assert (sent.status_code, sent.json()) == (404, {"error": "There is no such answer.", "code": "unknown_thread"})
