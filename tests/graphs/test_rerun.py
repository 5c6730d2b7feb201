"""A turn run again in its place: without a fact, without a limit, from what was remembered before it."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from app.conversations.store import StoredHistory
from graphs.answer import FinalAnswer
from graphs.conversation.checkpoints import sqlite
from graphs.conversation.history import UnknownThread
from graphs.conversation.rerun import NotRepeatable
from graphs.turn import Changes, Turn
from tests.support.small_shop import COATS, LIMITED
from tools.shop.database import open_database

BUDGET = "user_profile:budget_limit"


@pytest.fixture
def assistant(shop, tmp_path):
    store = shop.store(tmp_path / "shop.db")
    database = open_database(tmp_path / "said.db")
    checkpoints = sqlite(tmp_path / "memory.db")
    history = StoredHistory(database, lambda: shop.now)
    yield shop.assistant(toolbox=shop.toolbox(store), checkpoints=checkpoints, history=history)
    database.close()
    store.close()


async def _again(assistant, final: FinalAnswer, user: str, *without: str, lang="en") -> FinalAnswer:
    changes = Changes(frozenset(without))
    return await assistant.ask(await assistant.again(final.trace_id, user, lang, changes))


def _ids(final: FinalAnswer) -> list[str]:
    return [card.product_id for card in final.products]


async def test_without_a_feature_its_limit_is_gone(assistant) -> None:
    first = await assistant.ask(Turn("laptops", LIMITED, thread_id="t"))
    again = await _again(assistant, first, LIMITED, BUDGET)
    assert "laptop-1" not in _ids(first)
    assert "laptop-1" in _ids(again)
    assert BUDGET not in {item.feature for item in again.filters.honoured}
    assert next(feature for feature in again.features if feature.name == BUDGET).status == "missing"


@pytest.mark.parametrize("name", ["price", "price lte"])
async def test_a_stated_limit_is_set_aside_and_told(assistant, name: str) -> None:
    first = await assistant.ask(Turn("winter coats under $200", COATS, thread_id="t"))
    again = await _again(assistant, first, COATS, name)
    assert set(_ids(first)) < set(_ids(again))
    assert [item.field for item in first.filters.honoured if item.origin == "stated"] == ["price"]
    (aside,) = [item for item in again.filters.dropped if item.origin == "stated"]
    assert aside.field == "price"
    assert aside.set_aside
    assert aside.reason.endswith("you set it aside")


async def test_another_limit_of_that_field_stays(assistant) -> None:
    first = await assistant.ask(Turn("winter coats from $160 to $300", COATS, thread_id="t"))
    again = await _again(assistant, first, COATS, "price gte")
    assert [item.op for item in again.filters.honoured if item.field == "price"] == ["lte"]
    assert "coat-3" in _ids(again)
    assert "coat-1" not in _ids(again)


async def test_it_takes_the_place_of_the_answer_before(assistant) -> None:
    first = await assistant.ask(Turn("winter coats under $200", COATS, thread_id="t"))
    again = await _again(assistant, first, COATS, "price")
    (kept,) = await assistant.exchanges("t", COATS)
    assert (kept.run_id, kept.said) == (again.trace_id, "winter coats under $200")
    with pytest.raises(UnknownThread):
        await assistant.again(first.trace_id, COATS, "en", Changes())


async def test_a_follow_up_means_what_it_meant_however_often_it_is_run(assistant) -> None:
    await assistant.ask(Turn("winter coats", COATS, thread_id="t"))
    cheaper = await assistant.ask(Turn("under $200", COATS, thread_id="t"))
    again = await _again(assistant, cheaper, COATS)
    once_more = await _again(assistant, again, COATS)
    assert _ids(cheaper) == _ids(again) == _ids(once_more) == ["coat-3"]
    after = await _again(assistant, once_more, COATS, "price")
    assert set(_ids(after)) == {"coat-1", "coat-2", "coat-3"}


async def test_the_first_turn_remembers_nothing_however_often_it_is_run(assistant) -> None:
    first = await assistant.ask(Turn("winter coats", COATS, thread_id="t"))
    again = await _again(assistant, first, COATS)
    turn = await assistant.again(again.trace_id, COATS, "en", Changes())
    assert turn.memory == {}


async def test_what_follows_builds_on_the_answer_that_stands(assistant) -> None:
    first = await assistant.ask(Turn("winter coats under $200", COATS, thread_id="t"))
    again = await _again(assistant, first, COATS, "price")
    second = await assistant.ask(Turn("the second one", COATS, thread_id="t"))
    assert _ids(second) == [_ids(again)[1]]


async def test_only_ones_own_latest_answer_is_run_again(assistant) -> None:
    first = await assistant.ask(Turn("winter coats", COATS, thread_id="t"))
    with pytest.raises(UnknownThread):
        await assistant.again(first.trace_id, LIMITED, "en", Changes())
    await assistant.ask(Turn("laptops", COATS, thread_id="t"))
    with pytest.raises(NotRepeatable, match="Only the latest"):
        await assistant.again(first.trace_id, COATS, "en", Changes())


async def test_of_two_devices_that_run_it_again_at_once_the_second_is_refused(assistant) -> None:
    first = await assistant.ask(Turn("winter coats", COATS, thread_id="t"))
    turns = [await assistant.again(first.trace_id, COATS, "en", Changes()) for _ in range(2)]
    outcomes = await asyncio.gather(*map(assistant.ask, turns), return_exceptions=True)
    assert sorted(type(each).__name__ for each in outcomes) == ["FinalAnswer", "NotRepeatable"]
    (kept,) = await assistant.exchanges("t", COATS)
    assert kept.run_id in {each.trace_id for each in outcomes if isinstance(each, FinalAnswer)}


async def test_what_did_something_happens_once(assistant) -> None:
    await assistant.ask(Turn("running socks", COATS, thread_id="t"))
    added = await assistant.ask(Turn("add the first one to my cart", COATS, thread_id="t"))
    assert [action.status for action in added.actions] == ["done"]
    with pytest.raises(NotRepeatable, match="did something"):
        await assistant.again(added.trace_id, COATS, "en", Changes())


async def test_given_values_count_as_known(assistant) -> None:
    turn = Turn("laptops", COATS, thread_id="t")
    stored = await assistant.ask(turn)
    given = await assistant.ask(replace(turn, thread_id="u", changes=Changes(values={BUDGET: 500.0})))
    assert "laptop-1" in _ids(stored)
    assert "laptop-1" not in _ids(given)
    assert [item.feature for item in given.filters.honoured if item.origin == "declared"] == [BUDGET]
