"""YAML files that people write cases in, read strictly, and one clear line for what is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from app.evaluation.rows import EvaluationError

_TAGS = frozenset(("constrained-str", "float", "int", "bool", "str", "Shown", "Range", "Count", "Span", "Limits"))


def yaml_files(path: Path) -> list[Path]:
    """A file, or every .yaml and .yml file in a folder and below, sorted. Raises EvaluationError when there is none."""
    files = sorted(_files(path))
    if not files:
        raise EvaluationError(f"{path} holds no .yaml file")
    return files


def read_yaml(file: Path) -> Any:
    """Raises EvaluationError."""
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


def first_error(error: ValidationError, whole: str) -> str:
    """The key and what is wrong with it; an unknown key before anything else, for it is often the cause."""
    found = sorted(error.errors(include_url=False), key=lambda each: each["type"] != "extra_forbidden")[0]
    path = [_step(part, found["loc"][place - 1] if place else None) for place, part in enumerate(found["loc"])]
    key = ".".join(part for part in path if part) or whole
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


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
    elif path.is_dir():
        yield from (file for file in path.rglob("*") if file.suffix in (".yaml", ".yml") and file.is_file())
    else:
        raise EvaluationError(f"{path}: no such file or folder")
