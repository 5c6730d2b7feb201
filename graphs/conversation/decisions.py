"""Yes and no, when nothing else is said."""

from __future__ import annotations

from collections.abc import Sequence

from graphs.conversation.language import whole
from graphs.conversation.understood import Unclear, Understood
from tools.records import Decision


def decided(message: str, pending: Sequence[str]) -> Understood | None:
    """The shopper's word on the one thing that waits for it; with nothing or several waiting it has to be asked about.

    A message that says more than yes or no decides nothing: "yes, but in blue" is no consent.
    """
    accept = whole("decision", "accept", message) is not None
    if not accept and not whole("decision", "refuse", message):
        return None
    if len(pending) == 1:
        return Understood(message, decision=Decision(pending[0], accept))
    return Understood(message, unclear=Unclear("which_pending" if pending else "nothing_pending"))
