"""What has left the shop is told as it is: asked for, waiting, refused, or out of reach."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.forgetting.elsewhere import elsewhere
from app.forgetting.keeping import Asked
from app.settings import Settings
from app.traces.dead_letters import DeadLetters
from app.traces.entries import lines_of
from app.traces.opening import REFUSED, UNSENT
from app.traces.spool import Spool

ASKED = Asked("maya", ["t1", "t2"])


def _settings(data: Path, **given) -> Settings:
    nowhere = {"langsmith_tracing": False, "otlp_endpoint": None, "openai_api_key": None}
    return Settings(data=data).model_copy(update={**nowhere, **given})


def _told(data: Path, asked: Asked = ASKED, **given) -> list[tuple[str, str, str]]:
    return [(each.where, each.host, each.outcome) for each in elsewhere(_settings(data, **given), asked)]


def test_nothing_leaves_a_shop_that_sends_nothing(tmp_path) -> None:
    assert _told(tmp_path) == []
    assert _told(tmp_path, Asked("maya", []), otlp_endpoint="http://collector:4318") == []


def test_what_nobody_can_take_back_is_said_without_what_an_address_hides(tmp_path) -> None:
    given = {"otlp_endpoint": "http://me:secret@collector:4318/v1", "openai_api_key": "k", "openai_base_url": None}
    assert _told(tmp_path, **given) == [
        ("telemetry", "collector", "not_deleted"),
        ("model", "api.openai.com", "not_deleted"),
    ]


@pytest.mark.parametrize("thread", ["t1", "t9"])
def test_a_deletion_in_langsmith_is_asked_for_waits_or_was_refused(tmp_path, thread) -> None:
    given, its_own = {"langsmith_tracing": True, "langsmith_endpoint": "https://smith.example.org"}, thread == "t1"
    assert _told(tmp_path, **given) == [("langsmith", "smith.example.org", "deletion_asked")]
    Spool(tmp_path / UNSENT).add(lines_of(thread))
    assert _told(tmp_path, **given)[0][2] == ("deletion_waiting" if its_own else "deletion_asked")
    DeadLetters(tmp_path / REFUSED).add_erasure(thread, "HTTP 403: no")
    assert _told(tmp_path, **given)[0][2] == ("deletion_refused" if its_own else "deletion_asked")
