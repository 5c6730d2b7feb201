from __future__ import annotations

import pytest

from app.demo.store import DemoStore, demo_store


@pytest.fixture(scope="session")
def store() -> DemoStore:
    return demo_store()
