"""The list in view once more, without another search."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from retrievers.records import Reading, SortBy
from tests.graphs.conversation.conftest import Conversation

IN_VIEW = ("h1", "h2", "h3", "h4", "h5")
UP, DOWN = SortBy("price"), SortBy("price", descending=True)
RATED = SortBy("rating", descending=True)
LIGHT, HEAVY = SortBy("attribute:weight_g"), SortBy("attribute:weight_g", descending=True)


def _again(talk: Conversation, message: str) -> Reading:
    reading = talk.say(message).reading
    assert reading is not None
    assert reading.again, message
    assert [(item.field, item.value) for item in reading.limits] == [("price", 200.0)]
    return reading


@pytest.mark.parametrize(
    ("message", "sort"),
    [
        ("sort them by price", UP), ("cheapest first", UP), ("by price", UP),
        ("can you sort these by price please", UP),
        ("sort by price, low to high", UP), ("low to high", UP), ("from cheapest to most expensive", UP),
        ("most expensive first", DOWN), ("sort by price descending", DOWN), ("high to low", DOWN),
        ("from the most expensive to the cheapest", DOWN),
        ("order by rating", RATED), ("best rated first", RATED), ("rank them by reviews", RATED),
        ("list them from best to worst", RATED),
        ("sort the headphones by rating", RATED),
        ("lightest first", LIGHT), ("put the lightest ones first", LIGHT), ("sort by weight", LIGHT),
        ("heaviest first", HEAVY), ("sort by weight, highest first", HEAVY),
        ("sort by popularity", SortBy("popularity", descending=True)),
        ("가격순으로 정렬해줘", UP), ("싼 순서대로 보여줘", UP), ("비싼 것부터", DOWN), ("평점 높은 순으로", RATED),
        ("가벼운 순으로", LIGHT), ("무거운 순", HEAVY),
    ],
)  # fmt: skip
def test_another_order(headphones: Conversation, message: str, sort: SortBy) -> None:
    reading = _again(headphones, message)
    assert (reading.only, reading.sort) == (IN_VIEW, sort)


def test_a_list_is_sorted_though_one_of_it_was_looked_at(second: Conversation) -> None:
    assert _again(second, "cheapest first").only == IN_VIEW


@pytest.mark.parametrize("message", ["reverse the order", "the other way round", "거꾸로"])
def test_the_other_way_round(headphones: Conversation, message: str) -> None:
    reading = _again(headphones, message)
    assert (reading.only, reading.sort) == (IN_VIEW[::-1], None)


@pytest.mark.parametrize(
    ("message", "kept"),
    [("just one", 1), ("only three", 3), ("only show me two", 2), ("two is enough", 2), ("just the best one", 1),
     ("only your top pick", 1), ("first four only", 4), ("just one good one", 1), ("하나만", 1), ("처음 세 개만", 3)],
)  # fmt: skip
def test_only_the_first_of_it(headphones: Conversation, message: str, kept: int) -> None:
    assert _again(headphones, message).only == IN_VIEW[:kept]


@pytest.mark.parametrize(
    ("message", "chosen"),
    [
        ("the two cheapest", ("h4", "h3")),
        ("the 2 best rated", ("h5", "h2")),
        ("how about the cheapest two?", ("h4", "h3")),
        ("제일 싼 거 두 개만", ("h4", "h3")),
    ],
)
def test_some_of_it_by_what_they_are(headphones: Conversation, message: str, chosen: tuple[str, ...]) -> None:
    assert _again(headphones, message).only == chosen


@pytest.mark.parametrize(
    "message",
    ["what did I ask for?", "what was my budget again?", "what's my price limit", "내 예산이 얼마였지?",
     "내가 뭘 찾고 있었지?"],
)  # fmt: skip
def test_what_was_asked_for(headphones: Conversation, message: str) -> None:
    assert _again(headphones, message).only == IN_VIEW


def test_without_a_price_said_the_saved_budget_is_meant(headphones: Conversation) -> None:
    call = headphones.searched("jackets", "j0", "j1").say("what was my budget again?").call
    assert call is not None
    assert call.tool == "view_preferences"


@pytest.mark.parametrize("message", ["cheapest first", "just one", "reverse the order"])
def test_with_nothing_in_view_there_is_nothing_to_arrange(talk: Callable[[], Conversation], message: str) -> None:
    reading = talk().say(message).reading
    assert reading is None or not reading.again


@pytest.mark.parametrize("message", ["jackets sorted by price", "only two jackets", "cheapest laptops first"])
def test_another_kind_of_thing_is_searched_for(headphones: Conversation, message: str) -> None:
    reading = headphones.say(message).reading
    assert reading is not None
    assert (reading.again, reading.only) == (False, ())


def test_what_follows_goes_on_from_the_new_order(headphones: Conversation) -> None:
    sorted_ = headphones.then("cheapest first", "h4", "h3", "h2", "h1", "h5")
    reading = sorted_.say("tell me about the first one").reading
    assert reading is not None
    assert reading.only == ("h4",)
    cheaper = sorted_.say("cheaper").reading
    assert cheaper is not None
    assert [(item.field, item.value) for item in cheaper.limits] == [("price", 44.99)]
