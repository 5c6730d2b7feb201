"""What kind of thing each product of a shop's orders is."""

from __future__ import annotations

from collections.abc import Mapping

from retrievers.catalogue import Product
from retrievers.heads import infer_heads


def kinds_of(titles: Mapping[str, str]) -> dict[str, str]:
    """By product id, read from titles as at ingestion; those whose title tells no kind are left out."""
    products = [Product(product_id=name, title=title) for name, title in titles.items()]
    return {name: kind.kind for name, kind in infer_heads(products).items()}
