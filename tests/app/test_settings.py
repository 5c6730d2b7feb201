from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.served import run


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"SHELFWISE_FEATURES": "redis-hashes"}, "SHELFWISE_FEATURES: redis-hashes needs SHELFWISE_REDIS_URL="),
        ({"SHELFWISE_FEATURES": "hashes"}, "SHELFWISE_FEATURES: Input should be 'feast' or 'redis-hashes'"),
        ({"REDIS_URL": "http://:secret@cache"}, "not a Redis address; use redis://HOST:PORT/DB"),
    ],
)
def test_a_setting_that_cannot_work_is_one_line(tmp_path: Path, variables: dict[str, str], said: str) -> None:
    done = run(tmp_path, "ask", "anything", **variables)
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert "secret" not in done.stderr
