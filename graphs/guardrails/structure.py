"""What is suspicious about the form of a request, in whatever language it is."""

from __future__ import annotations

from graphs.guardrails.policy import Policy
from retrievers.sanitising.visible import is_seen

_HIDDEN = 3  # a joiner or two belong to an emoji or to a copied word
_OF_EMOJI = frozenset("\u200d\ufe0f\u20e3")


def odd_forms(raw: str, plain: str, policy: Policy) -> tuple[str, ...]:
    """Names of the forms found. `raw` is as it was typed, `plain` normalised: what hides is seen only before."""
    hidden = sum(not is_seen(character) for character in raw if character not in _OF_EMOJI and character != "\r")
    found = [name for name, pattern in policy.structure.items() if pattern.search(plain)]
    return (*found, "hidden_text") if hidden >= _HIDDEN else tuple(found)
