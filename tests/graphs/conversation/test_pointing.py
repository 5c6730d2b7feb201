"""Follow-ups about products that were shown."""

from __future__ import annotations

import pytest

from tests.graphs.conversation.conftest import Conversation
from tools.records import ToolCall


def _only(talk: Conversation, message: str) -> tuple[str, ...]:
    understood = talk.say(message)
    assert understood.reading is not None, understood
    return understood.reading.only


@pytest.mark.parametrize(
    ("message", "product_id"),
    [
        ("the first one", "h1"), ("the second one", "h2"), ("the second", "h2"), ("second one please", "h2"),
        ("the 2nd one", "h2"), ("#2", "h2"), ("number 3", "h3"), ("option 4", "h4"), ("the last one", "h5"),
        ("the last", "h5"), ("the middle one", "h3"), ("the fifth headphones", "h5"), ("show me the third", "h3"),
        ("tell me about the third one", "h3"), ("what about the second?", "h2"), ("and the last one?", "h5"),
        ("how much is the second?", "h2"), ("is the first one waterproof?", "h1"), ("is the 2nd one wireless?", "h2"),
        ("does the fourth come in navy?", "h4"),
        ("what color is the third one?", "h3"), ("how heavy is the last one?", "h5"),
        ("more details on the first", "h1"), ("is the second in stock?", "h2"),
        ("why do you recommend the first one?", "h1"),
        ("the blue one", "h2"), ("the white one", "h3"), ("is the red one waterproof?", "h4"), ("that red one", "h4"),
        ("the one in blue", "h2"), ("the Penny one", "h4"), ("the one from Penny", "h4"),
        ("how much is the white one?", "h3"),
        ("the cheapest one", "h4"), ("the cheaper one", "h4"), ("the most expensive one", "h5"),
        ("the lightest one", "h4"),
        ("the best rated one", "h5"), ("the heavier one", "h3"), ("the cheapest of those", "h4"),
        ("첫 번째 거", "h1"), ("두 번째 거 보여줘", "h2"), ("두번째", "h2"), ("2번", "h2"),
        ("3번 제품 자세히 알려줘", "h3"),
        ("마지막 거 어때?", "h5"), ("두 번째 거 얼마예요?", "h2"), ("네 번째 거 방수야?", "h4"),
        ("첫 번째 제품 무선인가요?", "h1"),
        ("그 파란 거", "h2"), ("그 중에 제일 싼 거", "h4"),
    ],
)  # fmt: skip
def test_one_of_those_in_view(headphones: Conversation, message: str, product_id: str) -> None:
    assert _only(headphones, message) == (product_id,)


@pytest.mark.parametrize(
    "message",
    [
        "is it waterproof?", "is it waterproof", "how much is it?",
        "tell me more about it",
        "does it have bluetooth?", "how heavy is it?", "what color is it?", "is that one wireless?",
        "is that wireless?",
        "what about that one?", "does it come with a case?", "can I use it in the rain?",
        "how much does it cost?", "is it in stock?",
        "how long does it last?",
        "does it work with my phone?", "who makes it?", "how much?", "tell me more", "price?",
        "how much are those headphones?", "are they waterproof?", "is this the lightest?", "will it fit my head?",
        "이거 방수야?", "이거 방수 되나요?", "그거 얼마예요?", "이 제품 무선이에요?", "그건 얼마나 무거워?",
        "얼마예요?",
        "이거 어때?", "그거 재고 있어요?",
    ],
)  # fmt: skip
def test_the_one_looked_at(second: Conversation, message: str) -> None:
    assert _only(second, message) == ("h2",)


@pytest.mark.parametrize(
    ("message", "product_id"),
    [
        ("what do people say about the third?", "h3"), ("reviews of the second one", "h2"),
        ("do people like the first one?", "h1"), ("any complaints about the last one?", "h5"),
        ("두 번째 거 후기 어때요?", "h2"),
    ],
)  # fmt: skip
def test_what_buyers_say_is_looked_up(headphones: Conversation, message: str, product_id: str) -> None:
    understood = headphones.say(message)
    assert understood.call == ToolCall("reviews_digest", {"product_id": product_id})


@pytest.mark.parametrize(
    "message",
    [
        "what do people say about it?", "is it any good?", "reviews of that one", "do people like it?", "reviews?",
        "후기는 어때요?",
    ],
)  # fmt: skip
def test_what_buyers_say_of_the_one_looked_at(second: Conversation, message: str) -> None:
    assert second.say(message).call == ToolCall("reviews_digest", {"product_id": "h2"})


