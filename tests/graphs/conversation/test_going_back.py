"""Starting over, and going back."""

from __future__ import annotations

import pytest

from tests.graphs.conversation.conftest import Conversation


@pytest.mark.parametrize(
    "message",
    ["start over", "let's start over", "start again", "new search", "can we start over?", "reset", "forget all that",
     "from scratch",
     "처음부터 다시", "다시 시작할게요", "새로 시작하자", "초기화"],
)  # fmt: skip
def test_starting_over_greets_and_forgets(headphones: Conversation, message: str) -> None:
    reading = headphones.say(message).reading
    assert reading is not None
    assert reading.courtesy == "greeting"
    after = headphones.then(message)
    unclear = after.say("cheaper").unclear
    assert unclear is not None
    assert unclear.code == "no_earlier_products"


def test_starting_over_with_something_else(headphones: Conversation) -> None:
    reading = headphones.say("start over, show me blue jackets").reading
    assert reading is not None
    assert (reading.head, [item.field for item in reading.limits]) == ("jacket", ["colour"])
    cheaper = headphones.then("start over, show me blue jackets", "j0", "j2").say("cheaper").reading
    assert cheaper is not None
    assert [item.value for item in cheaper.limits if item.field == "price"] == [89.99]


FIRST = [
    "go back to the first", "back to the first list", "go back to the first results", "back to the beginning",
    "처음으로 돌아가", "처음 목록으로 돌아가줘",
]  # fmt: skip


@pytest.mark.parametrize("message", FIRST)
def test_the_first_of_several_lists(headphones: Conversation, message: str) -> None:
    later = headphones.then("in blue", "h2").searched("jackets", "j0", "j1")
    reading = later.say(message).reading
    assert reading is not None
    assert (reading.head, [(i.field, i.value) for i in reading.limits]) == ("headphon", [("price", 200.0)])


@pytest.mark.parametrize("message", FIRST)
def test_the_first_product_of_the_only_list(headphones: Conversation, message: str) -> None:
    reading = headphones.looked_at("h3").say(message).reading
    assert reading is not None
    assert reading.only == ("h1",)


@pytest.mark.parametrize(
    "message",
    ["go back", "take me back", "go back to the previous results", "previous list", "이전으로 돌아가줘", "뒤로"],
)
def test_the_list_before(headphones: Conversation, message: str) -> None:
    reading = headphones.then("in blue", "h2").looked_at("h2").say(message).reading
    assert reading is not None
    assert [(item.field, item.value) for item in reading.limits] == [("price", 200.0)]


@pytest.mark.parametrize("message", ["back to the headphones", "go back to the headphones", "헤드폰으로 돌아가줘"])
def test_the_last_search_for_a_kind(headphones: Conversation, message: str) -> None:
    reading = headphones.then("in blue", "h2").searched("jackets", "j0", "j1").say(message).reading
    assert reading is not None
    assert {(item.field, item.value) for item in reading.limits} == {("price", 200.0), ("colour", ("blue",))}


@pytest.mark.parametrize("message", ["go back", "go back to the first", "처음으로 돌아가"])
def test_nothing_to_go_back_to(talk, message: str) -> None:  # type: ignore[no-untyped-def]
    unclear = talk().say(message).unclear
    assert unclear is not None
    assert unclear.code == "no_earlier_products"
