from __future__ import annotations

import pytest

from graphs.guardrails.policy import Policy
from graphs.sources import Sources
from retrievers.catalogue import DocumentType
from retrievers.records import Evidence


@pytest.fixture
def policy() -> Policy:
    return Policy.load("retail")


@pytest.fixture
def sources() -> Sources:
    """A product, a policy and a review; each brings a link, the policy and the review contacts too."""
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
            "Write to help@shop.example or call +1 212 555 0143.",
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
    return Sources({str(number): item for number, item in enumerate(evidence, 1)}, {}, {}, "USD")
