from __future__ import annotations

from pathlib import Path

import pytest

from app.evaluation.experiments.files import read_experiment, write_experiment
from app.evaluation.rows import EvaluationError
from tests.support.experiments import case, experiment, trial


@pytest.mark.parametrize("name", ["kept.json", "kept.json.gz"])
def test_what_is_written_is_read(tmp_path: Path, name: str) -> None:
    kept = experiment(case("가", trial(False, "gold", precision=None), True, tags=("query",)), model="composer")
    write_experiment(kept, tmp_path / name)
    assert read_experiment(tmp_path / name) == kept
    assert [each.name for each in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_bytes().startswith(b"\x1f\x8b") == name.endswith(".gz")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is not an experiment: Invalid JSON"),
        ("[]", "is not an experiment"),
        ('{"name": "x", "kind": "other", "created": "2026-11-21T00:00:00Z", "cases": []}', "kind: Input should be"),
        ('{"name": "x", "kind": "journeys", "created": "2026-11-21T00:00:00Z", "cases": []}', "holds no cases"),
        (experiment(case("a", True), case("a", False)).model_dump_json(), "the case id 'a' is used twice"),
        (experiment(case("a")).model_dump_json(), "the case 'a' holds no trials"),
    ],
)
def test_anything_else_is_one_line(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "odd.json"
    path.write_text(text)
    with pytest.raises(EvaluationError, match=said) as caught:
        read_experiment(path)
    assert "\n" not in str(caught.value)


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="cannot be written: No such file or directory"):
        write_experiment(experiment(case("a", True)), tmp_path / "nowhere" / "kept.json")
