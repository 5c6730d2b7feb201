"""Whether a text quotes the prompt: its marks, or a run of its words."""

from __future__ import annotations

import re
from functools import lru_cache

from graphs.guardrails.policy import Policy
from retrievers.sanitising.visible import normalise

_WORD = re.compile(r"\w+")
Run = tuple[str, ...]


def leaks(text: str, system_prompt: str, policy: Policy) -> bool:
    """One of the marks that fence evidence and sign the prompt, or too many words of it in a row."""
    return policy.canary.search(normalise(text)) is not None or shares_words(text, system_prompt, policy.prompt_overlap)


def shares_words(text: str, other: str, count: int) -> bool:
    """Whether both contain the same `count` words in a row, whatever stands between the words."""
    words = _words(text)
    known = _runs(other, count)
    return any(tuple(words[at : at + count]) in known for at in range(len(words) - count + 1))


@lru_cache(maxsize=64)
def _runs(text: str, count: int) -> frozenset[Run]:
    words = _words(text)
    return frozenset(tuple(words[at : at + count]) for at in range(len(words) - count + 1))


def _words(text: str) -> list[str]:
    return _WORD.findall(normalise(text).casefold())
