from __future__ import annotations

from graphs.models.providers import ModelSettings, chat_model


def test_without_a_key_there_is_no_model():
    assert chat_model(ModelSettings()) is None
    assert chat_model(ModelSettings(api_key="")) is None


async def test_environment_does_not_override_what_was_handed_in(openai_server, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "other")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    openai_server.say("Hello.")
    model = chat_model(ModelSettings(api_key="k", base_url=openai_server.url, model="m"))
    assert (await model.ainvoke("Hi")).content == "Hello."
