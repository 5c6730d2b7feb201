from __future__ import annotations

import pytest

from app.listening import listen


@pytest.mark.parametrize("host", ["no such host", "192.0.2.1"])
def test_a_host_that_cannot_be_had_asks_for_another_host(host: str) -> None:
    with pytest.raises(OSError, match="choose another with --host"):
        listen(host, 0)


def test_a_port_that_is_taken_asks_for_another_port() -> None:
    with listen("127.0.0.1", 0) as taken, pytest.raises(OSError, match="choose another with --port"):
        listen("127.0.0.1", taken.getsockname()[1])
