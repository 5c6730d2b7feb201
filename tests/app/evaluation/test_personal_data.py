from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.evaluation.personal_data import LabelledText, measure_personal, read_labelled_texts, wrongly_masked
from app.evaluation.rows import EvaluationError
from graphs.guardrails.personal import Found
from graphs.guardrails.policy import Policy

ROWS = [
    LabelledText("write to ann@mail.example", (Found("email", 9, 25),)),
    LabelledText("pay with 4111 1111 1111 1111", (Found("card", 9, 28),)),
    LabelledText("my number is in the book", (Found("phone", 13, 24),)),
    LabelledText("or to bob@mail.example", ()),
    LabelledText("nothing at all", ()),
    LabelledText("nothing here either", ()),
]


def test_recall_counts_spans_and_precision_counts_finds() -> None:
    report = measure_personal(ROWS, Policy.load())
    assert (report.kinds["email"].recall, report.kinds["email"].precision) == (1.0, 0.5)
    assert (report.kinds["card"].recall, report.kinds["card"].precision) == (1.0, 1.0)
    assert (report.kinds["phone"].recall, report.kinds["phone"].precision) == (0.0, None)
    assert (report.checked.labelled, report.checked.recall) == (2, 1.0)
    assert report.control.recall == 0.0


def test_a_catalogue_without_personal_data_loses_what_is_found() -> None:
    seen: list[str] = []
    lost = wrongly_masked(["a lamp", "call 212-555-0143"], Policy.load(), seen.append)
    assert lost == {"texts": 2, "masked": 1, "rate": 0.5}
    assert seen == ["call 212-555-0143"]


def test_spans_are_read_by_the_names_of_their_kinds(tmp_path: Path) -> None:
    path = tmp_path / "spans.jsonl"
    spans = [
        {"entity_type": "EMAIL_ADDRESS", "start_position": 9, "end_position": 25},
        {"entity_type": "PERSON", "start_position": 0, "end_position": 5},
    ]
    path.write_text(json.dumps({"full_text": ROWS[0].text, "spans": spans}))
    assert read_labelled_texts(path) == [ROWS[0]]
    path.write_text(json.dumps({"full_text": "x", "spans": [{"entity_type": "US_SSN"}]}))
    with pytest.raises(EvaluationError, match="start_position"):
        read_labelled_texts(path)
