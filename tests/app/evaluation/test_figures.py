from __future__ import annotations

import json

import pytest

from app.evaluation.figures import RecordClaim, measure_figures, read_record_claims
from app.evaluation.rows import EvaluationError

RECORDS = [
    ("The brand is Acme.", {"brand": "Acme"}, {"brand": "Zenith"}),
    ("It weighs 1.2 kg.", {"weight_g": 1200}, {"weight_g": 1300}),
    ("It weighs 2 pounds.", {"weight": {"value": 32, "unit": "ounces"}}, {"weight": {"value": 40, "unit": "ounces"}}),
    ("It is waterproof.", {"is_waterproof": True}, {"is_waterproof": False}),
    ("It comes in red and blue.", {"color": ["Red", "Blue"]}, {"color": ["Red", "Green"]}),
    ("It costs $129.00.", {"title": "Tempo", "price": 129.0}, {"title": "Tempo", "price": 119.0}),
    ("Phone 7 is in stock.", {"title": "Phone 7", "stock": 4}, {"title": "Phone 7", "stock": 0}),
    ("It is in stock.", {"title": "Tempo", "stock": 4}, {"title": "Tempo", "stock": 0}),
]


def _rows() -> list[RecordClaim]:
    right = [RecordClaim(claim, record, True) for claim, record, _ in RECORDS]
    return right + [RecordClaim(claim, record, False) for claim, _, record in RECORDS]


def test_every_changed_value_is_found_and_nothing_else():
    report = measure_figures(_rows()).as_json()

    assert (report["rows"], report["precision"], report["recall"], report["false_alarm_rate"]) == (16, 1.0, 1.0, 0.0)


def test_the_control_loses_what_the_measure_finds():
    report = measure_figures(_rows())

    assert report.control.precision < report.found.precision


def test_an_absent_field_is_no_contradiction():
    report = measure_figures([RecordClaim("It has a 9 mm drop.", {"title": "Tempo", "weight_g": 240}, False)])

    assert report.verdicts == {"unsupported": 1}
    assert report.found.precision is None


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ({"claim": "x", "record": {"a": 1}}, "line 2: no 'label'"),
        ({"claim": "x", "record": [], "label": 1}, "line 2: 'record' is"),
        ({"claim": "x", "record": {"a": 1}, "label": 2}, "line 2: 'label' is 2"),
        ({"claim": "x", "record": {}, "label": 1}, "row 2: 'record' is empty"),
    ],
)
def test_a_wrong_row_is_named(tmp_path, row, complaint):
    file = tmp_path / "figures.jsonl"
    good = {"claim": "x", "record": {"a": 1}, "label": 0}
    file.write_text("\n".join(json.dumps(each) for each in (good, row)))

    with pytest.raises(EvaluationError, match=complaint):
        read_record_claims(file)
