from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.evaluation.tau_retail.simulator import Simulator
from graphs.models.failures import ModelFailed
from graphs.models.providers import ModelSettings, chat_model
from tests.support.openai_server import OpenAIServer, running


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    with running() as server:
        yield server


@pytest.fixture
def simulator(server: OpenAIServer) -> Simulator:
    model = chat_model(ModelSettings(api_key="any", base_url=server.url, max_retries=0))
    assert model is not None
    return Simulator(model, "You are Mina {and like braces}.", deadline_s=60.0)


async def test_it_hears_the_assistant_as_its_human_and_remembers(simulator: Simulator, server: OpenAIServer) -> None:
    server.say(" Hello. ").say("The mug.")

    assert await simulator.opening() == "Hello."
    assert await simulator.answer("What is it about?") == "The mug."

    first, second = (request["messages"] for request in server.requests)
    assert "You are Mina {and like braces}." in first[0]["content"]
    assert [message["role"] for message in second] == ["system", "user", "assistant", "user"]
    assert [message["content"] for message in second[2:]] == ["Hello.", "What is it about?"]


@pytest.mark.parametrize("said", ["###STOP###", "Thank you! ###STOP###"])
async def test_the_stop_mark_ends_it_whatever_stands_beside(
    simulator: Simulator, server: OpenAIServer, said: str
) -> None:
    server.say(said)
    assert await simulator.opening() is None


async def test_silence_is_a_failure(simulator: Simulator, server: OpenAIServer) -> None:
    server.say("")
    with pytest.raises(ModelFailed) as failed:
        await simulator.opening()
    assert failed.value.degradation.kind == "empty"
