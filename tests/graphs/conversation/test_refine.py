"""Follow-ups that change the search before them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.graphs.conversation.conftest import Conversation

Limits = set[tuple[str, str, object]]
BUDGET = ("price", "lte", 200.0)


def _limits(talk: Conversation, message: str) -> Limits:
    reading = talk.say(message).reading
    assert reading is not None, message
    assert reading.head == "headphon", message
    assert all(item.origin == "stated" for item in reading.limits)
    return {(item.field, item.op, item.value) for item in reading.limits}


@pytest.mark.parametrize(
    "message",
    [
        "cheaper", "Cheaper?", "something cheaper", "anything cheaper?", "cheaper ones", "do you have cheaper ones?",
        "show me cheaper ones", "a bit cheaper please", "less expensive", "something less expensive",
        "more affordable",
        "too expensive", "that's too expensive", "they're all too expensive", "cheaper please",
        "got anything cheaper?",
        "ok, but cheaper", "hmm, too pricey", "not so expensive", "cheaper headphones",
        "do you have anything cheaper",
        "is there a cheaper one?", "lower prices", "no, cheaper",
        "더 싼 거", "더 싼 거 있어?", "더 싼 거 있어요?", "더 저렴한 거 보여줘", "좀 더 저렴한 걸로", "너무 비싸요",
        "너무 비싸", "비싸네요",
        "더 저렴한 제품 있나요?", "조금 더 싼 거", "훨씬 더 싼 걸로 보여주세요",
    ],
)  # fmt: skip
def test_cheaper_is_below_the_cheapest_in_view(headphones: Conversation, message: str) -> None:
    assert _limits(headphones, message) == {("price", "lte", 44.99)}


@pytest.mark.parametrize("message", ["cheaper", "too expensive", "anything cheaper than that?", "더 싼 거 있어?"])
def test_cheaper_is_below_the_one_looked_at(second: Conversation, message: str) -> None:
    assert _limits(second, message) == {("price", "lte", 79.99)}


@pytest.mark.parametrize(
    "message",
    [
        "cheaper than the third",
        "anything cheaper than the third one?",
        "less expensive than #3",
        "세 번째 거보다 싼 거",
    ],
)
def test_cheaper_than_one_that_is_named(headphones: Conversation, message: str) -> None:
    assert _limits(headphones, message) == {("price", "lte", 59.99)}


@pytest.mark.parametrize(
    "message",
    ["better rated", "something better rated", "higher rated ones", "with better reviews", "anything better?",
     "평점 더 높은 거", "더 평점 좋은 거", "평점이 더 높은 걸로", "더 좋은 거"],
)  # fmt: skip
def test_better_rated(headphones: Conversation, second: Conversation, message: str) -> None:
    reading = second.say(message).reading
    assert reading is not None
    assert reading.sort is not None
    assert (reading.sort.field, reading.sort.descending) == ("rating", True)
    assert ("rating", "gte", 4.61) in {(item.field, item.op, item.value) for item in reading.limits}


def test_of_several_the_best_rated_come_first(headphones: Conversation) -> None:
    reading = headphones.say("better rated").reading
    assert reading is not None
    assert reading.sort is not None
    assert reading.sort.field == "rating"
    assert {item.field for item in reading.limits} == {"price"}


@pytest.mark.parametrize(
    "message", ["lighter", "lighter ones", "something lighter", "too heavy", "더 가벼운 거", "너무 무거워요"]
)
def test_lighter_than_the_lightest(headphones: Conversation, message: str) -> None:
    reading = headphones.say(message).reading
    assert reading is not None
    assert reading.sort is not None
    assert (reading.sort.field, reading.sort.descending) == ("attribute:weight_g", False)
    assert ("attribute:weight_g", "lte", 179.9) in {(item.field, item.op, item.value) for item in reading.limits}


@pytest.mark.parametrize(
    ("message", "added"),
    [
        ("in blue", ("colour", "in", ("blue",))),
        ("in blue please", ("colour", "in", ("blue",))),
        ("blue ones", ("colour", "in", ("blue",))),
        ("only blue ones", ("colour", "in", ("blue",))),
        ("do you have them in blue?", ("colour", "in", ("blue",))),
        ("what about in blue?", ("colour", "in", ("blue",))),
        ("make it blue", ("colour", "in", ("blue",))),
        ("blue", ("colour", "in", ("blue",))),
        ("blue instead", ("colour", "in", ("blue",))),
        ("and in black?", ("colour", "in", ("black",))),
        ("in leather", ("material", "in", ("leather",))),
        ("not leather", ("material", "not_in", ("leather",))),
        ("no leather", ("material", "not_in", ("leather",))),
        ("without leather", ("material", "not_in", ("leather",))),
        ("but not leather", ("material", "not_in", ("leather",))),
        ("not in black", ("colour", "not_in", ("black",))),
        ("from Lyra", ("brand", "in", ("lyra",))),
        ("only from Lyra", ("brand", "in", ("lyra",))),
        ("by Lyra", ("brand", "in", ("lyra",))),
        ("Lyra", ("brand", "in", ("lyra",))),
        ("how about Lyra?", ("brand", "in", ("lyra",))),
        ("just Lyra please", ("brand", "in", ("lyra",))),
        ("not from Tonhaus", ("brand", "not_in", ("tonhaus",))),
        ("no Tonhaus", ("brand", "not_in", ("tonhaus",))),
        ("anything but Tonhaus", ("brand", "not_in", ("tonhaus",))),
        ("waterproof", ("attribute:waterproof", "in", "yes")),
        ("waterproof ones", ("attribute:waterproof", "in", "yes")),
        ("at least 4 stars", ("rating", "gte", 4.0)),
        ("rated at least 4", ("rating", "gte", 4.0)),
        ("under 250 g", ("attribute:weight_g", "lte", 250.0)),
        ("over $100", ("price", "gte", 100.0)),
        ("only in stock", ("stock", "gte", 1)),
        ("in stock only", ("stock", "gte", 1)),
        ("only what's in stock", ("stock", "gte", 1)),
        ("파란색으로", ("colour", "in", ("blue",))),
        ("파란 거 있어?", ("colour", "in", ("blue",))),
        ("검은색으로 보여줘", ("colour", "in", ("black",))),
        ("가죽 말고", ("material", "not_in", ("leather",))),
        ("가죽 빼고", ("material", "not_in", ("leather",))),
        ("Lyra 걸로", ("brand", "in", ("lyra",))),
        ("Tonhaus 말고", ("brand", "not_in", ("tonhaus",))),
        ("평점 4점 이상", ("rating", "gte", 4.0)),
        ("재고 있는 것만", ("stock", "gte", 1)),
    ],
)  # fmt: skip
def test_a_further_wish_keeps_the_earlier_ones(
    headphones: Conversation, message: str, added: tuple[str, str, object]
) -> None:
    assert _limits(headphones, message) == {BUDGET, added}


@pytest.mark.parametrize(
    "message",
    ["under 50 instead", "under 50", "under $50", "max 50", "less than 50 dollars", "make it under 50", "50 max",
     "actually under 50", "no more than $50", "up to 50", "show me something under $50", "ok, under 50 then",
     "50달러 이하로", "50달러 이하", "50달러까지", "50달러 미만으로 보여줘"],
)  # fmt: skip
def test_the_same_field_is_replaced(headphones: Conversation, message: str) -> None:
    assert _limits(headphones, message) == {("price", "lte", 50.0)}


def test_one_end_of_a_range_leaves_the_other_unless_they_contradict(talk) -> None:  # type: ignore[no-untyped-def]
    ranged = talk().searched("headphones between $50 and $200", "h1", "h2")
    assert _limits(ranged, "under 150") == {("price", "gte", 50.0), ("price", "lte", 150.0)}
    assert _limits(ranged, "under 150 instead") == {("price", "lte", 150.0)}
    assert _limits(ranged, "under 40") == {("price", "lte", 40.0)}


@pytest.mark.parametrize(
    "message",
    ["any brand", "any brand is fine", "without the brand limit", "remove the brand filter", "drop the brand limit",
     "brand doesn't matter", "the brand does not matter", "I don't care about the brand", "no brand preference",
     "forget about the brand", "브랜드 상관없어", "브랜드는 상관없어요", "브랜드 제한 빼줘", "아무 브랜드나",
     "브랜드 조건 없애줘"],
)  # fmt: skip
def test_a_limit_is_dropped(talk, message: str) -> None:  # type: ignore[no-untyped-def]
    lyra = talk().searched("blue headphones from Lyra under $200", "h2")
    assert _limits(lyra, message) == {BUDGET, ("colour", "in", ("blue",))}
    reading = lyra.say(message).reading
    assert reading is not None
    assert "Lyra" not in reading.terms


@pytest.mark.parametrize("message", ["any price", "price doesn't matter", "without the price limit",
                                     "money is no object",
                                     "가격 상관없어", "가격 제한 없이"])  # fmt: skip
def test_the_price_is_dropped(headphones: Conversation, message: str) -> None:
    assert _limits(headphones, message) == set()


@pytest.mark.parametrize("message", ["without any filters", "remove all the filters", "조건 다 빼줘"])
def test_all_limits_are_dropped(headphones: Conversation, message: str) -> None:
    assert _limits(headphones.then("in blue", "h2"), message) == set()


@pytest.mark.parametrize("message", ["leather is fine", "leather is ok after all", "가죽도 괜찮아요"])
def test_what_was_ruled_out_may_come_back(headphones: Conversation, message: str) -> None:
    assert _limits(headphones.then("not leather", "h2"), message) == {BUDGET}


@pytest.mark.parametrize("message", ["or red", "also in red", "red too? or red"])
def test_a_choice_is_widened(headphones: Conversation, message: str) -> None:
    assert _limits(headphones.then("in blue", "h2"), message) == {BUDGET, ("colour", "in", ("blue", "red"))}


def test_what_is_wanted_replaces_what_was(headphones: Conversation) -> None:
    blue = headphones.then("in blue", "h2")
    assert _limits(blue, "in red") == {BUDGET, ("colour", "in", ("red",))}
    reading = blue.say("in red").reading
    assert reading is not None
    assert reading.terms.split() == ["headphones", "red"]
    assert {item.reason for item in reading.limits} == {"said earlier", "red"}


@pytest.mark.parametrize(
    "message",
    ["show me more", "more", "more please", "others?", "any others?", "anything else?", "what else do you have?",
     "other options", "show me others", "different ones", "more options", "show me some other ones", "next",
     "none of these", "I don't like any of these", "more headphones", "show me more headphones", "more like these",
     "다른 거 보여줘", "다른 거", "더 보여줘", "더 보여주세요", "또 뭐 있어?", "이거 말고 다른 거",
     "다른 제품 있어요?"],
)  # fmt: skip
def test_more_leaves_out_what_was_shown(headphones: Conversation, message: str) -> None:
    reading = headphones.say(message).reading
    assert reading is not None
    assert reading.without == ("h1", "h2", "h3", "h4", "h5")
    assert _limits(headphones, message) == {BUDGET}


def test_more_and_more_again(headphones: Conversation) -> None:
    reading = headphones.then("more in blue", "s0").say("more").reading
    assert reading is not None
    assert reading.without == ("h1", "h2", "h3", "h4", "h5", "s0")
    assert ("colour", "in", ("blue",)) in {(item.field, item.op, item.value) for item in reading.limits}


@pytest.mark.parametrize(
    ("message", "field", "descending"),
    [
        ("cheapest first", "price", False),
        ("show me the cheapest", "price", False),
        ("sort by price", "price", False),
        ("best rated first", "rating", True),
        ("sort by rating", "rating", True),
        ("제일 싼 거 보여줘", "price", False),
        ("가격순으로 보여줘", "price", False),
        ("평점순으로", "rating", True),
    ],
)
def test_in_another_order(headphones: Conversation, message: str, field: str, descending: bool) -> None:
    reading = headphones.say(message).reading
    assert reading is not None
    assert reading.sort is not None
    assert (reading.sort.field, reading.sort.descending) == (field, descending)
    assert _limits(headphones, message) == {BUDGET}


@pytest.mark.parametrize("message", ["and for my wife?", "for my wife", "what about for my wife?", "it's for my wife"])
def test_for_somebody_else(headphones: Conversation, message: str) -> None:
    reading = headphones.say(message).reading
    assert reading is not None
    assert (reading.head, reading.recipient) == ("headphon", "wife")


def test_words_the_shop_has_no_name_for_join_the_search(headphones: Conversation) -> None:
    reading = headphones.say("with a long cable").reading
    assert reading is not None
    assert reading.terms.split() == ["headphones", "long", "cable"]


@pytest.mark.parametrize(
    "message",
    ["laptops under 600", "jackets", "show me jackets", "blue jackets", "what about jackets?", "and jackets?",
     "cheaper laptops", "more laptops", "what should I buy?", "recommend me something", "gift for my wife", "drone",
     "running shoes for my wife", "headphones under $50", "blue headphones", "laptop with 16 GB memory",
     "is it worth buying a laptop?", "I need a laptop", "how long does shipping take?", "what is your return policy?",
     "hello", "thanks", "surprise me", "first aid kit", "last minute gift ideas", "second hand laptop",
     "something for camping", "compare Orbita Vale laptop 1 and Orbita Vale laptop 2",
     "노트북 추천해줘", "600달러 이하 노트북", "자켓은?", "뭐 살까?", "아내 선물 추천해줘", "반품 정책이 뭐예요?",
     "안녕하세요"],
)  # fmt: skip
def test_what_stands_on_its_own_takes_nothing_from_before(headphones: Conversation, talk, message: str) -> None:  # type: ignore[no-untyped-def]
    blue = headphones.then("in blue", "h2")
    alone = talk().say(message)
    assert alone.reading is not None
    assert blue.say(message) == alone


@pytest.mark.parametrize(
    "message",
    ["laptops with the same budget", "what about laptops for the same price?", "and laptops within the same budget?",
     "같은 예산으로 노트북"],
)  # fmt: skip
def test_only_a_budget_said_to_be_the_same_is_kept(headphones: Conversation, message: str) -> None:
    reading = headphones.then("in blue", "h2").say(message).reading
    assert reading is not None
    assert reading.head == "laptop"
    assert [(item.field, item.op, item.value) for item in reading.limits] == [BUDGET]


@pytest.mark.parametrize(
    "message", ["cheaper", "something cheaper?", "show me more", "anything else?", "더 싼 거", "다른 거"]
)
def test_with_nothing_before_it_is_asked(talk, message: str) -> None:  # type: ignore[no-untyped-def]
    unclear = talk().say(message).unclear
    assert unclear is not None
    assert unclear.code == "no_earlier_products"


@pytest.mark.parametrize(
    ("message", "limit"),
    [
        ("it should be wireless", ("attribute:wireless", "in", "yes")),
        ("they must be wireless", ("attribute:wireless", "in", "yes")),
        ("the headphones have to be wireless", ("attribute:wireless", "in", "yes")),
        ("must be wireless", ("attribute:wireless", "in", "yes")),
        ("make sure they are wireless", ("attribute:wireless", "in", "yes")),
        ("they should come in black", ("colour", "in", ("black",))),
        ("I want it in black", ("colour", "in", ("black",))),
        ("it has to be black", ("colour", "in", ("black",))),
        ("it shouldn't be leather", ("material", "not_in", ("leather",))),
        ("they must not be leather", ("material", "not_in", ("leather",))),
        ("방수여야 해", ("attribute:waterproof", "in", "yes")),
        ("검은색이어야 해요", ("colour", "in", ("black",))),
    ],
)
def test_a_demand_joins_the_limits(headphones: Conversation, message: str, limit: tuple[str, str, object]) -> None:
    assert _limits(headphones, message) == {BUDGET, limit}


@pytest.mark.parametrize("message", ["it should be wireless", "they must be black"])
def test_a_demand_behind_one_looked_at_is_made_of_the_search(second: Conversation, message: str) -> None:
    reading = second.say(message).reading
    assert reading is not None
    assert reading.only == ()


@pytest.mark.parametrize(
    "message",
    ["it doesn't have to be wireless", "I don't need wireless after all", "wireless isn't important",
     "forget the wireless requirement"],
)  # fmt: skip
def test_a_demand_is_taken_back(headphones: Conversation, message: str) -> None:
    narrowed = headphones.then("it should be wireless", "h1", "h2", "h5")
    assert _limits(narrowed, message) == {BUDGET}


def test_a_kind_of_thing_is_ruled_out(talk: Callable[[], Conversation]) -> None:
    reading = talk().searched("something warm", "j0", "s1").say("no, not a jacket").reading
    assert reading is not None
    assert [(item.field, item.op, item.value) for item in reading.limits] == [("head", "not_in", ("jacket",))]


def test_what_is_joined_by_and_goes_on_though_no_shop_has_a_name_for_it(headphones: Conversation) -> None:
    reading = headphones.say("and sweat proof").reading
    assert reading is not None
    assert (reading.head, reading.terms) == ("headphon", "headphones sweat proof")


def test_words_of_limits_do_not_pile_up_in_what_is_searched_for(headphones: Conversation) -> None:
    """A question put into words names the attribute of a figure; read again, it would be searched for."""
    first = headphones.then("at most 250 g", "h1", "h2").say("in black").reading
    assert first is not None
    assert "weight" not in first.terms.split()


def test_a_figure_bounds_more_exactly_than_what_is_in_view(headphones: Conversation) -> None:
    reading = headphones.say("lighter than 200 g").reading
    assert reading is not None
    assert [(i.field, i.op, i.value) for i in reading.limits if i.field != "price"] == [
        ("attribute:weight_g", "lte", 200.0)
    ]
