"""What the shop holds, for checking and judging cases: read once, beside the assistant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.evaluation.evaluators.records import Records, read_records
from app.evaluation.rows import EvaluationError
from retrievers.catalogue import DocumentType
from retrievers.index.protocol import Index, IndexUnavailable, Query

_PAGES = (DocumentType.POLICY, DocumentType.FAQ, DocumentType.TECHNICAL)
_MOST = 10_000  # passages of one type


@dataclass(frozen=True, slots=True)
class Store:
    """Products by id, and the text of the shop's own pages by where a reader opens them."""

    records: Records
    pages: Mapping[str, str]


def read_store(index: Index) -> Store:
    """Raises EvaluationError when the index cannot answer."""
    try:
        passages = index.search([Query(type, limit=_MOST) for type in _PAGES])
        pages: dict[str, str] = {}
        for evidence in (hit.evidence for hits in passages for hit in hits):
            pages[evidence.source] = f"{pages.get(evidence.source, '')} {evidence.text}".strip()
        return Store(read_records(index), pages)
    except IndexUnavailable as error:
        raise EvaluationError(str(error)) from None
