"""Whether the products found are what was asked for, or only near it."""

from __future__ import annotations

from collections.abc import Sequence

from graphs.models.composer.turn import ComposerTurn, Shown
from retrievers.embedding.tokens import tokens

_NEAR = 0.5  # of the best relevance
_MOSTLY = 0.5  # share of the words asked for that a product must have when none of them is known to be its kind


def fitting(turn: ComposerTurn) -> tuple[Sequence[Shown], bool]:
    """The products worth naming, and whether any of them is what was asked for.

    What is far less relevant than the first is left out, and so are things that only go with what was asked for, as
    long as something else remains: a sleeve is no laptop.
    """
    head = turn.reading.head
    floor = max((product.evidence.score for product in turn.products), default=0.0) * _NEAR
    near = [product for product in turn.products if product.evidence.score >= floor]
    named = [product for product in near if not _goes_with(product, head)] or near
    wanted = {head} if head else set(tokens(turn.reading.terms))
    if not wanted or turn.asks_in_another_script:
        return named, True
    least = 1 if head else _MOSTLY * len(wanted)
    return named, any(len(wanted.intersection(_words(product, whole=head is None))) >= least for product in named)


def _goes_with(product: Shown, head: str | None) -> bool:
    """The kind's last word says what a thing is; a word before it says what it is for."""
    kind = tokens(str(product.evidence.metadata.get("kind") or ""))
    return head in kind[:-1] and kind[-1] != head


def _words(product: Shown, *, whole: bool) -> list[str]:
    kind = str(product.evidence.metadata.get("kind") or "")
    return tokens(f"{product.title} {kind} {product.evidence.text if whole else ''}")
