"""The whole graph doing things: by the composer's routing and by a scripted model, in one conversation and in two."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
from langchain_core.language_models import BaseChatModel

from graphs.answer import FinalAnswer
from graphs.conversation.checkpoints import sqlite
from graphs.models.providers import ModelSettings, chat_model
from graphs.turn import Lang, Turn
from tests.support.openai_server import OpenAIServer
from tools.records import Decision, Session
from tools.shop.store import ShopStore

SHOPPER = "action-shopper"


@pytest.fixture
def store(shop, tmp_path) -> Iterator[ShopStore]:
    store = shop.store(tmp_path / "shop.db")
    yield store
    store.close()


class Talk:
    """One conversation of one shopper."""

    def __init__(self, assistant, thread: str = "t", user: str = SHOPPER, lang: Lang = "en") -> None:
        self.assistant, self.thread, self.user, self.lang = assistant, thread, user, lang

    async def say(self, message: str) -> FinalAnswer:
        return await self.assistant.ask(Turn(message, self.user, self.lang, self.thread))

    async def decide(self, action_id: str | None, accept: bool = True) -> FinalAnswer:
        assert action_id is not None
        return await self.assistant.ask(Turn("", self.user, self.lang, self.thread, Decision(action_id, accept)))


@pytest.fixture
def talk(shop, store) -> Talk:
    return Talk(shop.assistant(toolbox=shop.toolbox(store)))


def statuses(final: FinalAnswer) -> list[tuple[str, str]]:
    return [(action.tool, action.status) for action in final.actions]


async def orders(shop, store) -> list[dict[str, Any]]:
    found = await shop.toolbox(store).call(_call("list_orders"), Session(SHOPPER, "t", "look"))
    return list((found.action.receipt or {})["orders"])


def _call(tool: str, **arguments: Any):
    from tools.records import ToolCall

    return ToolCall(tool, arguments)


async def test_from_a_question_to_an_order(shop, store, talk: Talk) -> None:
    found = await talk.say("winter coats")
    second = found.products[1]

    added = await talk.say("add the second one to my cart")
    assert statuses(added) == [("add_to_cart", "done")]
    assert second.title in added.answer
    assert all(claim.verdict in ("supported", "not_a_claim") for claim in added.claims)
    assert any(citation.marker == "A1" for citation in added.citations)

    proposed = await talk.say("check out")
    assert statuses(proposed) == [("place_order", "proposed")]
    assert f"${second.price:,.2f}" in proposed.answer
    assert await orders(shop, store) == []

    placed = await talk.decide(proposed.actions[0].action_id)
    assert statuses(placed) == [("place_order", "done")]
    (order,) = await orders(shop, store)
    assert order["order_id"] in placed.answer
    assert (await talk.say("what's in my cart?")).actions[0].receipt["cart"]["lines"] == []


async def test_a_word_in_words_counts_and_no_leaves_everything(shop, store, talk: Talk) -> None:
    await talk.say("winter coats")
    await talk.say("add the first one to my cart")
    await talk.say("check out")
    declined = await talk.say("no")
    assert declined.actions[0].receipt["reason"] == "declined"
    assert await orders(shop, store) == []

    await talk.say("check out")
    accepted = await talk.say("yes")
    assert statuses(accepted) == [("place_order", "done")]
    assert len(await orders(shop, store)) == 1


async def test_another_question_meanwhile_leaves_the_proposal_waiting(shop, store, talk: Talk) -> None:
    await talk.say("winter coats")
    await talk.say("add the first one to my cart")
    proposed = await talk.say("check out")
    between = await talk.say("When is shipping free?")
    assert "49" in between.answer
    placed = await talk.decide(proposed.actions[0].action_id)
    assert statuses(placed) == [("place_order", "done")]


async def test_confirmed_twice_and_on_two_devices_at_once_is_one_order(shop, store, talk: Talk) -> None:
    await talk.say("winter coats")
    await talk.say("add the first one to my cart")
    action_id = (await talk.say("check out")).actions[0].action_id
    other = Talk(shop.assistant(toolbox=shop.toolbox(store)))  # as from another process: it shares only the store
    answers = await asyncio.gather(talk.decide(action_id), talk.decide(action_id), other.decide(action_id))
    again = await talk.decide(action_id)
    placed = {action.receipt["order_id"] for answer in (*answers, again) for action in answer.actions}
    assert len(placed) == 1
    assert [order["order_id"] for order in await orders(shop, store)] == list(placed)


async def test_a_conversation_goes_on_in_another_process(shop, store, tmp_path) -> None:
    def opened() -> Talk:
        checkpoints = sqlite(tmp_path / "conversations.db")
        return Talk(shop.assistant(toolbox=shop.toolbox(store), checkpoints=checkpoints))

    found = await opened().say("winter coats")
    added = await opened().say("add the last one to my cart")
    assert found.products[-1].title in added.answer
    proposed = await opened().say("check out")
    placed = await opened().decide(proposed.actions[0].action_id)
    assert statuses(placed) == [("place_order", "done")]


async def test_somebody_elses_proposal_cannot_be_decided(shop, store, talk: Talk) -> None:
    await talk.say("winter coats")
    await talk.say("add the first one to my cart")
    action_id = (await talk.say("check out")).actions[0].action_id
    stranger = Talk(talk.assistant, "elsewhere", "stranger")
    assert (await stranger.decide(action_id)).actions[0].status == "refused"
    assert await orders(shop, store) == []


async def test_events_ask_for_the_word_before_the_end(talk: Talk) -> None:
    await talk.say("winter coats")
    await talk.say("add the first one to my cart")
    turn = Turn("check out", SHOPPER, "en", "t")
    events = [event async for event in talk.assistant.stream(turn)]
    names = [name for name, _ in events]
    assert names[-2:] == ["confirm", "final"]
    asked = dict(events)["confirm"]["actions"]
    assert [action["status"] for action in asked] == ["proposed"]
    assert asked[0]["action_id"]


async def test_korean_from_search_to_order(shop, store) -> None:
    talk = Talk(shop.assistant(toolbox=shop.toolbox(store)), lang="ko")
    await talk.say("winter coats")
    added = await talk.say("첫 번째 상품을 장바구니에 담아줘")
    assert statuses(added) == [("add_to_cart", "done")]
    assert "추가했습니다" in added.answer
    proposed = await talk.say("주문할게요")
    assert statuses(proposed) == [("place_order", "proposed")]
    placed = await talk.say("네")
    assert statuses(placed) == [("place_order", "done")]
    assert placed.guard.action == "allow"


# With a model


def _model(server: OpenAIServer) -> BaseChatModel:
    model = chat_model(ModelSettings(api_key="any", base_url=server.url, model="test", timeout_s=5.0, max_retries=0))
    assert model is not None
    return model


async def test_a_model_calls_tools_and_cites_what_they_did(shop, store, openai_server: OpenAIServer) -> None:
    openai_server.call(("add_to_cart", {"item_id": "coat-3"}), ("view_cart", {})).say(
        "I have added 1 × Nordlys Everyday winter coat to your cart [A1]. I have flagged this to the team [A1]."
    )
    assistant = shop.assistant(model=_model(openai_server), toolbox=shop.toolbox(store))
    final = await assistant.ask(Turn("could the everyday coat come with me", SHOPPER, thread_id="m"))
    assert statuses(final) == [("add_to_cart", "done"), ("view_cart", "done")]
    assert final.answer == "I have added 1 × Nordlys Everyday winter coat to your cart [A1]."
    tools = {tool["function"]["name"] for tool in openai_server.requests[0]["tools"]}
    assert {"search_products", "add_to_cart", "place_order", "hand_over"} <= tools
    answers = [each for each in openai_server.requests[1]["messages"] if each["role"] == "tool"]
    assert [each["content"][:4] for each in answers] == ["[A1]", "[A2]"]


async def test_a_model_only_proposes_what_must_be_confirmed(shop, store, openai_server: OpenAIServer) -> None:
    openai_server.call(("add_to_cart", {"item_id": "coat-3"})).call(("place_order", {})).say(
        "I have placed your order [A2]. The order would be 1 × Nordlys Everyday winter coat for $150.00 [A2]. Go ahead?"
    )
    talk = Talk(shop.assistant(model=_model(openai_server), toolbox=shop.toolbox(store)), "m")
    final = await talk.say("get me the everyday coat, the usual way")
    assert statuses(final) == [("add_to_cart", "done"), ("place_order", "proposed")]
    assert "have placed" not in final.answer
    assert "would be" in final.answer
    assert await orders(shop, store) == []
    placed = await talk.decide(final.actions[1].action_id)
    assert statuses(placed) == [("place_order", "done")]


async def test_what_a_search_by_the_model_found_is_shown_and_may_be_cited(
    shop, store, openai_server: OpenAIServer
) -> None:
    searched = ("search_products", {"query": "laptop dock"})
    openai_server.call(searched).say("The Orbita Nine laptop dock costs $160.00 [9].")
    assistant = shop.assistant(model=_model(openai_server), toolbox=shop.toolbox(store))
    told = await assistant.ask(Turn("winter coats", SHOPPER, thread_id="m"))
    found = next(card for card in told.products if card.title.endswith("laptop dock"))
    assert found.price == 160.0
    marker = 1 + list(told.receipt.evidence).index("product/dock-1")
    openai_server.call(searched).say(f"The Orbita Nine laptop dock costs $160.00 [{marker}].")
    again = await shop.assistant(model=_model(openai_server), toolbox=shop.toolbox(store)).ask(
        Turn("winter coats", SHOPPER, thread_id="n")
    )
    assert again.answer == f"The Orbita Nine laptop dock costs $160.00 [{marker}]."


async def test_rounds_are_bounded_and_end_in_words(shop, store, openai_server: OpenAIServer) -> None:
    openai_server.call(("view_cart", {}))
    assistant = shop.assistant(model=_model(openai_server), toolbox=shop.toolbox(store))
    final = await assistant.ask(Turn("hmm, coats?", SHOPPER, thread_id="m"))
    assert len(openai_server.requests) == 5  # four rounds with tools and one without
    assert "tools" not in openai_server.requests[-1]
    assert final.answer


async def test_a_model_that_dies_after_a_tool_leaves_what_was_done_told(
    shop, store, openai_server: OpenAIServer
) -> None:
    openai_server.call(("add_to_cart", {"item_id": "coat-3"})).fail(503)
    final = await shop.assistant(model=_model(openai_server), toolbox=shop.toolbox(store)).ask(
        Turn("the everyday coat please, put it with my things", SHOPPER, thread_id="m")
    )
    assert final.model == "composer"
    assert statuses(final) == [("add_to_cart", "done")]
    assert "I have added 1 × Nordlys Everyday winter coat to your cart" in final.answer


async def test_nonsense_from_a_model_is_refused_and_said(shop, store, openai_server: OpenAIServer) -> None:
    openai_server.call(("add_to_cart", {"item_id": 7, "colour": "red"}), ("fly", {})).say("Sorry, that did not work.")
    final = await shop.assistant(model=_model(openai_server), toolbox=shop.toolbox(store)).ask(
        Turn("coats", SHOPPER, thread_id="m")
    )
    assert [(a.status, a.receipt["reason"]) for a in final.actions] == [
        ("refused", "invalid_arguments"),
        ("refused", "unknown_tool"),
    ]
    told = json.dumps([each for each in openai_server.requests[1]["messages"] if each["role"] == "tool"])
    assert "invalid_arguments" in told


async def test_what_is_unclear_a_model_may_understand_and_without_it_is_asked_back(
    shop, store, openai_server: OpenAIServer
) -> None:
    openai_server.call(("view_cart", {})).say("Your cart is empty [A1].")
    talk = Talk(shop.assistant(model=_model(openai_server), toolbox=shop.toolbox(store)), "u")
    understood = await talk.say("add the second one to my cart")
    assert understood.answer == "Your cart is empty [A1]."
    down = Talk(shop.assistant(toolbox=shop.toolbox(store)), "v")
    assert (await down.say("add the second one to my cart")).asks_back == "no_earlier_products"


async def test_what_is_called_by_its_name_is_told_of_and_put_into_the_cart_without_being_shown_first(
    shop, store, talk: Talk
) -> None:
    named = (await talk.say("winter coats")).products[0]
    afresh = Talk(shop.assistant(toolbox=shop.toolbox(store)), "afresh")
    told = await afresh.say(f"how is the {named.title} rated?")
    assert [card.product_id for card in told.products] == [named.product_id]
    added = await Talk(shop.assistant(toolbox=shop.toolbox(store)), "another").say(f"add the {named.title} to my cart")
    assert [(action.tool, action.arguments["item_id"]) for action in added.actions] == [
        ("add_to_cart", named.product_id)
    ]
