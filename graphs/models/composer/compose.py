"""From a turn to the sentences of its answer."""

from __future__ import annotations

from graphs.models.composer.documents import answers, document_answer, no_answer
from graphs.models.composer.products import compare_answer, match_answer, nearest_answer, open_answer
from graphs.models.composer.turn import ComposerTurn

# Said by every product it concerns, or by whoever shows which model answered.
_NOT_SPOKEN = frozenset({"price_to_confirm", "composer"})


def compose(turn: ComposerTurn) -> list[str]:
    """Notices first, then the answer; deterministic."""
    notices = [turn.phrases.notice(key) for key in turn.context.notices if key not in _NOT_SPOKEN]
    return [*notices, *_answer(turn)]


def _answer(turn: ComposerTurn) -> list[str]:
    intent = turn.reading.intent
    if turn.reading.courtesy:
        return [turn.phrases.say(turn.reading.courtesy), turn.phrases.say("suggest")]
    if intent == "policy":
        return document_answer(turn)
    if not turn.products:
        return _without_products(turn)
    match intent:
        case "open":
            return open_answer(turn)
        case "compare":
            return compare_answer(turn)
        case _:
            return match_answer(turn)


def _without_products(turn: ComposerTurn) -> list[str]:
    if turn.nearest:
        return nearest_answer(turn)
    if answers(turn):
        return document_answer(turn)
    if "no_match" in turn.context.notices:
        return [turn.phrases.say("try_wider")]
    return no_answer(turn)
