"""Journeys as people write them: YAML files, each a list of journeys, and one clear line for what is wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError

from app.evaluation.journeys.journey import Journey
from app.evaluation.rows import EvaluationError

SCHEMA = Path(__file__).with_name("journeys.schema.json")
_TAGS = frozenset(("constrained-str", "float", "int", "bool", "str", "Shown", "Range", "Count"))


def schema() -> dict[str, Any]:
    """The JSON schema of one file; `python -m app.evaluation.journeys.reading` writes it anew."""
    described = TypeAdapter(list[Journey]).json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Journeys", **described}


def read_journeys(path: Path) -> list[Journey]:
    """All journeys of a file, or of every .yaml and .yml file in a folder and below, sorted by file.

    Raises EvaluationError: nothing to read, a wrong key, or a name that two journeys have.
    """
    files = sorted(_files(path))
    if not files:
        raise EvaluationError(f"{path} holds no .yaml file")
    names: dict[str, Path] = {}
    journeys = []
    for file in files:
        for journey in _journeys(file):
            if journey.name in names:
                raise EvaluationError(f"{file}, journey {journey.name!r}: name: {names[journey.name]} has one too")
            names[journey.name] = file
            journeys.append(journey)
    return journeys


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
    elif path.is_dir():
        yield from (file for file in path.rglob("*") if file.suffix in (".yaml", ".yml") and file.is_file())
    else:
        raise EvaluationError(f"{path}: no such file or folder")


def _journeys(file: Path) -> list[Journey]:
    rows = _yaml(file)
    if not isinstance(rows, list) or not rows:
        raise EvaluationError(f"{file}: expected a list of journeys, each beginning with '- name: ...'")
    return [_journey(row, f"{file}, journey {_called(row, number)}") for number, row in enumerate(rows, 1)]


def _journey(row: Any, where: str) -> Journey:
    try:
        return Journey.model_validate(row)
    except ValidationError as error:
        raise EvaluationError(f"{where}: {_first(error)}") from None


def _first(error: ValidationError) -> str:
    """The key and what is wrong with it; an unknown key before anything else, for it is often the cause."""
    found = sorted(error.errors(include_url=False), key=lambda each: each["type"] != "extra_forbidden")[0]
    path = [_step(part, found["loc"][place - 1] if place else None) for place, part in enumerate(found["loc"])]
    key = ".".join(part for part in path if part) or "the journey"
    if found["type"] == "extra_forbidden":
        return f"{key}: there is no such key"
    if found["type"] == "missing":
        return f"{key} is missing"
    message = found["msg"].removeprefix("Value error, ")
    return f"{key}: {message[0].lower()}{message[1:]}"


def _step(part: str | int, before: str | int | None) -> str:
    """Turns are counted from 1 as people do, and pydantic's names of alternatives left out."""
    if isinstance(part, int):
        return str(part + 1) if before == "turns" else str(part)
    return "" if part in _TAGS or "[" in part else part


def _called(row: Any, number: int) -> str:
    return repr(row["name"]) if isinstance(row, dict) and isinstance(row.get("name"), str) else f"number {number}"


def _yaml(file: Path) -> Any:
    try:
        return yaml.load(file.read_text(encoding="utf-8"), _Loader)  # noqa: S506 - a SafeLoader that is stricter
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "not UTF-8 text"
        raise EvaluationError(f"{file}: {reason}") from None
    except (yaml.YAMLError, RecursionError) as error:
        raise EvaluationError(f"{file}: not YAML: {' '.join(str(error).split())}") from None


class _Loader(yaml.SafeLoader):
    """A key given twice is an error: YAML would keep the last and forget the first."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [key.value for key, _ in node.value]
        for place, key in enumerate(keys):
            if key in keys[:place]:
                raise yaml.constructor.ConstructorError(None, None, f"the key {key!r} is given twice", node.start_mark)
        return super().construct_mapping(node, deep)


if __name__ == "__main__":
    SCHEMA.write_text(json.dumps(schema(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
