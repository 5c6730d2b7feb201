"""Asking back, with what there is to choose from."""

from __future__ import annotations

from graphs.conversation.understood import Unclear
from graphs.models.composer.turn import ComposerTurn


def ask_back(turn: ComposerTurn, unclear: Unclear) -> list[str]:
    """The question, then each product it may mean; nothing was done."""
    choices = [turn.sentence("which_one_of", product, [], [product.marker]) for product in turn.products]
    return [turn.phrases.text("unclear", unclear.code), *choices]
