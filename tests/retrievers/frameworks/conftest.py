from __future__ import annotations

from collections.abc import Iterator

import pytest

from retrievers.context import ContextReader
from tests.support.opened_shop import opened_small_shop


@pytest.fixture(scope="session")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ContextReader]:
    models = tmp_path_factory.getbasetemp() / "models"
    with opened_small_shop(tmp_path_factory.mktemp("frameworks"), models) as shop:
        yield shop.reader
