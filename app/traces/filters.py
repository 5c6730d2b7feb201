"""LangSmith's filters as conditions of a query."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, ColumnElement, FromClause, String, and_, exists, false, not_, or_, select, true

from app.traces.filter_language import Call, FilterError, Name, parse
from app.traces.row import canonical, microseconds, storable
from app.traces.run import zoned
from app.traces.tables import FEEDBACK

_COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "eq": lambda column, value: column.is_(None) if value is None else column == value,
    "neq": lambda column, value: column.is_not(None) if value is None else column != value,
    "gt": lambda column, value: column > value,
    "gte": lambda column, value: column >= value,
    "lt": lambda column, value: column < value,
    "lte": lambda column, value: column <= value,
    "in": lambda column, value: column.in_(value if isinstance(value, list) else [value]),
    "like": lambda column, value: column.like(str(value)),
    "ilike": lambda column, value: column.ilike(str(value)),
    "search": lambda column, value: column.contains(str(value).lower(), autoescape=True),
}
_ON_TEXT = ("like", "ilike", "search")
_TIMES = {"start_time": "start_us", "end_time": "end_us"}
_COLUMNS = {"latency": "latency_s", "execution_order": "start_us", "session_id": "project_id", **_TIMES}
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0}
_SPAN = re.compile(r"(?P<amount>\d{1,9}(\.\d+)?)(?P<unit>ms|s|m)", re.ASCII)  # as in gt(latency, "5s")
_USAGE = [f"{of}_{unit}" for of in ("prompt", "completion", "total") for unit in ("tokens", "cost")]
_IDS = ["id", "trace_id", "parent_run_id", "thread_id", "reference_example_id"]
_PLAIN = frozenset(["name", "run_type", "status", "is_root", *_IDS, *_USAGE])


def condition(text: str, runs: FromClause) -> ColumnElement[bool]:
    """Raises FilterError."""
    return _condition(parse(text), runs)


def _condition(call: Any, runs: FromClause) -> ColumnElement[bool]:
    if not isinstance(call, Call):
        raise FilterError(f"expected a comparison, found {call}")
    if call.name == "and":
        return _all_of(call.arguments, runs)
    if call.name == "or":
        return or_(false(), *(_condition(each, runs) for each in call.arguments))
    if call.name == "not" and len(call.arguments) == 1:
        return not_(_condition(call.arguments[0], runs))
    return _all_of((call,), runs)


def _all_of(calls: Sequence[Any], runs: FromClause) -> ColumnElement[bool]:
    """What is said of feedback, or of a metadata pair, is said of one and the same."""
    feedback = [call for call in calls if _field(call).startswith("feedback_")]
    metadata = [call for call in calls if _field(call) in ("metadata_key", "metadata_value")]
    rest = [call for call in calls if call not in feedback and call not in metadata]
    conditions = [_condition(call, runs) if _is_joint(call) else _compared(call, runs) for call in rest]
    if feedback:
        conditions.append(_has_feedback(feedback, runs))
    if metadata:
        conditions.append(_has_pair(metadata, runs))
    return and_(true(), *conditions)


def _is_joint(call: Any) -> bool:
    return not isinstance(call, Call) or call.name in ("and", "or", "not")


def _field(call: Any) -> str:
    first = call.arguments[0] if isinstance(call, Call) and call.arguments else None
    return first.name if isinstance(first, Name) else ""


def _compared(call: Call, runs: FromClause) -> ColumnElement[bool]:
    if call.name == "search" and len(call.arguments) == 1:
        return _compare("search", runs.c.searched, call.arguments[0])
    if len(call.arguments) != 2:
        raise FilterError(f"{call.name} takes a field and a value")
    field, value = _field(call), _value(call.arguments[1])
    if call.name == "has" and field in ("tags", "metadata"):
        return runs.c[field].contains(_json_part(value, field), autoescape=True)
    if field == "error":
        return _errs(call.name, value, runs)
    if field in ("inputs", "outputs") and call.name in ("search", "like", "ilike"):
        return _compare("search", runs.c.searched, str(value).strip("%"))
    return _compare(call.name, _column(field, runs), _as_stored(field, value))


def _errs(name: str, value: Any, runs: FromClause) -> ColumnElement[bool]:
    if value is None and name in ("eq", "neq"):
        return _compare("neq" if name == "eq" else "eq", runs.c.status, "error")
    return _compare("search", runs.c.searched, str(value).strip("%"))


def _compare(name: str, column: Any, value: Any) -> ColumnElement[bool]:
    if name not in _COMPARISONS:
        raise FilterError(f"unknown comparison {name}; known are {', '.join(sorted([*_COMPARISONS, 'has']))}")
    if value is None and name not in ("eq", "neq"):
        raise FilterError(f"{name} needs a value")
    if name in _ON_TEXT and not isinstance(column.type, String):
        raise FilterError(f"{name} compares texts only")
    compared: ColumnElement[bool] = _COMPARISONS[name](column, _typed(column, value))
    return compared


def _typed(column: Any, value: Any) -> Any:
    """PostgreSQL compares like with like only."""
    if isinstance(value, list):
        return [_typed(column, each) for each in value]
    if value is None:
        return None
    if isinstance(column.type, String):
        return storable(str(value))
    if column.name == _COLUMNS["latency"] and isinstance(value, str) and (span := _SPAN.fullmatch(value)):
        return float(span["amount"]) * _SECONDS[span["unit"]]
    if isinstance(column.type, Boolean) is not isinstance(value, bool) or not isinstance(value, int | float):
        raise FilterError(f"{value} is no value for {column.name}")
    if abs(value) >= 2**63:
        raise FilterError(f"{value} is too large")
    return value


def _column(field: str, runs: FromClause) -> Any:
    if field not in _PLAIN and field not in _COLUMNS:
        raise FilterError(f"unknown field {field or 'name'}; known are {', '.join(sorted([*_PLAIN, *_COLUMNS]))}")
    return runs.c[_COLUMNS.get(field, field)]


def _as_stored(field: str, value: Any) -> Any:
    if field not in _TIMES or not isinstance(value, str):
        return value
    try:
        return microseconds(zoned(datetime.fromisoformat(value)))
    except ValueError:
        raise FilterError(f"{field} must be compared with an ISO 8601 time, not {value}") from None


def _value(value: Any) -> Any:
    if isinstance(value, Name):
        return value.name
    if isinstance(value, Call):
        raise FilterError(f"{value.name}(...) is not a value")
    return [_value(each) for each in value] if isinstance(value, list) else value


def _json_part(value: Any, field: str) -> str:
    """As it stands inside the canonical JSON: `"word"`, or the pairs of an object without its braces."""
    if field == "tags":
        return canonical(str(value))
    try:
        pairs = json.loads(value)
    except (ValueError, TypeError):
        pairs = None
    if not isinstance(pairs, dict):
        raise FilterError('metadata has an object, as in has(metadata, \'{"key": "value"}\')')
    return canonical(pairs)[1:-1]


def _has_pair(calls: Sequence[Call], runs: FromClause) -> ColumnElement[bool]:
    said = {_field(call): _value(call.arguments[1]) for call in calls if len(call.arguments) == 2}
    if "metadata_key" not in said or any(call.name not in ("eq", "in") for call in calls):
        raise FilterError("metadata is compared as and(eq(metadata_key, ...), eq(metadata_value, ...))")
    key, values = canonical(str(said["metadata_key"])) + ":", said.get("metadata_value", "")
    listed = values if isinstance(values, list) else [values]
    parts = [key + canonical(each) for each in listed] if "metadata_value" in said else [key]
    return or_(false(), *(runs.c.metadata.contains(part, autoescape=True) for part in parts))


def _has_feedback(calls: Sequence[Call], runs: FromClause) -> ColumnElement[bool]:
    columns = {"feedback_key": FEEDBACK.c.key, "feedback_score": FEEDBACK.c.score, "feedback_source": FEEDBACK.c.source}
    said = []
    for call in calls:
        if _field(call) not in columns or len(call.arguments) != 2:
            raise FilterError(f"feedback is compared by {', '.join(columns)}")
        said.append(_compare(call.name, columns[_field(call)], _value(call.arguments[1])))
    return exists(select(FEEDBACK.c.id).where(FEEDBACK.c.run_id == runs.c.id, *said))