@pytest.mark.parametrize(
    ("message", "product_ids"),
    [
        ("compare the first and third", ("h1", "h3")),
        ("compare the first and the third one", ("h1", "h3")),
        ("compare 1st and 3rd", ("h1", "h3")),
        ("compare #1 and #4", ("h1", "h4")),
        ("what's the difference between the first and the second?", ("h1", "h2")),
        ("first vs second", ("h1", "h2")),
        ("the first or the last, which is better?", ("h1", "h5")),
        ("compare the first two", ("h1", "h2")),
        ("compare the last two", ("h4", "h5")),
        ("compare the first three", ("h1", "h2", "h3")),
        ("compare the blue one and the red one", ("h2", "h4")),
        ("which one is best?", ("h1", "h2", "h3", "h4", "h5")),
        ("which of these is better for travel?", ("h1", "h2", "h3", "h4", "h5")),
        ("are they wireless?", ("h1", "h2", "h3", "h4", "h5")),
        ("do any of them have a microphone?", ("h1", "h2", "h3", "h4", "h5")),
        ("compare them", ("h1", "h2", "h3", "h4", "h5")),
        ("compare all of them", ("h1", "h2", "h3", "h4", "h5")),
        ("which one is the lightest?", ("h4", "h2", "h5", "h1", "h3")),
        ("which is the cheapest?", ("h4", "h3", "h2", "h1", "h5")),
        ("첫 번째랑 세 번째 비교해줘", ("h1", "h3")),
        ("1번이랑 3번 비교해 주세요", ("h1", "h3")),
        ("1번과 2번의 차이가 뭐예요?", ("h1", "h2")),
        ("처음 두 개 비교해줘", ("h1", "h2")),
        ("다 비교해줘", ("h1", "h2", "h3", "h4", "h5")),
        ("어떤 게 더 가벼워?", ("h4", "h2", "h5", "h1", "h3")),
    ],
)  # fmt: skip
def test_several_are_compared(headphones: Conversation, message: str, product_ids: tuple[str, ...]) -> None:
    understood = headphones.say(message)
    assert understood.reading is not None, understood
    assert understood.reading.intent == "compare"
    assert set(understood.reading.only) == set(product_ids)
    if message.startswith(("which one is the", "which is the", "어떤 게 더")) or len(product_ids) < 4:
        assert understood.reading.only == product_ids


@pytest.mark.parametrize(
    "message",
    [
        "compare those two",
        "compare both",
        "both",
        "these two",
        "compare the two",
        "둘 다",
        "둘 비교해줘",
        "그 두 개 비교해줘",
    ],
)
def test_two_are_the_two_looked_at_last(headphones: Conversation, message: str) -> None:
    assert _only(headphones.looked_at("h2").looked_at("h4"), message) == ("h2", "h4")


@pytest.mark.parametrize(
    "message", ["compare it with the third one", "compare that with the third", "is it better than the third one?"]
)
def test_the_one_looked_at_and_another(second: Conversation, message: str) -> None:
    assert set(_only(second, message)) >= {"h3"}


def test_the_other_of_two(headphones: Conversation) -> None:
    two = headphones.then("compare the first and the third", "h1", "h3").looked_at("h3")
    assert _only(two, "and the other one?") == ("h1",)


def test_a_place_counts_in_what_was_shown_last_and_else_in_the_list_it_came_from(headphones: Conversation) -> None:
    two = headphones.then("compare the second and the fourth", "h2", "h4")
    assert _only(two, "the second one") == ("h4",)
    assert _only(two, "the fifth one") == ("h5",)
    assert _only(two.looked_at("h4"), "the first one") == ("h2",)


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("is it waterproof?", "which_one"), ("that one", "which_one"), ("compare those two", "which_one"),
        ("the black one", "which_one"), ("how much is it?", "which_one"), ("the ninth one", "which_one"),
        ("the leather one", "which_one"), ("the purple one", "none_of_those"), ("the other one", "which_one"),
        ("이거 방수야?", "which_one"), ("둘 다", "which_one"), ("아홉 번째 거", "which_one"),
    ],
)  # fmt: skip
def test_what_may_be_several_is_asked(headphones: Conversation, message: str, code: str) -> None:
    unclear = headphones.say(message).unclear
    assert unclear is not None
    assert unclear.code == code
    assert unclear.params["choices"]


