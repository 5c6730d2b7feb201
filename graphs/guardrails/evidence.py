"""The document rail: evidence without sentences that give an assistant instructions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from graphs.guardrails.normal import normalise
from graphs.guardrails.policy import Policy
from graphs.verification.passages import pieces_of
from retrievers.records import Evidence


def clean_evidence(evidence: Evidence, policy: Policy | None = None) -> Evidence:
    """The document stays and loses only the sentences; the retail policy holds unless another is given.

    Returns the same object when there is nothing to take out, so offsets into its text stay true.
    """
    policy = policy or Policy.load()
    text, metadata = _clean(evidence.text, policy), _clean_values(evidence.metadata, policy)
    title = _clean(evidence.title, policy)
    if (title, text, metadata) == (evidence.title, evidence.text, evidence.metadata):
        return evidence
    return replace(evidence, title=title, text=text, metadata=metadata)


def carries_instructions(sentence: str, policy: Policy) -> bool:
    """Whether a sentence of a document speaks to an assistant, hidden characters taken out first."""
    plain = normalise(sentence)
    return policy.instructions.search(plain) is not None or policy.injection.search(plain) is not None


def _clean(text: str, policy: Policy) -> str:
    if not carries_instructions(text, policy):
        return text
    pieces = pieces_of(text)
    kept, end = "", 0
    for start, stop in pieces:
        if not carries_instructions(text[start:stop], policy):
            kept += text[end:start] + text[start:stop]
        end = stop
    return kept.strip()


def _clean_values(value: Any, policy: Policy) -> Any:
    if isinstance(value, str):
        return _clean(value, policy)
    if isinstance(value, Mapping):
        return {key: _clean_values(each, policy) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(_clean_values(each, policy) for each in value)
    return value
