"""Which column of a file feeds which field of a record."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any, Literal

from app.ingestion.errors import IngestError

_DIVISIBLE = frozenset(("price", "rating", "stock", "rating_count", "popularity"))
_MINOR_UNITS = ("_cents", "_minor")
Record = Literal["product", "document", "order_line"]


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    divisor: float = 1.0


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """Per field its columns, the likeliest first. Columns no field claims are `spare`."""

    fields: Mapping[str, tuple[Column, ...]]
    spare: tuple[str, ...]

    def value(self, field: str, row: Mapping[str, Any]) -> tuple[Any, Column] | None:
        """The first column of this field that has a value in this row."""
        return next(self.values(field, row), None)

    def values(self, field: str, row: Mapping[str, Any]) -> Iterator[tuple[Any, Column]]:
        for column in self.fields.get(field, ()):
            value = row.get(column.name)
            if value is not None and value != "":
                yield value, column

    def has(self, field: str) -> bool:
        return bool(self.fields.get(field))


def map_columns(record: Record, columns: Sequence[str], overrides: Iterable[str] = ()) -> ColumnMap:
    """Columns by known names, with `field=column[/number]` overrides. Raises IngestError naming what is unknown."""
    aliases = _aliases(record)
    chosen = dict(_override(text, aliases, columns) for text in overrides)
    by_name: dict[str, list[str]] = {}
    for column in columns:
        by_name.setdefault(normalised(column), []).append(column)
    fields = {field: chosen.get(field) or tuple(_named(field, names, by_name)) for field, names in aliases.items()}
    taken = {column.name for group in fields.values() for column in group}
    return ColumnMap(fields, tuple(column for column in columns if column not in taken))


def normalised(column: str) -> str:
    """`g:Image Link` and `image_link` are the same name."""
    return re.sub(r"[^a-z0-9]+", "_", column.lower().removeprefix("g:")).strip("_")


def _aliases(record: str) -> Mapping[str, list[str]]:
    text = resources.files("app.ingestion").joinpath("aliases.toml").read_text(encoding="utf-8")
    aliases: Mapping[str, list[str]] = tomllib.loads(text)[record]
    return aliases


def _named(field: str, names: Sequence[str], by_name: Mapping[str, list[str]]) -> Iterator[Column]:
    for name in names:
        yield from (Column(column) for column in by_name.get(name, ()))
        if field == "price":
            for suffix in _MINOR_UNITS:
                yield from (Column(column, 100.0) for column in by_name.get(name + suffix, ()))


def _override(text: str, aliases: Mapping[str, Any], columns: Sequence[str]) -> tuple[str, tuple[Column]]:
    field, equals, target = text.partition("=")
    if not equals or not target:
        raise IngestError(f"--map {text}: write it as field=column or field=column/100")
    if field not in aliases:
        raise IngestError(f"--map {text}: unknown field {field!r}; fields are {', '.join(aliases)}")
    column = _column(text, target, columns)
    if column.divisor != 1.0 and field not in _DIVISIBLE:
        raise IngestError(f"--map {text}: {field} is not a number and cannot be divided")
    return field, (column,)


def _column(text: str, target: str, columns: Sequence[str]) -> Column:
    if target in columns:  # names may hold a slash themselves
        return Column(target)
    name, slash, number = target.rpartition("/")
    if not slash or name not in columns:
        missing = name if slash and _positive(number) else target
        raise IngestError(f"--map {text}: unknown column {missing!r}; columns are {', '.join(columns)}")
    divisor = _positive(number)
    if divisor is None:
        raise IngestError(f"--map {text}: {number!r} is not a number above zero")
    return Column(name, divisor)


def _positive(number: str) -> float | None:
    return float(number) if re.fullmatch(r"\d+(\.\d+)?", number) and float(number) > 0 else None
