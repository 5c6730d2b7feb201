"""Journeys as people write them: YAML files, each a list of journeys, and one clear line for what is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from app.evaluation.journeys.journey import Journey
from app.evaluation.rows import EvaluationError
from app.evaluation.yaml_files import first_error, read_yaml, yaml_files

SCHEMA = Path(__file__).with_name("journeys.schema.json")


def schema() -> dict[str, Any]:
    """The JSON schema of one file; `python -m app.evaluation.journeys.reading` writes it anew."""
    described = TypeAdapter(list[Journey]).json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Journeys", **described}


def read_journeys(path: Path) -> list[Journey]:
    """All journeys of a file, or of every .yaml and .yml file in a folder and below, sorted by file.

    Raises EvaluationError: nothing to read, a wrong key, or a name that two journeys have.
    """
    names: dict[str, Path] = {}
    journeys = []
    for file in yaml_files(path):
        for journey in _journeys(file):
            if journey.name in names:
                raise EvaluationError(f"{file}, journey {journey.name!r}: name: {names[journey.name]} has one too")
            names[journey.name] = file
            journeys.append(journey)
    return journeys


def _journeys(file: Path) -> list[Journey]:
    rows = read_yaml(file)
    if not isinstance(rows, list) or not rows:
        raise EvaluationError(f"{file}: expected a list of journeys, each beginning with '- name: ...'")
    return [_journey(row, f"{file}, journey {_called(row, number)}") for number, row in enumerate(rows, 1)]


def _journey(row: Any, where: str) -> Journey:
    try:
        return Journey.model_validate(row)
    except ValidationError as error:
        raise EvaluationError(f"{where}: {first_error(error, 'the journey')}") from None


def _called(row: Any, number: int) -> str:
    return repr(row["name"]) if isinstance(row, dict) and isinstance(row.get("name"), str) else f"number {number}"


if __name__ == "__main__":
    SCHEMA.write_text(json.dumps(schema(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
