"""One row of a catalogue read as a product."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from app.ingestion import values
from app.ingestion.columns import ColumnMap, normalised
from app.ingestion.tables import BadRow, Row
from retrievers.catalogue import AttributeValue, Product

T = TypeVar("T")
_MOST = 1e12  # in any currency; beyond it a number is a slip of the keyboard, and a count overflows what keeps it


class ProductReader:
    """Turns rows into products, and remembers what it could not understand."""

    def __init__(self, columns: ColumnMap, currency: str) -> None:
        self._columns = columns
        self._currency = currency
        self._unread: Counter[str] = Counter()

    def read(self, row: Row) -> Product | BadRow:
        """A row without a title or an id, or with a price that is none, is bad."""
        key = self._key(row.values)
        try:
            return Product.model_validate({"product_id": key or "", **self._fields(row.values)})
        except ValidationError as error:
            return BadRow(row.line, _first_problem(error), key)
        except ValueError as error:
            return BadRow(row.line, str(error), key)

    def notes(self) -> Iterator[str]:
        """What the reader of a report should know about the file as a whole."""
        if not self._columns.has("product_id"):
            yield "no id column: ids are made from title and brand, so a renamed product counts as a new one"
        if not self._columns.has("price"):
            yield "no price column: prices stay unknown (name one with --map price=COLUMN)"
        for field, count in sorted(self._unread.items()):
            instead = f"is taken as {self._currency} there" if field == "currency" else "stays unknown there"
            yield f"{field} could not be understood in {count} rows and {instead}"

    def _fields(self, row: Mapping[str, Any]) -> dict[str, Any]:
        title, price = self._get("title", row, values.text), self._columns.value("price", row)
        return {
            "title": title or "",
            "brand": self._get("brand", row, values.text) or None,
            "category": self._get("category", row, values.path) or (),
            "kind": self._get("kind", row, lambda value: values.text(value).lower()) or None,
            "description": self._get("description", row, values.text) or "",
            "price": None if price is None else _price(price[0], price[1].divisor),
            "currency": self._currency_of(row) or values.currency_in(price and price[0]) or self._currency,
            "stock": self._measure("stock", row, _stock),
            "rating": self._measure("rating", row, _rating),
            "rating_count": self._measure("rating_count", row, _count),
            "popularity": self._measure("popularity", row, values.number),
            "attributes": self._attributes(row),
            "identifiers": tuple(
                dict.fromkeys(i for v, _ in self._columns.values("identifiers", row) for i in values.items(v))
            ),
            "image_url": self._get("image_url", row, values.address),
            "url": self._get("url", row, values.address),
            "updated_at": self._get("updated_at", row, values.moment),
        }

    def _key(self, row: Mapping[str, Any]) -> str | None:
        """The id column's value; without such a column, a hash of title and brand."""
        if self._columns.has("product_id"):
            return self._get("product_id", row, values.identifier)
        title, brand = self._get("title", row, values.text), self._get("brand", row, values.text)
        return hashlib.sha256(f"{title}\n{brand or ''}".casefold().encode()).hexdigest()[:16] if title else None

    def _get(self, field: str, row: Mapping[str, Any], parse: Callable[[Any], T]) -> T | None:
        found = self._columns.value(field, row)
        return None if found is None else parse(found[0])

    def _currency_of(self, row: Mapping[str, Any]) -> str | None:
        told = self._columns.value("currency", row)
        code = None if told is None else values.currency_code(told[0])
        if told is not None and code is None:
            self._unread["currency"] += 1
        return code

    def _measure(self, field: str, row: Mapping[str, Any], parse: Callable[[Any], float | None]) -> float | None:
        """An optional number: unlike a price, one that cannot be understood is unknown and does not cost the row."""
        for value, column in self._columns.values(field, row):
            try:
                parsed = parse(value)
            except ValueError:
                self._unread[field] += 1
                continue
            if parsed is not None:
                return parsed / column.divisor if column.divisor != 1.0 else parsed
        return None

    def _attributes(self, row: Mapping[str, Any]) -> dict[str, AttributeValue]:
        found = {normalised(name): values.attribute(row.get(name)) for name in self._columns.spare}
        for value, _ in self._columns.values("attributes", row):
            if isinstance(value, Mapping):
                found.update((str(name), values.attribute(item)) for name, item in value.items())
        return {name: value for name, value in found.items() if value is not None}


def _price(value: Any, divisor: float) -> float:
    try:
        amount = values.number(value)
    except ValueError as error:
        raise ValueError(f"price is {error}") from None
    if amount < 0:
        raise ValueError(f"price is negative: {value}")
    if amount > _MOST:
        raise ValueError(f"price is beyond any: {str(value)[:40]}")
    return round(amount / divisor, 4)


def _rating(value: Any) -> float:
    rating = values.number(value)
    if not 0 <= rating <= 5:
        raise ValueError(f"not a rating from 0 to 5: {value}")
    return rating


def _count(value: Any) -> int:
    return _bounded(max(0, int(values.number(value))))


def _stock(value: Any) -> int | None:
    count = values.stock_count(value)
    return None if count is None else _bounded(count)


def _bounded(count: int) -> int:
    if count > _MOST:
        raise ValueError(f"beyond any count: {str(count)[:40]}")
    return count


def _first_problem(error: ValidationError) -> str:
    problem = error.errors()[0]
    field = str(problem["loc"][0]) if problem["loc"] else "row"
    if problem["type"] == "string_too_short":
        return "no id" if field == "product_id" else f"no {field}"
    return f"{field}: {problem['msg'].lower()}"
