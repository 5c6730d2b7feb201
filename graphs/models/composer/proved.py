"""A product's facts in one sentence, without those the check would not pass."""

from __future__ import annotations

from collections.abc import Sequence

from graphs.models.composer.turn import ComposerTurn, Shown
from graphs.verification.examine import examine


def side(turn: ComposerTurn, product: Shown, facts: Sequence[str]) -> str:
    """One fact that two attributes of a record are told by alike would take the whole sentence with it."""
    whole = turn.sentence("side", product, facts, [product.marker])
    if _holds(turn, whole):
        return whole
    alone = [fact for fact in facts if _holds(turn, turn.sentence("side", product, [fact], [product.marker]))]
    return turn.sentence("side", product, alone, [product.marker])


def _holds(turn: ComposerTurn, sentence: str) -> bool:
    return examine(sentence, turn.sources, turn.phrases.lang).verdict == "supported"
