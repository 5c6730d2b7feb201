from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.evaluation.experiments.files import read_experiment, require_writable, write_experiment
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


def test_asking_whether_there_is_room_changes_nothing(tmp_path: Path) -> None:
    kept = tmp_path / "kept.json"
    kept.write_text("before")
    require_writable(kept)
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [("kept.json", "before")]
    for wrong, said in ((tmp_path, "it is no file"), (tmp_path / "nowhere" / "kept.json", "No such file")):
        with pytest.raises(EvaluationError, match=said):
            require_writable(wrong)


def test_a_device_is_not_replaced() -> None:
    with pytest.raises(EvaluationError, match="it is no file"):
        write_experiment(experiment(case("a", True)), Path(os.devnull))
