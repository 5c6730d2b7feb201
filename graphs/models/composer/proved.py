"""A product's facts in one sentence, without those the check would not pass."""

from __future__ import annotations

from collections.abc import Sequence

from graphs.models.composer.turn import ComposerTurn, Shown
from graphs.verification.examine import examine


def side(turn: ComposerTurn, product: Shown, facts: Sequence[str], also: Sequence[str] = ()) -> str:
    """One fact that two attributes of a record are told by alike would take the whole sentence with it.

    `also` are markers of what is known of the shopper.
    """
    markers = [product.marker, *also]
    whole = turn.sentence("side", product, facts, markers)
    if _holds(turn, whole):
        return whole
    alone = [fact for fact in facts if _holds(turn, turn.sentence("side", product, [fact], markers))]
    return turn.sentence("side", product, alone, markers)


def _holds(turn: ComposerTurn, sentence: str) -> bool:
    return examine(sentence, turn.sources, turn.phrases.lang).verdict == "supported"
