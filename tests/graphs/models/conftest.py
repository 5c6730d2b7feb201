from __future__ import annotations

import pytest

from tests.support.openai_server import running


@pytest.fixture
def openai_server():
    """A scripted OpenAI-compatible server; see its methods for what it can answer."""
    with running() as server:
        yield server
