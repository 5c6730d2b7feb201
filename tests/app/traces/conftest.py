from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from app.traces.opening import open_traces
from app.traces.store import TraceStore
from tests.support.postgres import new_database


@pytest.fixture
def store(tmp_path) -> Iterator[TraceStore]:
    with open_traces(tmp_path / "traces.db", lambda: datetime.now(UTC)) as opened:
        yield opened


@pytest.fixture(params=["sqlite", "postgres"])
def either(request, tmp_path) -> Iterator[TraceStore]:
    """The store on both databases."""
    where = tmp_path / "traces.db" if request.param == "sqlite" else new_database(request.getfixturevalue("postgres"))
    with open_traces(where, lambda: datetime.now(UTC)) as opened:
        yield opened