def test_only_what_it_may_be_is_offered(headphones: Conversation) -> None:
    unclear = headphones.say("is the black one wireless?").unclear
    assert unclear is not None
    assert unclear.params == {"said": "black", "choices": ("h1", "h5")}


@pytest.mark.parametrize(
    "message",
    ["the second one", "is it waterproof?", "compare those two", "that one", "how much is the first one?", "both",
     "두 번째 거", "이거 방수야?", "둘 다 비교해줘"],
)  # fmt: skip
def test_before_anything_was_shown(talk, message: str) -> None:  # type: ignore[no-untyped-def]
    unclear = talk().say(message).unclear
    assert unclear is not None
    assert unclear.code == "no_earlier_products"


@pytest.mark.parametrize(
    "message",
    ["more like the second", "something like the second one", "similar to the second one",
     "show me more like the second",
     "anything similar to the second?", "alternatives to the second one", "두 번째 거랑 비슷한 거",
     "두 번째 같은 스타일 있어?"],
)  # fmt: skip
def test_more_like_one(headphones: Conversation, message: str) -> None:
    reading = headphones.say(message).reading
    assert reading is not None
    assert (reading.head, reading.only, set(reading.without)) == ("headphon", (), {"h1", "h2", "h3", "h4", "h5"})
    assert "vesper" in reading.terms.casefold()
    assert not reading.limits


@pytest.mark.parametrize(
    "message", ["more like this", "something similar", "anything like that?", "비슷한 거 있어?", "이거랑 비슷한 거"]
)
def test_more_like_the_one_looked_at(second: Conversation, message: str) -> None:
    reading = second.say(message).reading
    assert reading is not None
    assert "vesper" in reading.terms.casefold()
    assert "h2" in reading.without


@pytest.mark.parametrize("message", ["what goes with it?", "what goes well with that?",
                                     "what goes with the second one?",
                                     "이거랑 어울리는 거 있어?"])  # fmt: skip
def test_company_for_one(second: Conversation, message: str) -> None:
    reading = second.say(message).reading
    assert reading is not None
    assert reading.goes_with
    assert [(item.field, item.op) for item in reading.limits] == [("head", "not_in")]


def test_the_question_names_the_products(headphones: Conversation) -> None:
    assert headphones.say("is the second one waterproof?").question == "is Lyra Vesper headphones, blue waterproof?"
    assert headphones.say("the second one").question == "tell me about Lyra Vesper headphones, blue"
    said = headphones.say("compare the first and second", "ko").question
    assert said == "Tonhaus Aria headphones, black, Lyra Vesper headphones, blue 비교"


@pytest.mark.parametrize(
    "message", ["can I return it?", "does it ship to Canada?", "does it have a warranty?", "이거 반품되나요?"]
)
def test_a_policy_is_asked_about_whatever_it_is(second: Conversation, message: str) -> None:
    reading = second.say(message).reading
    assert reading is not None
    assert reading.intent == "policy"


@pytest.mark.parametrize(
    "message",
    ["why did you pick the second one?", "why the second?", "why is the second one the best?",
     "can you tell me why you chose the second one", "what makes the second one special?", "두 번째 거 왜 추천했어?"],
)  # fmt: skip
def test_why_one_was_shown(headphones: Conversation, message: str) -> None:
    reading = headphones.say(message).reading
    assert reading is not None
    assert (reading.explains, reading.only, reading.terms) == (True, ("h2",), "headphones")


@pytest.mark.parametrize("message", ["why?", "why these?", "why did you pick those?", "왜?"])
def test_why_those_in_view_were_shown(headphones: Conversation, message: str) -> None:
    reading = headphones.say(message).reading
    assert reading is not None
    assert (reading.explains, len(reading.only)) == (True, 5)


def test_why_it_costs_so_much_is_no_question_about_the_choice(second: Conversation) -> None:
    reading = second.say("why is it so expensive?").reading
    assert reading is None or not reading.explains


@pytest.mark.parametrize("message", ["and the weight?", "what about the weight?", "the weight?"])
def test_a_property_alone_is_asked_of_those_in_view(headphones: Conversation, message: str) -> None:
    reading = headphones.say(message).reading
    assert reading is not None
    assert (reading.intent, len(reading.only), reading.terms) == ("compare", 5, "weight")
