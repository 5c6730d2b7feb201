from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from app import settings
from tests.support.served import run


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"SHELFWISE_FEATURES": "redis-hashes"}, "SHELFWISE_FEATURES: redis-hashes needs SHELFWISE_REDIS_URL="),
        ({"SHELFWISE_FEATURES": "hashes"}, "SHELFWISE_FEATURES: Input should be 'feast' or 'redis-hashes'"),
        ({"SHELFWISE_PRICES": "none.toml"}, "SHELFWISE_PRICES: none.toml cannot be read as a table of prices"),
        ({"REDIS_URL": "http://:secret@cache"}, "not a Redis address; use redis://HOST:PORT/DB"),
    ],
)
def test_a_setting_that_cannot_work_is_one_line(tmp_path: Path, variables: dict[str, str], said: str) -> None:
    done = run(tmp_path, "ask", "anything", **variables)
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert "secret" not in done.stderr


def test_spans_without_what_sends_them_are_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "find_spec", lambda name: None)
    assert settings.Settings(otlp_endpoint=None).otlp_endpoint is None
    with pytest.raises(ValidationError, match=r"pip install 'shelfwise\[telemetry\]'"):
        settings.Settings(otlp_endpoint="http://127.0.0.1:4318")
