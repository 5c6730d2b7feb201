"""A Shopify export holds one line a variant; an assistant wants one product with its variants' sizes and colours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from app.ingestion.tables import Row, Table
from app.ingestion.values import number

_MARKS = ("Handle", "Variant Price")
_PER_VARIANT = ("Variant SKU", "Variant Barcode")
_STOCK = "Variant Inventory Qty"
_OPTIONS = ("Option1", "Option2", "Option3")
_NOT_OF_THE_PRODUCT = ("Variant ", "Option", "SEO ", "Status", "Published")  # what such columns begin with
_NO_OPTION = "Title"  # Shopify's name for the option of a product that has none


def merge_variants(table: Table) -> Table:
    """Joins the lines of each handle, and leaves out what is not on sale; other tables come back as they are."""
    if not all(mark in table.columns for mark in _MARKS):
        return table
    groups = (list(group) for _, group in groupby(table.rows, key=lambda row: row.values.get("Handle")))
    merged = tuple(_product(lines) for lines in groups if _on_sale(lines[0].values))
    columns = dict.fromkeys(column for row in merged for column in row.values)
    return Table(tuple(columns), merged, table.bad)


def _on_sale(values: Mapping[str, Any]) -> bool:
    """Text in a CSV; JSON and Parquet may hold true and false."""
    published = values.get("Published")
    return str(values.get("Status") or "active").lower() == "active" and str(published).lower() != "false"


def _product(lines: Sequence[Row]) -> Row:
    first = lines[0].values
    kept = {name: value for name, value in first.items() if not name.startswith(_NOT_OF_THE_PRODUCT)}
    variants = [line.values for line in lines if line.values.get("Variant Price") is not None]
    kept["Variant Price"] = _lowest_price(variants)
    kept[_STOCK] = _total_stock(variants)
    kept |= {name: [v[name] for v in variants if v.get(name)] or None for name in _PER_VARIANT}
    return Row(lines[0].line, {**kept, "attributes": _options(first, variants)})


def _lowest_price(variants: Sequence[Mapping[str, Any]]) -> Any:
    """As written; when one cannot be read, that one, so that the row is rejected for it."""
    try:
        return min((variant["Variant Price"] for variant in variants), key=number, default=None)
    except ValueError:
        return next(variant["Variant Price"] for variant in variants if not _is_number(variant["Variant Price"]))


def _is_number(value: Any) -> bool:
    try:
        number(value)
    except ValueError:
        return False
    return True


def _total_stock(variants: Sequence[Mapping[str, Any]]) -> int | None:
    counts = [variant[_STOCK] for variant in variants if _is_number(variant.get(_STOCK))]
    return sum(max(0, int(number(count))) for count in counts) if counts else None


def _options(first: Mapping[str, Any], variants: Iterable[Mapping[str, Any]]) -> dict[str, list[str]]:
    options: dict[str, list[str]] = {}
    for option in _OPTIONS:
        name = first.get(f"{option} Name")
        if name and name != _NO_OPTION:
            found = dict.fromkeys(value for v in variants if (value := v.get(f"{option} Value")))
            options[str(name).lower()] = list(found)
    return options
