from __future__ import annotations

import tomllib

import pytest

from app.evaluation.claims import (
    TextClaim,
    Thresholds,
    auc,
    calibrate,
    macro_f1,
    measure_claims,
    read_text_claims,
    weigh,
    write_thresholds,
)
from app.evaluation.rows import EvaluationError
from graphs.verification.support import Support

TEXTS = [
    "The parka is filled with goose down and keeps warm to twenty below zero.",
    "Returns are free within 30 days of delivery if the shoes are unworn.",
    "The kettle boils a litre of water in three minutes and switches itself off.",
    "Marathon runners praise the mesh upper of the Tempo in their reviews.",
]


@pytest.fixture
def rows() -> list[TextClaim]:
    """Each text says its own first words and not its neighbour's."""
    claims = [" ".join(text.split()[:8]) for text in TEXTS]
    return [TextClaim(claim, (TEXTS[(at + off) % 4],), off == 0) for off in (0, 1) for at, claim in enumerate(claims)]


def test_supported_claims_are_told_from_others(rows):
    report = measure_claims(rows, weigh(rows)).as_json()

    assert (report["rows"], report["macro_f1"], report["auc"]) == (8, 1.0, 1.0)
    assert report["verdicts"] == {"supported": 4, "unsupported": 4}


def test_with_the_evidence_dealt_anew_nothing_is_told(rows):
    assert measure_claims(rows, weigh(rows)).control_auc < 0.9


def test_uncertain_counts_as_not_supported(rows):
    doubt = Support(words=0.4, pairs=0.4, numbers=1.0, names=1.0)
    assert doubt.degree == "uncertain"
    report = measure_claims(rows, [doubt] * len(rows))
    assert report.macro_f1 == pytest.approx(macro_f1([row.supported for row in rows], [False] * len(rows)))


@pytest.mark.parametrize(
    ("labels", "scores", "expected"),
    [([True, False], [1.0, 0.0], 1.0), ([True, False], [0.5, 0.5], 0.5), ([True, True], [1.0, 0.0], None)],
)
def test_auc_counts_ties_half(labels, scores, expected):
    assert auc(labels, scores) == expected


def test_calibration_finds_the_gap_and_keeps_the_rest_of_the_file(rows, tmp_path):
    low, high = (Support(words=share, pairs=share, numbers=1.0, names=1.0) for share in (0.35, 0.65))
    thresholds = calibrate(rows, [high if row.supported else low for row in rows])
    assert 0.35 < thresholds.uncertain <= thresholds.supported <= 0.65

    out = tmp_path / "thresholds.toml"
    write_thresholds(Thresholds(0.61, 0.44), out)
    written = tomllib.loads(out.read_text("utf-8"))
    assert (written["supported"], written["uncertain"]) == (0.61, 0.44)
    assert {"pairs", "numbers", "names", "record"} <= written.keys()


def test_evidence_that_is_not_text_is_named(tmp_path):
    file = tmp_path / "claims.jsonl"
    file.write_text('{"claim": "x", "evidence": [1], "label": 0}')

    with pytest.raises(EvaluationError, match="row 1: 'evidence' is not a list of texts"):
        read_text_claims(file)
