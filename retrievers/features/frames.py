"""Frames on their way into the store: exactly the columns a view declares, in the types it declares."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import pyarrow as pa
from feast import FeatureView, Field
from feast.types import Array, Float64, Int64, Json, String, UnixTimestamp, from_feast_to_pyarrow_type

from retrievers.features.descriptions import EVENT_TIMESTAMP


def columns_of(view: FeatureView) -> list[str]:
    """Join key, event time, features: the columns of a frame, in this order."""
    return [view.join_keys[0], EVENT_TIMESTAMP, *(field.name for field in view.features)]


def conform(view: FeatureView, frame: pd.DataFrame) -> pd.DataFrame:
    """A copy with nulls as nulls and JSON objects as text; one-line ValueError naming the columns at fault."""
    _check_columns(view, frame)
    key = view.join_keys[0]
    typed = {key: _keys(view, frame[key]), EVENT_TIMESTAMP: _times(view, frame[EVENT_TIMESTAMP])}
    for field in view.features:
        typed[field.name] = _typed(view, field, frame[field.name])
    return pd.DataFrame(typed, columns=columns_of(view))


def arrow_table(view: FeatureView, frame: pd.DataFrame) -> pa.Table:
    """A conformed frame under the declared schema, so that a column of nulls keeps its type."""
    fields = [(field.name, from_feast_to_pyarrow_type(field.dtype)) for field in view.features]
    schema = pa.schema([(view.join_keys[0], pa.string()), (EVENT_TIMESTAMP, pa.timestamp("us", tz="UTC")), *fields])
    return pa.Table.from_pandas(frame, schema=schema, preserve_index=False)


def _check_columns(view: FeatureView, frame: pd.DataFrame) -> None:
    expected, found = columns_of(view), [str(column) for column in frame.columns]
    faults = []
    if missing := [column for column in expected if column not in found]:
        faults.append(f"missing columns {', '.join(missing)}")
    if unexpected := [column for column in found if column not in expected]:
        faults.append(f"unexpected columns {', '.join(unexpected)}")
    if faults:
        raise ValueError(f"{view.name}: {'; '.join(faults)}")


def _keys(view: FeatureView, column: pd.Series) -> pd.Series:
    if column.isna().any() or not all(isinstance(key, str) and key for key in column):
        raise ValueError(f"{view.name}: every {column.name} must be a non-empty string")
    return column.astype(object)


def _times(view: FeatureView, column: pd.Series) -> pd.Series:
    times = _to_utc(view, column)
    if times.isna().any():
        raise ValueError(f"{view.name}: {column.name} must not be empty")
    return times


def _typed(view: FeatureView, field: Field, column: pd.Series) -> pd.Series:
    if field.dtype == UnixTimestamp:
        return _to_utc(view, column)
    try:
        if field.dtype == Float64:
            return pd.to_numeric(column).astype("float64")
        if field.dtype == Int64:
            return pd.to_numeric(column).astype("Int64")
        # An object array, or pandas would turn None back into NaN.
        return pd.Series([_plain(field, value) for value in column], index=column.index, dtype=object)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{view.name}: {field.name} must hold {field.dtype}: {error}") from None


def _to_utc(view: FeatureView, column: pd.Series) -> pd.Series:
    try:
        return pd.to_datetime(column, utc=True)
    except (TypeError, ValueError):
        raise ValueError(f"{view.name}: {column.name} must hold times") from None


def _plain(field: Field, value: Any) -> str | list[str] | None:
    if value is None or (isinstance(value, float) and value != value):
        return None
    if field.dtype == String:
        return _string(value)
    if field.dtype == Json:
        return _json_object(field, value)
    if field.dtype == Array(String) and not isinstance(value, str):
        return [_string(element) for element in value]
    raise TypeError(f"found {type(value).__name__}")


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"found {type(value).__name__}")
    return value


def _json_object(field: Field, value: Any) -> str:
    held = json.loads(value) if isinstance(value, str) else value
    if not isinstance(held, dict):
        raise TypeError(f"found {type(value).__name__}, expected an object")
    convert = float if field.tags["values"] == "number" else _string
    return json.dumps({key: convert(element) for key, element in held.items()}, ensure_ascii=False, sort_keys=True)
