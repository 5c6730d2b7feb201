"""What other frameworks take from a retrieval: passages with their facts as plain JSON."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from retrievers.document_type import DocumentType
from retrievers.records import Evidence, ItemFacts, UnifiedContext


@dataclass(frozen=True, slots=True)
class Passage:
    """`id` is the evidence's, stable over reindexing. `metadata` survives `json.dumps` as it is."""

    id: str
    text: str
    score: float
    metadata: Mapping[str, Any]


def passages(known: UnifiedContext, types: Collection[DocumentType] | None = None) -> list[Passage]:
    """One a piece of evidence, in the order of the evidence; `types` keeps those of some types only."""
    asked = {
        "degraded": [plain(asdict(item)) for item in known.degraded],
        "plan": plain(asdict(known.plan)),
        "notices": list(known.notices),
    }
    kept = (evidence for evidence in known.evidence if types is None or evidence.type in types)
    return [_passage(evidence, known, asked) for evidence in kept]


def plain(value: Any) -> Any:
    """JSON's own types: times become ISO 8601, tuples lists."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(held) for key, held in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(held) for held in value]
    return value


def _passage(evidence: Evidence, known: UnifiedContext, asked: Mapping[str, Any]) -> Passage:
    product_id = evidence.metadata.get("product_id")
    metadata = {
        "source": evidence.source,
        "type": evidence.type.value,
        "score": evidence.score,
        "title": evidence.title,
        "product_id": product_id,
        "url": evidence.metadata.get("url"),
        "updated_at": plain(evidence.updated_at),
    }
    if evidence.type is DocumentType.PRODUCT:
        facts = known.items.get(str(product_id)) or ItemFacts(str(product_id))
        metadata |= {**_live(facts), "currency": known.currency}
        metadata["why"] = [plain(asdict(reason)) for reason in known.reasons.get(str(product_id), ())]
    return Passage(evidence.id, evidence.text, evidence.score, {**metadata, **asked})


def _live(facts: ItemFacts) -> dict[str, Any]:
    """The shelf's word, which wins over the document's; None is unknown or too old to be said."""
    return {
        "price": facts.price,
        "stock": facts.stock,
        "rating": facts.rating,
        "rating_count": facts.rating_count,
        "facts_time": plain(facts.event_time),
        "facts_age_s": facts.age_s,
        "facts_stale": facts.stale,
    }
