"""Rows from JSON lines, CSV, Parquet and XML feeds, each with the line it came from."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from app.ingestion.errors import IngestError
from app.ingestion.files import decode, format_of, read_bytes

_ITEM_TAGS = ("item", "entry")  # RSS and Atom
_DELIMITERS = ",;\t|"


@dataclass(frozen=True, slots=True)
class Row:
    line: int  # counts from 1; for Parquet and XML the number of the record
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row left out. `key` is its id where one could be read, so that what it would replace is kept."""

    line: int
    reason: str
    key: str | None = None

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Table:
    columns: tuple[str, ...]  # every column any row has, in order of appearance
    rows: tuple[Row, ...]
    bad: tuple[BadRow, ...]


def read_table(path: Path) -> Table:
    """All rows of a file; broken ones are in `bad`. Raises IngestError when the file itself cannot be read."""
    data = read_bytes(path)
    if not data.strip():
        raise IngestError(f"{path} is empty")
    parsed = list(_parser(path, data)(path, data))
    rows = tuple(row for row in parsed if isinstance(row, Row))
    columns = dict.fromkeys(column for row in rows for column in row.values)
    return Table(tuple(columns), rows, tuple(row for row in parsed if isinstance(row, BadRow)))


def _parser(path: Path, data: bytes) -> Callable[[Path, bytes], Iterable[Row | BadRow]]:
    """By content where it is unmistakable, else by name: exports are often named carelessly."""
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if data.startswith(b"PAR1") or format_of(path) == ".parquet":
        return _parquet
    if start == b"<":
        return _xml
    if start == b"[":
        return _json_array
    if start == b"{" or format_of(path) in (".jsonl", ".ndjson", ".json"):
        return _json_lines
    return _delimited


def _json_lines(path: Path, data: bytes) -> Iterator[Row | BadRow]:
    if b"\0" in data:
        raise IngestError(f"{path} is a binary file; expected one JSON object a line")
    data = data.removeprefix(b"\xef\xbb\xbf")
    whole = _whole_object(data)
    if whole is not None:
        yield from (_object_row(number, value) for number, value in enumerate(whole, 1))
        return
    for line, raw in enumerate(data.split(b"\n"), 1):
        if raw.strip():
            yield _json_row(line, raw)


def _whole_object(data: bytes) -> list[Any] | None:
    """What a file of one object holds: the list of `{"products": [...]}`, else itself. None for one object a line."""
    try:
        whole = json.loads(data)
    except (ValueError, RecursionError):  # after the first line, where another follows
        return None
    held = list(whole.values()) if isinstance(whole, dict) else []
    return held[0] if len(held) == 1 and isinstance(held[0], list) else [whole]


def _json_row(line: int, raw: bytes) -> Row | BadRow:
    try:
        values = json.loads(raw)
    except (ValueError, RecursionError):  # UnicodeDecodeError is a ValueError
        return BadRow(line, "not valid JSON")
    return _object_row(line, values)


def _object_row(line: int, values: Any) -> Row | BadRow:
    return Row(line, values) if isinstance(values, dict) else BadRow(line, "not a JSON object")


def _json_array(path: Path, data: bytes) -> Iterator[Row | BadRow]:
    try:
        values = json.loads(decode(path, data))
    except (ValueError, RecursionError) as error:
        raise IngestError(f"{path} is not valid JSON: {error}") from None
    yield from (_object_row(number, value) for number, value in enumerate(values, 1))


def _delimited(path: Path, data: bytes) -> Iterator[Row | BadRow]:
    text = decode(path, data)
    header_line = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(_DELIMITERS, key=header_line.count))
    header: Sequence[str] | None = None
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield BadRow(reader.line_num, f"not valid CSV: {error}")
            continue
        if header is None:
            header = [name.strip() for name in cells]
        elif any(cell.strip() for cell in cells):
            yield _cells_row(reader.line_num, header, cells)


def _cells_row(line: int, header: Sequence[str], cells: Sequence[str]) -> Row | BadRow:
    if len(cells) != len(header):
        return BadRow(line, f"{len(cells)} columns where the header has {len(header)}")
    return Row(line, {name: cell.strip() or None for name, cell in zip(header, cells, strict=True) if name})


def _parquet(path: Path, data: bytes) -> Iterator[Row | BadRow]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        records = pq.read_table(io.BytesIO(data)).to_pylist()
    except pa.ArrowException as error:
        raise IngestError(f"{path} is not a readable Parquet file: {str(error).splitlines()[0]}") from None
    for number, record in enumerate(records, 1):
        yield Row(number, {name: None if _is_nan(value) else value for name, value in record.items()})


def _is_nan(value: Any) -> bool:
    return isinstance(value, float) and math.isnan(value)


def _xml(path: Path, data: bytes) -> Iterator[Row | BadRow]:
    """RSS and Atom feeds. What stands before a break in the file is kept; a document type is refused (entities)."""
    if b"<!DOCTYPE" in data:
        raise IngestError(f"{path} declares a document type; remove the <!DOCTYPE> line")
    found = 0
    try:
        for _, element in ElementTree.iterparse(io.BytesIO(data)):  # noqa: S314 - entities need a DOCTYPE
            if _local(element.tag) in _ITEM_TAGS:
                found += 1
                yield Row(found, _element_values(element))
                element.clear()
    except ElementTree.ParseError as error:
        if not found:
            raise IngestError(f"{path} is not a product feed in XML: {error}") from None
        yield BadRow(found + 1, f"the XML breaks off here: {error}")


def _element_values(item: ElementTree.Element) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for child in item:
        name, text = _local(child.tag), " ".join("".join(child.itertext()).split()) or child.get("href")
        if name in values:  # a repeated element is a list
            earlier = values[name] if isinstance(values[name], list) else [values[name]]
            values[name] = [*earlier, text]
        else:
            values[name] = text
    return values


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
