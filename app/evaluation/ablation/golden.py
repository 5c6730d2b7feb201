"""The evidence a case's reference names: what a perfect search would have found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from app.evaluation.dataset.case import DatasetCase, PageFact, ProductFact
from app.evaluation.dataset.references import inputs_of, kept_by, reference_of
from app.evaluation.evaluators.records import Records, records_for
from retrievers.catalogue import DocumentType
from retrievers.index.protocol import Index, Query
from retrievers.records import Evidence

_SHOWN = 5  # products of a case that names none, only what they must keep
_PAGES = (DocumentType.FAQ, DocumentType.POLICY, DocumentType.TECHNICAL)


class Golden:
    """Over the current generation; pages are known by their source. Raises IndexUnavailable."""

    def __init__(self, index: Index, records: Records) -> None:
        self._index, self._records = index, records
        counts = index.manifest().counts
        queries = [Query(kind, counts[kind]) for kind in _PAGES if counts.get(kind)]
        found = index.search(queries) if queries else []
        self._pages = [hit.evidence for hits in found for hit in hits]

    def of(self, case: DatasetCase) -> tuple[Evidence, ...]:
        """Products best first, then pages; nothing where the shop has nothing that keeps what is required."""
        ids = [f"{DocumentType.PRODUCT}/{product_id}" for product_id in self._products(case)]
        found = {each.id: each for each in self._index.fetch(ids)} if ids else {}
        sources = set(_sources(case))
        return (*(found[each] for each in ids if each in found), *(p for p in self._pages if p.source in sources))

    def _products(self, case: DatasetCase) -> list[str]:
        expect = case.expect
        if not expect.exists:
            return []
        reference: Mapping[str, Any] = reference_of(case, self._records)
        told = [fact.product for fact in expect.tells or () if isinstance(fact, ProductFact)]
        named = list((expect.shows and expect.shows.ids) or ()) or told
        if named:
            return named
        graded = {str(each): grade for each, grade in (reference.get("relevant") or {}).items()}
        records = records_for(self._records, inputs_of(case))
        kept = kept_by(records, *expect.requires.values()) if expect.requires else sorted(graded)
        field = (expect.order_by or "-rating").removeprefix("-")
        upwards = bool(expect.order_by) and not str(expect.order_by).startswith("-")
        best = sorted(kept, key=lambda each: (-graded.get(each, 0), _place(records[each].get(field), upwards)))
        most = expect.count.max if expect.count and expect.count.max is not None else _SHOWN
        return best[: min(most, _SHOWN)]


def _place(figure: float | None, upwards: bool) -> float:
    return float("inf") if figure is None else figure if upwards else -figure


def _sources(case: DatasetCase) -> Iterator[str]:
    expect = case.expect
    cited = (expect.cites and expect.cites.sources) or ()
    told = (fact.source for fact in expect.tells or () if isinstance(fact, PageFact))
    for either in (*cited, *told):
        yield from either.split("|")
