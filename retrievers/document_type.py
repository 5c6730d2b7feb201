"""The types of documents: apart from the catalogue, whose models take longer to import than `--help` should take."""

from __future__ import annotations

from enum import StrEnum


class DocumentType(StrEnum):
    """The closed list of document types; also the names of the index's collections."""

    PRODUCT = "product"
    REVIEW = "review"
    FAQ = "faq"
    POLICY = "policy"
    TECHNICAL = "technical"
