"""The document rail: evidence without sentences that give an assistant instructions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from retrievers.document_type import DocumentType
from retrievers.records import Degradation, Evidence
from retrievers.sanitising.records import RecordSanitiser, subject_of
from retrievers.sanitising.sanitise import sanitise
from tools.records import Outcome


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


def clean_outcomes(outcomes: Sequence[Outcome]) -> tuple[Outcome, ...]:
    """What tools found, as clean as what the search did."""
    return tuple(replace(outcome, evidence=clean_all(outcome.evidence)[0]) for outcome in outcomes)


def clean_evidence(evidence: Evidence) -> Evidence:
    """The document stays and loses only sentences.

    Returns the same object when there is nothing to take out, so offsets into its text stay true.
    """
    is_product = evidence.type is DocumentType.PRODUCT
    subject = f"{evidence.title}\n{subject_of(evidence.metadata)}" if is_product else ""
    sanitiser = RecordSanitiser(evidence.type, subject)
    title, text = sanitise(evidence.title, DocumentType.FAQ), sanitiser.text(evidence.text)
    metadata = sanitiser.value(evidence.metadata)
    if (title, text, metadata) == (evidence.title, evidence.text, evidence.metadata):
        return evidence
    return replace(evidence, title=title, text=text, metadata=metadata)
