"""What is masked before it is stored, and what is left as it is."""

from __future__ import annotations

import pytest

from app.traces.redaction import Redaction
from app.traces.run import RunUpload
from graphs.guardrails.policy import Policy

REDACTION = Redaction.load(Policy.load())


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("write to kim@example.com", "write to [email]"),
        ("pay with 4111 1111 1111 1111", "pay with [card]"),
        ({"password": "hunter2", "user": "kim"}, {"password": "[secret]", "user": "kim"}),
        ({"api_key": "abc", "X-Api-Key": "abc"}, {"api_key": "[secret]", "X-Api-Key": "[secret]"}),
        ({"headers": [{"Authorization": "Bearer abc"}]}, {"headers": [{"Authorization": "[secret]"}]}),
        ("said Bearer abcdefghijklmnop1234", "said [secret]"),
        ("sk-abcdefghijklmnop1234", "[secret]"),
        ("postgresql://shop:pass word@db/x", "postgresql://shop:pass word@db/x"),
        ("postgresql://shop:pass@db/x", "postgresql://[secret]@db/x"),
        ({"kim@example.com": 1}, {"[email]": 1}),
        ({"total_tokens": 12, "max_tokens": 3}, {"total_tokens": 12, "max_tokens": 3}),
        ("019372ab-0000-7000-8000-123456789012", "019372ab-0000-7000-8000-123456789012"),
        ("2026-11-03T12:00:00.123456+00:00", "2026-11-03T12:00:00.123456+00:00"),
        (["SKU 1234567890123", 4111111111111111, None, True], ["SKU 1234567890123", 4111111111111111, None, True]),
    ],
)
def test_texts(given, stored) -> None:
    assert REDACTION.clean(given) == stored


def test_every_part_of_a_run() -> None:
    run = RunUpload(
        id="00000000-0000-0000-0000-000000000007",
        name="kim@example.com",
        error="kim@example.com",
        inputs={"a": "kim@example.com"},
        outputs={"a": "kim@example.com"},
        extra={"metadata": {"a": "kim@example.com"}},
        events=[{"kwargs": "kim@example.com"}],
        serialized={"a": "kim@example.com"},
        tags=["kim@example.com"],
    )
    assert "kim" not in REDACTION.run(run).model_dump_json()


def test_a_document_without_end_is_told_as_text() -> None:
    deep = current = {}
    for _ in range(500):
        current["a"] = current = {}
    current["b"] = "kim@example.com"
    assert "kim" not in str(REDACTION.clean(deep))
