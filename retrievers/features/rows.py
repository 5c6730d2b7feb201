"""Feature rows from a file: JSON Lines, CSV or Parquet, each `.gz` or not; a malformed row is counted and left out."""

from __future__ import annotations

import csv
import gzip
import io
import json
import math
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from feast import FeatureView, Field
from feast.types import Array, Float64, Int64, Json, String, UnixTimestamp
from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, ValidationError, create_model
from pydantic import Field as Constrained

from retrievers.features.descriptions import EVENT_TIMESTAMP
from retrievers.features.frames import columns_of

MAX_CLOCK_SKEW = timedelta(minutes=5)  # an event from further ahead would look fresh for as long
_ERRORS_SHOWN = 5
_DELIMITERS = ",;\t|"
_BOUNDS: dict[str, Any] = {  # by unit: a slip of a job's must not be what a shopper is told
    "currency": Constrained(ge=0),
    "count": Constrained(ge=0, lt=2**63),
    "stars": Constrained(ge=0, le=5),
    "share": Constrained(ge=0, le=1),
}

Row = dict[str, Any]


class UnreadableFile(Exception):
    """Not a file of rows at all; the message is one line naming it."""


@dataclass(frozen=True, slots=True)
class FeatureRows:
    frame: pd.DataFrame
    rejected: int
    errors: tuple[str, ...]  # the first few, each `line N: reason`


def read_rows(path: Path, view: FeatureView, now: datetime) -> FeatureRows:
    """Rows must name every feature, null or not, for a push replaces the whole row; without a time they happened `now`.

    Raises UnreadableFile.
    """
    model, rejected = _row_model(view), 0
    accepted: list[Row] = []
    errors: list[str] = []
    for line, row in _raw_rows(path):
        try:
            accepted.append(_checked(model, row, now))
        except ValueError as error:
            rejected += 1
            if len(errors) < _ERRORS_SHOWN:
                errors.append(f"line {line}: {_one_line(error)}")
    return FeatureRows(pd.DataFrame(accepted, columns=columns_of(view), dtype=object), rejected, tuple(errors))


def _checked(model: type[BaseModel], row: Row | ValueError, now: datetime) -> Row:
    if isinstance(row, ValueError):
        raise row
    checked = model.model_validate(row).model_dump()
    checked[EVENT_TIMESTAMP] = checked[EVENT_TIMESTAMP] or now
    if checked[EVENT_TIMESTAMP] > now + MAX_CLOCK_SKEW:
        raise ValueError(f"{EVENT_TIMESTAMP}: is in the future")
    return checked


def _one_line(error: ValueError) -> str:
    if not isinstance(error, ValidationError):
        return str(error)
    first = error.errors(include_url=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    return f"{where}: {first['msg']}" if where else str(first["msg"])


def _raw_rows(path: Path) -> Iterator[tuple[int, Row | ValueError]]:
    """Line numbers as an editor counts them; for Parquet, rows from 1."""
    kinds = {".jsonl": _json_rows, ".ndjson": _json_rows, ".csv": _csv_rows, ".parquet": _parquet_rows}
    suffixes = [suffix.lower() for suffix in path.suffixes if suffix.lower() != ".gz"]
    if not suffixes or suffixes[-1] not in kinds:
        raise UnreadableFile(f"{path}: not .jsonl, .csv or .parquet (each may be .gz)")
    try:
        yield from kinds[suffixes[-1]](_content(path))
    except UnicodeDecodeError as error:
        raise UnreadableFile(f"{path}: not UTF-8 text (byte {error.start}); save it as UTF-8") from None
    except (OSError, EOFError, zlib.error, csv.Error, pa.ArrowException) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error).splitlines()[0]
        raise UnreadableFile(f"{path}: {reason}") from None


def _content(path: Path) -> bytes:
    stored = path.read_bytes()
    content = gzip.decompress(stored) if path.suffix.lower() == ".gz" else stored
    if not content.strip():
        raise UnreadableFile(f"{path}: holds no rows")
    return content


def _json_rows(content: bytes) -> Iterator[tuple[int, Row | ValueError]]:
    for line, text in enumerate(io.StringIO(content.decode("utf-8-sig")), 1):
        if not text.strip():
            continue
        try:
            row = json.loads(text)
        except (ValueError, RecursionError):
            row = None
        yield line, row if isinstance(row, dict) else ValueError("not a JSON object")


def _csv_rows(content: bytes) -> Iterator[tuple[int, Row | ValueError]]:
    text = content.decode("utf-8-sig")
    delimiter = max(_DELIMITERS, key=text.split("\n", 1)[0].count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    for row in reader:
        if None in row:
            yield reader.line_num, ValueError("more cells than the header has")
        else:
            yield reader.line_num, {name: cell or None for name, cell in row.items()}


def _parquet_rows(content: bytes) -> Iterator[tuple[int, Row | ValueError]]:
    yield from enumerate(pq.read_table(pa.BufferReader(content)).to_pylist(), 1)


def _row_model(view: FeatureView) -> type[BaseModel]:
    fields: dict[str, Any] = {field.name: (_annotation(field), ...) for field in view.features}
    fields[view.join_keys[0]] = (Annotated[str, Constrained(min_length=1)], ...)
    fields[EVENT_TIMESTAMP] = (AwareDatetime | None, None)
    return create_model(f"{view.name}_row", __config__=ConfigDict(extra="forbid", allow_inf_nan=False), **fields)


def _annotation(field: Field) -> Any:
    structure: dict[Any, Any] = {
        Array(String): list[str],
        Json: dict[str, float] if field.tags.get("values") == "number" else dict[str, str],
    }
    if field.dtype in structure:
        return Annotated[structure[field.dtype] | None, BeforeValidator(_structured)]
    scalars: dict[Any, Any] = {String: str, Float64: float, Int64: int, UnixTimestamp: AwareDatetime}
    bounded: Any = Annotated[scalars[field.dtype], _BOUNDS.get(field.tags["unit"], Constrained())]
    return Annotated[bounded | None, BeforeValidator(_nan_to_none)]


def _structured(value: Any) -> Any:
    """CSV holds lists and objects as JSON text; Parquet objects come as pairs, or with a null for each absent key."""
    if isinstance(value, str):
        value = json.loads(value)
    if isinstance(value, list) and value and all(isinstance(pair, tuple) for pair in value):
        value = dict(value)
    return {key: held for key, held in value.items() if held is not None} if isinstance(value, dict) else value


def _nan_to_none(value: Any) -> Any:
    return None if isinstance(value, float) and math.isnan(value) else value
