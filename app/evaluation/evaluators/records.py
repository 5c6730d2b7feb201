"""The catalogue an answer is judged by: rows as they are, not as a card tells them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.evaluation.evaluators.limits import Record
from retrievers.catalogue import DocumentType
from retrievers.index.protocol import Index, Query

Records = Mapping[str, Record]  # by product id


def read_records(index: Index) -> dict[str, Record]:
    """Every product of the current generation. Raises IndexUnavailable."""
    count = index.manifest().counts.get(DocumentType.PRODUCT, 0)
    if not count:
        return {}
    (hits,) = index.search([Query(DocumentType.PRODUCT, limit=count)])
    return {str(hit.evidence.metadata["product_id"]): hit.evidence.metadata for hit in hits}


def records_for(records: Records, inputs: Mapping[str, Any]) -> Records:
    """With the live facts a case says its shelf has."""
    shelf = (inputs.get("given") or {}).get("shelf") or {}
    changed = {product_id: {**records[product_id], **facts} for product_id, facts in shelf.items()}
    return {**records, **changed} if changed else records
