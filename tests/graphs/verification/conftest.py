from __future__ import annotations

import pytest

from graphs.sources import Sources
from tests.support.verified_sources import verified_sources


@pytest.fixture
def sources() -> Sources:
    return verified_sources()
