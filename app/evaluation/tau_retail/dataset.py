"""The world's files, as they are published."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.evaluation.rows import EvaluationError, read_rows, read_text

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Dataset:
    """Each keyed by its id."""

    users: Mapping[str, Row]
    orders: Mapping[str, Row]
    products: Mapping[str, Row]


@dataclass(frozen=True, slots=True)
class GoldAction:
    name: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Task:
    """`final` holds the orders and users that the world's own tools left changed.

    `instruction` is what a customer wants and knows; `outputs` are what an assistant must have told them in the end.
    """

    user_id: str | None
    actions: Sequence[GoldAction]
    final: Mapping[str, Mapping[str, Row]]
    instruction: str = ""
    outputs: Sequence[str] = ()


def read_dataset(folder: Path) -> Dataset:
    """`users.json`, `orders.json` and `products.json`, each plain or .gz. Raises EvaluationError."""
    return Dataset(*(_read(folder, name) for name in ("users", "orders", "products")))


def read_tasks(path: Path) -> list[Task]:
    """Raises EvaluationError."""
    rows = read_rows(path, {"actions": list, "final": dict})
    return [_task(row, f"{path}, task {number}") for number, row in enumerate(rows, 1)]


def _read(folder: Path, name: str) -> Mapping[str, Row]:
    path = next((path for path in (folder / f"{name}.json", folder / f"{name}.json.gz") if path.exists()), None)
    if path is None:
        raise EvaluationError(f"{folder} holds no {name}.json; give the folder with users, orders and products")
    try:
        rows = json.loads(read_text(path))
    except ValueError:
        raise EvaluationError(f"{path} is not valid JSON") from None
    if not isinstance(rows, dict) or not all(isinstance(row, dict) for row in rows.values()):
        raise EvaluationError(f"{path} is not one JSON object of records by their ids")
    return rows


def _task(row: Row, place: str) -> Task:
    final = {kind: row["final"].get(kind) for kind in ("orders", "users")}
    if not all(isinstance(records, dict) for records in final.values()):
        raise EvaluationError(f"{place}: 'final' holds no objects 'orders' and 'users'")
    outputs = row.get("outputs") or []
    if not isinstance(outputs, list) or not all(isinstance(each, str) for each in outputs):
        raise EvaluationError(f"{place}: 'outputs' is not a list of texts")
    actions = [_action(each, place) for each in row["actions"]]
    return Task(_text(row, "user_id") or None, actions, final, _text(row, "instruction"), outputs)


def _text(row: Row, name: str) -> str:
    value = row.get(name)
    return value if isinstance(value, str) else ""


def _action(action: Any, place: str) -> GoldAction:
    named = isinstance(action, dict) and isinstance(action.get("name"), str)
    if not named or not isinstance(action.get("kwargs"), dict):
        raise EvaluationError(f"{place}: an action is not an object with 'name' and 'kwargs'")
    return GoldAction(action["name"], action["kwargs"])
