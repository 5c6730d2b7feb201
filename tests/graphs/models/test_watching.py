from __future__ import annotations

import pytest
from langchain_core.messages import HumanMessage

from graphs.models.providers import ModelSettings, chat_model
from graphs.models.watching import ModelWatch


def _model(server, **settings):
    return chat_model(ModelSettings(api_key="k", base_url=server.url, model="m-1", max_retries=0, **settings))


async def _stream(model, watch: ModelWatch) -> str:
    return "".join([str(chunk.text) async for chunk in model.astream("How are you?", {"callbacks": [watch]})])


async def test_a_request_is_noted_with_what_came_of_it(openai_server):
    openai_server.say("Very well indeed.")
    watch = ModelWatch()
    assert await _stream(_model(openai_server), watch) == "Very well indeed."
    (run,) = watch.runs
    assert (run.asked_for, run.model, run.provider, run.finish_reason) == ("m-1", "scripted", "openai", "stop")
    assert run.messages == [HumanMessage("How are you?")]
    assert run.usage is not None
    assert (run.usage["input_tokens"], run.error) == (3, None)
    assert run.started_ns <= run.first_ns
    assert run.took_ns > 0


async def test_a_server_that_does_not_count_leaves_no_count(openai_server):
    openai_server.say("Very well.")
    watch = ModelWatch()
    await _stream(_model(openai_server, count_tokens=False), watch)
    assert "stream_options" not in openai_server.requests[0]
    assert watch.runs[0].usage is None
    assert watch.runs[0].reply is not None


@pytest.mark.parametrize(("script", "began"), [("fail", False), ("malformed", True)])
async def test_failures_are_noted_and_whether_anything_had_come(openai_server, script, began):
    openai_server.fail(500) if script == "fail" else openai_server.malformed("Very well")
    watch = ModelWatch()
    with pytest.raises(Exception, match=r".+"):
        await _stream(_model(openai_server), watch)
    (run,) = watch.runs
    assert (run.reply, run.first_ns is not None) == (None, began)
    assert run.error
