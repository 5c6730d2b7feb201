"""Whether a turn of a conversation may be run again."""

from __future__ import annotations

from collections.abc import Collection

from graphs.conversation.history import PastExchange


class NotRepeatable(Exception):
    """The turn cannot be run again; the message says why in one line."""


def said_again(exchange: PastExchange, writes: Collection[str]) -> str:
    """What was said then. Raises NotRepeatable where one of the tools that write had a part: that happens once."""
    if any(action["tool"] in writes or action["tool"] == "decide" for action in exchange.answer.get("actions", ())):
        raise NotRepeatable("That answer did something for you, so it is not looked for again.")
    return exchange.said
