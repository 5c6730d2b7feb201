"""The OpenAI path through the real client against a local server."""

from __future__ import annotations

import socket

import pytest
from langchain_core.messages import HumanMessage, SystemMessage

from graphs.models.failures import ModelFailed
from graphs.models.providers import ModelSettings, chat_model
from graphs.models.streaming import stream_answer

MESSAGES = [SystemMessage("Be brief."), HumanMessage("What should I buy?")]


def model_at(url, **settings):
    return chat_model(ModelSettings(**{"api_key": "k", "base_url": url, "model": "m", "timeout_s": 5.0, **settings}))


async def collect(model, **options):
    """The text that came, and the failure that ended it, if any."""
    text = ""
    try:
        async for part in stream_answer(model, MESSAGES, **options):
            text += part
    except ModelFailed as failed:
        return text, failed.degradation
    return text, None


async def test_streams_the_answer_and_sends_what_was_asked(openai_server):
    openai_server.say("Take the Aster Trail 3 [1].")
    parts = [part async for part in stream_answer(model_at(openai_server.url), MESSAGES)]
    assert "".join(parts) == "Take the Aster Trail 3 [1]."
    assert len(parts) > 1
    request = openai_server.requests[0]
    assert request["stream"] is True
    assert request["model"] == "m"
    assert [message["role"] for message in request["messages"]] == ["system", "user"]


async def test_answers_in_one_piece_when_invoked(openai_server):
    openai_server.say("Hello there.")
    assert (await model_at(openai_server.url).ainvoke(MESSAGES)).content == "Hello there."
    assert not openai_server.requests[0].get("stream")


async def test_refused_connection_is_down():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    text, degradation = await collect(model_at(f"http://127.0.0.1:{port}/v1", max_retries=0))
    assert text == ""
    assert (degradation.part, degradation.kind) == ("model", "down")
    assert "cannot be reached" in degradation.detail


async def test_rate_limit_is_retried_after_the_time_the_server_names(openai_server):
    openai_server.fail(429, retry_after="0.01").say("Here you are.")
    text, degradation = await collect(model_at(openai_server.url, max_retries=1))
    assert (text, degradation) == ("Here you are.", None)
    assert len(openai_server.requests) == 2


async def test_rate_limit_that_stays_is_given_up(openai_server):
    openai_server.fail(429, retry_after="0.01")
    text, degradation = await collect(model_at(openai_server.url, max_retries=2))
    assert text == ""
    assert degradation.kind == "down"
    assert "429" in degradation.detail
    assert "0.01 s" in degradation.detail
    assert len(openai_server.requests) == 3


async def test_deadline_cuts_a_long_retry_wait_short(openai_server):
    openai_server.fail(429, retry_after="30")
    _, degradation = await collect(model_at(openai_server.url, max_retries=1), deadline_s=0.2)
    assert degradation.kind == "slow"


async def test_malformed_chunk_is_an_error_after_the_text_before_it(openai_server):
    openai_server.malformed("Take the")
    text, degradation = await collect(model_at(openai_server.url))
    assert text == "Take the"
    assert degradation.kind == "error"
    assert "malformed" in degradation.detail


@pytest.mark.parametrize("said", ["", "Take the"])
async def test_silence_is_slow(openai_server, said):
    openai_server.hold(said)
    text, degradation = await collect(model_at(openai_server.url, timeout_s=0.2, max_retries=0))
    assert text == said
    assert degradation.kind == "slow"


@pytest.mark.parametrize("abrupt", [False, True])
async def test_cut_stream_is_a_failure_not_an_answer(openai_server, abrupt):
    openai_server.cut("Take the Aster", abrupt=abrupt)
    text, degradation = await collect(model_at(openai_server.url))
    assert text == "Take the Aster"
    assert degradation.kind == "error"
    assert "cut" in degradation.detail


async def test_empty_answer_is_a_failure(openai_server):
    openai_server.say("")
    _, degradation = await collect(model_at(openai_server.url))
    assert degradation.kind == "empty"


async def test_withheld_answer_is_a_failure(openai_server):
    openai_server.say("Take", finish="content_filter")
    _, degradation = await collect(model_at(openai_server.url))
    assert "withheld" in degradation.detail


@pytest.mark.parametrize(
    ("status", "kind", "hint"),
    [(401, "error", "key"), (404, "error", "name"), (400, "error", "400"), (503, "down", "503")],
)
async def test_status_says_what_to_check_without_the_providers_words(openai_server, status, kind, hint):
    openai_server.fail(status, message="Incorrect API key provided: sk-secret")
    _, degradation = await collect(model_at(openai_server.url, max_retries=0))
    assert degradation.kind == kind
    assert hint in degradation.detail
    assert "sk-secret" not in degradation.detail
    assert "\n" not in degradation.detail
