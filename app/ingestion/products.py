"""Products from a file of any known shape; what is wrong with a row never stops the others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.ingestion.columns import ColumnMap, map_columns
from app.ingestion.errors import IngestError
from app.ingestion.product_reader import ProductReader
from app.ingestion.progress import Report, silent
from app.ingestion.shopify import merge_variants
from app.ingestion.tables import BadRow, Row, Table, read_table
from retrievers.catalogue import DocumentType, Product
from retrievers.sanitising.records import RecordSanitiser, subject_of

_STEP = 500  # rows between two reports of progress


@dataclass(frozen=True, slots=True)
class ProductFile:
    """What a file held. Rows are counted after variants of one product are joined: loaded plus rejected."""

    products: tuple[Product, ...]
    rejected: tuple[BadRow, ...]
    notes: tuple[str, ...]  # what the reader should know, one line each
    dropped_sentences: int  # of descriptions and attributes, with instructions or errands foreign to the product

    @property
    def rows(self) -> int:
        return len(self.products) + len(self.rejected)


def read_products(path: Path, maps: Iterable[str] = (), currency: str = "USD", report: Report = silent) -> ProductFile:
    """Products in file order, the last of equal ids kept. Raises IngestError (see `tables` and `columns`).

    `currency` is for rows that name none.
    """
    table = merge_variants(read_table(path))
    columns = _titled(map_columns("product", table.columns, maps), table, path)
    reader = ProductReader(columns, currency)
    read = [reader.read(row) for row in _reported(table, report)]
    rejected = [*table.bad, *(bad for bad in read if isinstance(bad, BadRow))]
    kept, repeated = _last_of_each(
        [(row.line, p) for row, p in zip(table.rows, read, strict=True) if isinstance(p, Product)]
    )
    rejected = sorted([*rejected, *repeated], key=lambda bad: bad.line)
    cleaned = [_cleaned(product) for product in kept]
    dropped = sum(count for _, count in cleaned)
    notes = tuple(reader.notes()) if table.rows else ()  # without a row nothing is known of columns
    return ProductFile(tuple(product for product, _ in cleaned), tuple(rejected), notes, dropped)


def _titled(columns: ColumnMap, table: Table, path: Path) -> ColumnMap:
    if table.rows and not columns.has("title"):
        named = ", ".join(table.columns)
        raise IngestError(f"{path} has no column for the title; columns are {named}; name one with --map title=COLUMN")
    return columns


def _cleaned(product: Product) -> tuple[Product, int]:
    """Without sentences that have no business in a product's texts, and how many there were."""
    sanitiser = RecordSanitiser(DocumentType.PRODUCT, subject_of(product.model_dump(mode="json")))
    description = sanitiser.text(product.description)
    attributes = {name: sanitiser.value(value) for name, value in product.attributes.items()}
    if (description, attributes) == (product.description, product.attributes):
        return product, 0
    told = {name: value for name, value in attributes.items() if value != ""}
    return product.model_copy(update={"description": description, "attributes": told}), sanitiser.dropped


def _reported(table: Table, report: Report) -> Iterable[Row]:
    total = len(table.rows)
    for done, row in enumerate(table.rows, 1):
        yield row
        if done % _STEP == 0 or done == total:
            report("reading", done, total)


def _last_of_each(lines: Sequence[tuple[int, Product]]) -> tuple[tuple[Product, ...], list[BadRow]]:
    last = {product.product_id: line for line, product in lines}
    kept = tuple(product for line, product in lines if last[product.product_id] == line)
    repeated = [
        BadRow(line, f"duplicate id {product.product_id!r}, replaced by line {last[product.product_id]}")
        for line, product in lines
        if last[product.product_id] != line
    ]
    return kept, repeated
