"""The world's products as a catalogue, for the assistant's search."""

from __future__ import annotations

from collections.abc import Sequence

from app.evaluation.rows import EvaluationError
from app.evaluation.tau_retail.dataset import Dataset, Row
from retrievers.catalogue import Product


def products_of(dataset: Dataset) -> list[Product]:
    """Raises EvaluationError for products of another shape."""
    try:
        return [_product(row) for row in dataset.products.values()]
    except (KeyError, TypeError, ValueError) as error:
        raise EvaluationError(f"a product is not of the expected shape: {error!r}") from None


def _product(row: Row) -> Product:
    """Priced as its cheapest variant that can be had; how many are left the world does not say."""
    variants: Sequence[Row] = list(row["variants"].values())
    available = [variant for variant in variants if variant["available"]]
    return Product(
        product_id=row["product_id"],
        title=row["name"],
        price=min((variant["price"] for variant in available), default=None),
        stock=None if available else 0,
        attributes=_options(variants),
    )


def _options(variants: Sequence[Row]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for variant in variants:
        for name, value in variant["options"].items():
            values = found.setdefault(name, [])
            if value not in values:
                values.append(value)
    return found
