"""The document rail: evidence without sentences that give an assistant instructions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from retrievers.document_type import DocumentType
from retrievers.records import Degradation, Evidence
from retrievers.sanitising.sanitise import sanitise

_NAMES = ("title", "brand", "kind")
_PROSE = 4  # words; a shorter value names something


def clean_all(evidence: Iterable[Evidence]) -> tuple[tuple[Evidence, ...], tuple[Degradation, ...]]:
    """Each piece cleaned. One that the rail cannot read is left out, and the turn says so; so is one left empty."""
    kept, failed = [], list[Degradation]()
    for item in evidence:
        try:
            cleaned = clean_evidence(item)
        except Exception as error:  # whatever broke, an unchecked text must not reach a model
            failed.append(Degradation("rail", "error", f"{item.id} was left out: {type(error).__name__}"))
            continue
        if cleaned.text or not item.text:
            kept.append(cleaned)
    return tuple(kept), tuple(failed)


def clean_evidence(evidence: Evidence) -> Evidence:
    """The document stays and loses only sentences.

    Returns the same object when there is nothing to take out, so offsets into its text stay true.
    """
    subject = _subject(evidence)
    title, text = sanitise(evidence.title, DocumentType.FAQ), sanitise(evidence.text, evidence.type, subject)
    metadata = _clean(evidence.metadata, evidence.type, subject)
    if (title, text, metadata) == (evidence.title, evidence.text, evidence.metadata):
        return evidence
    return replace(evidence, title=title, text=text, metadata=metadata)


def _subject(evidence: Evidence) -> str:
    """What a product is, in words: a sentence of its description may ask something about that."""
    if evidence.type is not DocumentType.PRODUCT:
        return ""
    row = evidence.metadata
    names = [evidence.title, *(str(row.get(name) or "") for name in _NAMES), *map(str, row.get("category") or ())]
    return "\n".join([*names, *(f"{name} {value}" for name, value in (row.get("attributes") or {}).items())])


def _clean(value: Any, kind: DocumentType, subject: str) -> Any:
    if isinstance(value, str):
        return sanitise(value, kind if len(value.split()) >= _PROSE else DocumentType.FAQ, subject)
    if isinstance(value, Mapping):
        return {name: _clean(each, kind, subject) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(_clean(each, kind, subject) for each in value)
    return value
