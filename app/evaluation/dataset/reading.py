"""Cases as people write them: YAML files, each a list of cases, and one clear line for what is wrong."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from app.evaluation.dataset.case import DatasetCase
from app.evaluation.rows import EvaluationError
from app.evaluation.yaml_files import first_error, read_yaml, yaml_files

SCHEMA = Path(__file__).with_name("dataset.schema.json")


def schema() -> dict[str, Any]:
    """The JSON schema of one file; `python -m app.evaluation.dataset.reading` writes it anew."""
    described = TypeAdapter(list[DatasetCase]).json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Dataset cases", **described}


def read_cases(path: Path) -> dict[str, DatasetCase]:
    """All cases of a file, or of a folder and below, by `file, case 'id'`, which is how errors name them.

    Raises EvaluationError: nothing to read, a wrong key, or an id that two cases have.
    """
    ids: dict[str, Path] = {}
    cases = {}
    for file in yaml_files(path):
        for where, case in _cases(file):
            if case.id in ids:
                raise EvaluationError(f"{where}: id: {ids[case.id]} has one too")
            ids[case.id] = file
            cases[where] = case
    return cases


def chosen(cases: Sequence[DatasetCase], tags: Collection[str], ids: Collection[str]) -> list[DatasetCase]:
    """Those with any of the tags, capabilities or sources, and of these ids. Raises EvaluationError for none."""
    unknown = set(ids) - {case.id for case in cases}
    if unknown:
        raise EvaluationError(f"there is no case {sorted(unknown)[0]!r}")
    found = [case for case in cases if (not ids or case.id in ids) and (not tags or set(tags) & labels_of(case))]
    if not found:
        raise EvaluationError(f"no case is tagged {' or '.join(tags)}; there is {', '.join(_all_labels(cases))}")
    return found


def labels_of(case: DatasetCase) -> set[str]:
    return {case.capability, case.lang, *case.tags, *case.expect.sources}


def _all_labels(cases: Sequence[DatasetCase]) -> list[str]:
    return sorted(set[str]().union(*map(labels_of, cases)))


def _cases(file: Path) -> list[tuple[str, DatasetCase]]:
    rows = read_yaml(file)
    if not isinstance(rows, list) or not rows:
        raise EvaluationError(f"{file}: expected a list of cases, each beginning with '- id: ...'")
    named = ((f"{file}, case {_called(row, number)}", row) for number, row in enumerate(rows, 1))
    return [(where, _case(row, where)) for where, row in named]


def _case(row: Any, where: str) -> DatasetCase:
    try:
        return DatasetCase.model_validate(row)
    except ValidationError as error:
        raise EvaluationError(f"{where}: {first_error(error, 'the case')}") from None


def _called(row: Any, number: int) -> str:
    return repr(row["id"]) if isinstance(row, dict) and isinstance(row.get("id"), str) else f"number {number}"


if __name__ == "__main__":
    SCHEMA.write_text(json.dumps(schema(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
