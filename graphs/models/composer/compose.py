"""From a turn to the sentences of its answer."""

from __future__ import annotations

from graphs.models.composer.about import about_answer
from graphs.models.composer.actions import told_actions
from graphs.models.composer.asking import ask_back
from graphs.models.composer.documents import TEXTS, answers, document_answer, no_answer
from graphs.models.composer.explained import explained_answer
from graphs.models.composer.products import compare_answer, match_answer, nearest_answer, open_answer
from graphs.models.composer.turn import ComposerTurn

_NOTHING_FOUND = frozenset({"no_match", "limits_unmet"})
# Said by every product it concerns, or by whoever shows which model answered.
_NOT_SPOKEN = frozenset({"price_to_confirm", "composer"})


def compose(turn: ComposerTurn) -> list[str]:
    """Notices first, then what was done, then the answer; deterministic."""
    if turn.unclear:
        return ask_back(turn, turn.unclear)
    notices = [_notice(turn, key) for key in turn.context.notices if key not in _NOT_SPOKEN]
    told = told_actions(turn)
    if turn.reading.intent == "action":
        return [*told, *_lookups(turn)]
    return [*notices, *told, *_answer(turn)]


def _notice(turn: ComposerTurn, key: str) -> str:
    """Where more was asked for, something had matched before."""
    if key in _NOTHING_FOUND and turn.reading.without:
        return turn.phrases.say("no_more")
    return turn.phrases.notice(key)


def _lookups(turn: ComposerTurn) -> list[str]:
    """What a tool found besides its receipt."""
    if turn.of_type(*TEXTS):
        return document_answer(turn)
    return about_answer(turn) if turn.products else []


def _answer(turn: ComposerTurn) -> list[str]:
    intent = turn.reading.intent
    if turn.reading.courtesy:
        return [turn.phrases.say(turn.reading.courtesy), turn.phrases.say("suggest")]
    if intent == "policy":
        return document_answer(turn)
    if not turn.products:
        return _without_products(turn)
    match intent:
        case "product" if turn.reading.explains:
            return explained_answer(turn)
        case "product" if turn.reading.only and not turn.reading.again:
            return about_answer(turn)
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
