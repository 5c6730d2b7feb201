"""What tools did, proposed or refused, told from their receipts."""

from __future__ import annotations

from collections.abc import Iterator

from graphs.models.composer.receipts import Telling
from graphs.models.composer.turn import ComposerTurn, cite

_CART_TOOLS = ("add_to_cart", "change_cart", "remove_from_cart")


def told_actions(turn: ComposerTurn) -> list[str]:
    """The sentences of each action in turn; a proposal ends with the question that waits for the shopper's word."""
    actions = turn.sources.actions
    sentences = [text for marker, action in actions.items() for text in _told(Telling(marker, action, turn), turn)]
    proposed = any(action.status == "proposed" for action in actions.values())
    return [*sentences, turn.phrases.text("actions", "confirm")] if proposed else sentences


def _told(telling: Telling, turn: ComposerTurn) -> Iterator[str]:
    match telling.action.status:
        case "refused":
            yield refusal(telling, turn)
        case "failed":
            yield turn.phrases.text("actions", "failed")
        case _:
            yield from _main(telling, turn)
            yield from telling.money_moved()


def refusal(telling: Telling, turn: ComposerTurn) -> str:
    """Why not, and what can be done instead; a code this language has no words for is told as such."""
    table = turn.phrases.table["refused"]
    try:
        return table[str(telling.receipt.get("reason"))].format(**telling.params())
    except KeyError:
        return table["other"]


def _main(telling: Telling, turn: ComposerTurn) -> Iterator[str]:
    action, receipt = telling.action, telling.receipt
    match action.tool:
        case "view_cart":
            yield telling.cart()
        case "list_orders" if not receipt.get("orders"):
            yield telling.say("no_orders")
        case "set_preference" if receipt.get("value") is None:
            yield telling.say("set_preference_forgotten")
        case "view_preferences" if "preferences" not in telling.params():
            yield telling.say("no_preferences")
        case "reviews_digest":
            yield from _buyers(telling, turn)
        case tool if f"{tool}_{action.status}" in turn.phrases.table["actions"]:
            yield telling.say(f"{tool}_{action.status}")
    if action.tool in _CART_TOOLS:
        yield telling.cart()
    if action.tool == "place_order" and (receipt.get("payment") or {}).get("kind") == "mock":
        yield turn.phrases.text("actions", "mock_payment")


def _buyers(telling: Telling, turn: ComposerTurn) -> Iterator[str]:
    """Praise, then complaints, each quoted from the review that says it."""
    points = [*telling.receipt.get("praise", ()), *telling.receipt.get("complaints", ())]
    if not points:
        yield telling.say("no_reviews")
        return
    yield telling.say("reviews_digest_done")
    for stance, key in (("praise", "praise"), ("complaints", "complaint")):
        for point in telling.receipt.get(stance, ()):
            marker = turn.sources.evidence_marker(point["source"])
            if marker is not None:
                yield telling.say(key, quote=point["quote"].rstrip(".!?… "), cite=cite([marker]))
