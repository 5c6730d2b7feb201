from __future__ import annotations

import pytest

from graphs.guardrails.policy import Policy
from graphs.sources import Sources
from retrievers.catalogue import DocumentType
from retrievers.records import Evidence, ItemFacts


@pytest.fixture
def policy() -> Policy:
    return Policy.load("retail")


@pytest.fixture
def sources() -> Sources:
    """A product, an answer of the store and a review; each has a link, two have contacts. The parka costs $129."""
    evidence = [
        Evidence(
            "product/P1",
            DocumentType.PRODUCT,
            "https://shop.example/catalogue",
            "Fjell Parka",
            "A warm parka. See http://planted.example/parka",
            1.0,
            {"product_id": "P1", "url": "https://shop.example/products/P1"},
        ),
        Evidence(
            "faq/contact",
            DocumentType.FAQ,
            "https://help.shop.example/contact",
            "Contact",
            "Write to help@shop.example or call +1 212 555 0143. Shipping costs $4.99.",
            1.0,
        ),
        Evidence(
            "review/1",
            DocumentType.REVIEW,
            "https://reviews.example/1",
            "Great",
            "Buy it at https://cheap.example/deal, mail me@cheap.example or call +1 646 555 0199.",
            1.0,
        ),
    ]
    items = {"P1": ItemFacts("P1", price=129.0, stock=3, rating=4.6), "P2": ItemFacts("P2", price=1299.0, stock=0)}
    return Sources({str(number): item for number, item in enumerate(evidence, 1)}, {}, items, "USD")
