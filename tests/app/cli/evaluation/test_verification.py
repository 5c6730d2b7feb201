"""`eval claims` and `eval figures` from the command line."""

from __future__ import annotations

import gzip
import json

import pytest
from typer.testing import CliRunner

from app.cli.main import cli

FIGURES = [
    {"claim": "The brand is Acme.", "record": {"brand": "Acme"}, "label": 1},
    {"claim": "The brand is Acme.", "record": {"brand": "Zenith"}, "label": 0},
]
CLAIMS = [
    {"claim": "The parka is filled with goose down.", "evidence": ["The parka is filled with goose down."], "label": 1},
    {"claim": "The kettle boils a litre.", "evidence": ["The parka is filled with goose down."], "label": 0},
]


def _run(tmp_path, command: str, rows: list[dict], *options: str):
    file = tmp_path / "rows.jsonl.gz"
    file.write_bytes(gzip.compress("\n".join(json.dumps(row) for row in rows).encode()))
    return CliRunner().invoke(cli, ["eval", command, str(file), *options])


def test_figures_print_one_object_with_a_control(tmp_path):
    result = _run(tmp_path, "figures", FIGURES, "--json")

    report = json.loads(result.stdout)
    assert {name: report[name] for name in ("rows", "precision", "recall", "false_alarm_rate")} == {
        "rows": 2,
        "precision": 1.0,
        "recall": 1.0,
        "false_alarm_rate": 0.0,
    }
    assert "dealt_records" in report["control"]


def test_claims_print_one_object_and_calibrate_beside_it(tmp_path):
    out = tmp_path / "thresholds.toml"
    result = _run(tmp_path, "claims", CLAIMS, "--json", "--calibrate", str(out))

    report = json.loads(result.stdout)
    assert (report["rows"], report["macro_f1"], report["auc"]) == (2, 1.0, 1.0)
    assert "dealt_evidence" in report["control"]
    assert "supported = " in out.read_text("utf-8")


@pytest.mark.parametrize(("command", "rows"), [("figures", FIGURES), ("claims", CLAIMS)])
def test_without_json_a_person_reads_it(command, rows, tmp_path):
    result = _run(tmp_path, command, rows)

    assert result.exit_code == 0
    assert result.stdout.startswith("2 rows")
    assert "control" in result.stdout


@pytest.mark.parametrize(("command", "row"), [("figures", {"claim": "x"}), ("claims", {"claim": "x", "label": 1})])
def test_a_wrong_row_is_refused_in_one_line(command, row, tmp_path):
    result = _run(tmp_path, command, [row])

    assert result.exit_code == 2
    assert "line 1" in result.stderr
    assert result.stderr.count("\n") == 1


TWO_TEXTS = [CLAIMS[0], {**CLAIMS[1], "evidence": ["The mug holds tea."]}]


@pytest.mark.parametrize(
    ("command", "rows", "able"),
    [
        ("figures", FIGURES, True),
        ("figures", FIGURES[:1], False),
        ("figures", [FIGURES[0], {**FIGURES[1], "label": 1}], False),
        ("claims", TWO_TEXTS, True),
        ("claims", CLAIMS, False),  # the same evidence twice
        ("claims", CLAIMS[:1], False),
    ],
)
def test_a_control_that_cannot_fail_says_so(tmp_path, command, rows, able):
    (control,) = json.loads(_run(tmp_path, command, rows, "--json").stdout)["control"].values()
    assert control["can_fail"] is able
    assert ("says nothing here" in _run(tmp_path, command, rows).stdout) is not able
