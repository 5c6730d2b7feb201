from __future__ import annotations

import pytest

from graphs.conversation.memory import Memory, PastTurn
from graphs.conversation.rewrite import ModelRewriter, checked, is_follow_up
from graphs.conversation.understood import Understood
from graphs.models.providers import ModelSettings, chat_model
from retrievers.reading import Vocabulary, read_request
from retrievers.records import Reading
from tests.support.openai_server import OpenAIServer

VOCABULARY = Vocabulary.of({"heads": ["coat", "shoe"], "brands": ["nordlys"], "colours": []}, "USD")
MEMORY = Memory(turns=(PastTurn(said="winter coats", question="winter coats", intent="product", head="coat"),))


def _understood(question: str) -> Understood:
    return Understood(question, reading=read_request(question, VOCABULARY))


def _reading(understood: Understood) -> Reading:
    assert understood.reading is not None
    return understood.reading


def test_a_rewording_may_add_a_limit() -> None:
    before = _understood("coat under $200")
    after = checked(before, "warm nordlys coat under $200", VOCABULARY)
    assert after.question == "warm nordlys coat under $200"
    assert {item.field for item in _reading(after).limits} == {"price", "brand"}


@pytest.mark.parametrize(
    "rewritten",
    ["coat", "coat under $300", "shoe under $200", "what is your return policy for coats under $200?", "hello"],
)
def test_one_that_loses_a_limit_or_asks_for_something_else_is_not_used(rewritten: str) -> None:
    before = _understood("coat under $200")
    assert checked(before, rewritten, VOCABULARY) == before


def test_only_what_needed_the_conversation_is_worth_asking_about() -> None:
    alone = _understood("coat under $200")
    assert not is_follow_up("coat under $200", alone)
    assert is_follow_up("cheaper", alone)
    assert not is_follow_up("yes", Understood("yes"))


def _rewriter(server: OpenAIServer) -> ModelRewriter:
    model = chat_model(ModelSettings(api_key="any", base_url=server.url, model="test", timeout_s=5.0, max_retries=0))
    assert model is not None
    return ModelRewriter(model)


async def test_the_model_is_shown_the_conversation(openai_server: OpenAIServer) -> None:
    openai_server.say("winter coats\nunder $200")
    assert await _rewriter(openai_server).rewrite("under 200", MEMORY, "en") == "winter coats under $200"
    sent = openai_server.requests[0]["messages"][-1]["content"]
    assert "winter coats" in sent
    assert "under 200" in sent


async def test_a_model_that_fails_or_babbles_changes_nothing(openai_server: OpenAIServer) -> None:
    openai_server.fail(503).say("word " * 200)
    rewriter = _rewriter(openai_server)
    assert await rewriter.rewrite("under 200", MEMORY, "en") is None
    assert await rewriter.rewrite("under 200", MEMORY, "en") is None
