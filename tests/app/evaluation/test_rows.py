from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from app.evaluation.rows import EvaluationError, read_rows

FIELDS = {"text": str, "label": int}


def _file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "rows.jsonl"
    path.write_text(text, encoding="utf-8")
    return path


def test_empty_lines_and_compression_are_no_matter(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl.gz"
    path.write_bytes(gzip.compress(b'{"text": "a", "label": 1}\n\n{"text": "b", "label": 0, "more": 2}\n'))
    assert [row["text"] for row in read_rows(path, FIELDS)] == ["a", "b"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "line 2: not valid JSON"),
        ("[]", "line 2: not a JSON object"),
        ('{"text": "a"}', "line 2: no 'label'; a row has 'text' and 'label'"),
        ('{"text": 3, "label": 1}', "line 2: 'text' is 3, not a text"),
        ('{"text": "a", "label": true}', "line 2: 'label' is true, not a whole number"),
        ('{"text": "a", "label": 2}', "line 2: 'label' is 2, not 0 or 1"),
    ],
)
def test_a_wrong_row_is_named_by_its_line(tmp_path: Path, line: str, said: str) -> None:
    path = _file(tmp_path, f'{{"text": "a", "label": 1}}\n{line}\n')
    with pytest.raises(EvaluationError) as error:
        read_rows(path, FIELDS)
    assert str(error.value) == f"{path}, {said}"


@pytest.mark.parametrize(
    ("content", "said"), [(b"\n", "holds no rows"), (b"\xff", "not UTF-8"), (b"\x1f\x8b1", "read")]
)
def test_a_file_that_cannot_be_used_is_named(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(content)
    with pytest.raises(EvaluationError, match=said):
        read_rows(path, FIELDS)
    with pytest.raises(EvaluationError, match="no such file"):
        read_rows(tmp_path / "gone.jsonl", FIELDS)
    with pytest.raises(EvaluationError, match="is a folder; name a file"):
        read_rows(tmp_path, FIELDS)
