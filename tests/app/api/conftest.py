from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from app.api import DemoShopper, Sessions, create_app

_SCRIPT = Path(__file__).parents[2] / "support" / "scripted_assistant.py"


@pytest.fixture(scope="session")
def script():
    """The module of the scripted assistant."""
    spec = importlib.util.spec_from_file_location("scripted_assistant", _SCRIPT)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses and pydantic look their module up
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def assistant(script):
    assistant = script.ScriptedAssistant()
    assistant.remember("maya", "thread-1", "What should I buy?", {"answer": "Socks."})
    return assistant


@pytest.fixture
def images_dir(tmp_path):
    folder = tmp_path / "images"
    folder.mkdir()
    (folder / "RUN-0101.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    (tmp_path / "secret.svg").write_text("<svg/>")
    return folder


@pytest.fixture
def app(assistant, script, images_dir):
    return create_app(
        assistant,
        identity=DemoShopper(Sessions("s" * 32)),
        products_lookup=script.find_product,
        shoppers=script.SHOPPERS,
        images_dir=images_dir,
    )


@pytest.fixture
def client(app):
    return TestClient(app, raise_server_exceptions=False)


@pytest.fixture
def chat(client):
    """Asks and returns the events as (name, payload)."""

    def ask(message="What should I buy?", user="maya", **fields):
        response = client.post("/api/chat", json={"message": message, **fields}, headers={"X-Demo-User": user})
        assert response.status_code == 200, response.text
        assert response.headers["content-type"].startswith("text/event-stream")
        blocks = [block.split("\n") for block in response.text.strip().split("\n\n")]
        return [(event.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for event, data in blocks]

    return ask
