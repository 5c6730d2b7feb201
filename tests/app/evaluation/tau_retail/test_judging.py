from __future__ import annotations

from typing import Any

import pytest

from app.evaluation.tau_retail.conversation import Conversation, Failure
from app.evaluation.tau_retail.dataset import Task
from app.evaluation.tau_retail.judging import judged, of_another

NOTHING: dict[str, dict[str, Any]] = {"orders": {}, "users": {}}
CANCELLED: dict[str, dict[str, Any]] = {"orders": {"#W1": {"status": "cancelled"}}, "users": {}}


def task(final: dict[str, dict[str, Any]], *outputs: str) -> Task:
    return Task("mina_1", (), final, "You are Mina.", outputs)


@pytest.mark.parametrize(
    ("said", "output"),
    [
        (["Nothing.", "That is $1,093.34 in all."], "1093.34"),
        (["That is $1093.34."], "1,093.34"),
        (["It went to GRETA's card."], "greta"),
    ],
)
def test_commas_and_case_do_not_hide_what_was_said(said: list[str], output: str) -> None:
    assert judged(Conversation(said, CANCELLED), task(CANCELLED, output)) is None


def test_all_that_was_not_said_is_named() -> None:
    found = judged(Conversation(["It is 12 now,", "and 34 then."], CANCELLED), task(CANCELLED, "12", "1234", "56"))
    assert found == Failure("output", "never said: 1234, 56")


def test_a_wrong_state_weighs_more_than_silence_and_an_open_end_more_than_both() -> None:
    asked = task(CANCELLED, "12")
    assert judged(Conversation([], NOTHING), asked) == Failure("agent", "not as it should be: #W1")
    broken = Failure("simulator", "no stop after 3 turns")
    assert judged(Conversation([], NOTHING, broken), asked) == broken
    assert judged(Conversation(["12"], CANCELLED, broken), asked) == broken


def test_the_next_task_that_ends_otherwise_lends_its_final() -> None:
    first, second, third = tasks = [task(CANCELLED, "12"), task(NOTHING), task(NOTHING, "56")]

    other = of_another(first, tasks)
    assert other is not None
    assert (other.final, other.outputs) == (NOTHING, ("12",))
    for each in (second, third):
        other = of_another(each, tasks)
        assert other is not None
        assert other.final == CANCELLED
    assert of_another(second, [second, third]) is None
