"""A shop that is told of an experiment answers each shopper as the arm has it; a measurement does not."""

from __future__ import annotations

import pytest

from app.conversations.exposures import exposures
from app.evaluation.online.arms import read_experiment
from app.evaluation.online.attribution import attributed
from app.evaluation.online.logs import Exposure
from app.runtime import open_shop
from app.streaming.log import EventLog
from graphs.turn import Turn
from tests.support.opened_shop import unhurried
from tests.support.small_shop import LIMITED
from tools.records import Decision, ToolCall

BUDGET = "user_profile:budget_limit"
ARMS = f"""
name = "no budget"
control = "as ever"
[arms."as ever"]
weight = 0.000000001
[arms."no budget"]
without = ["{BUDGET}"]
"""


@pytest.mark.parametrize(("traced", "limited"), [(True, False), (False, True)])
async def test_answers_go_without_what_the_arm_goes_without(shop, tmp_path, traced, limited) -> None:
    (tmp_path / "arms.toml").write_text(ARMS)
    assert read_experiment(tmp_path / "arms.toml").arm_of(LIMITED) == "no budget"
    given = {"arms": tmp_path / "arms.toml", "traces": False}
    with open_shop(unhurried(shop.data).model_copy(update=given), traced=traced) as opened:
        final = await opened.ask_once(Turn("what should I buy?", LIMITED))
    told = {feature.name: feature.status for feature in final.features}
    assert (told[BUDGET] != "missing") is limited
    assert any(item.feature == BUDGET for item in final.filters.honoured) is limited


async def test_from_shown_to_bought_is_followed_by_what_the_log_says_alone(shop, tmp_path) -> None:
    """Shown in an arm, put into the cart from its card, bought in a later turn: nothing has to be guessed."""
    (tmp_path / "arms.toml").write_text(ARMS)
    given = {"arms": tmp_path / "arms.toml", "traces": False}
    who = "follower"
    with open_shop(unhurried(shop.data).model_copy(update=given), traced=True) as opened:
        first = await opened.ask_once(Turn("winter coat", who))
        bought = first.products[0].product_id
        put = ToolCall("add_to_cart", {"item_id": bought})
        added = await opened.assistant.use(put, who, "en", None, first.trace_id)
        assert added.status == "done"
        later = await opened.ask_once(Turn("show me winter coats again", who))
        assert bought in {product.product_id for product in later.products}  # by time alone it would be this answer
        asked = await opened.ask_once(Turn("place my order", who, thread_id=later.thread_id))
        (proposed,) = (action for action in asked.actions if action.status == "proposed")
        word = Decision(proposed.action_id or "", accept=True)
        await opened.ask_once(Turn("", who, thread_id=later.thread_id, decision=word))
        database = opened.parts.store.database
        shown = [each for each in exposures(database, lambda _: None) if each.user_id == who]
        events = [event for event in EventLog(database).everything() if event.user_id == who]
    assert {(each.experiment, each.arm, each.recorded) for each in shown} == {("no budget", "no budget", True)}
    found = attributed([Exposure.model_validate(each.model_dump()) for each in shown], events)
    assert (found.named, found.guessed, found.orphans) == (2, 0, 0)
    (card,) = (card for card in found.cards if card.bought)
    assert (card.run_id, card.product_id, card.carted) == (first.trace_id, bought, True)
