"""What holds for every message."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from graphs.conversation.memory import Memory
from graphs.conversation.understand import understand
from retrievers.reading import Vocabulary, read_request
from tests.graphs.conversation.conftest import Conversation

_BENIGN = Path(__file__).parents[4] / "shared" / "data" / "benign"

ALONE = [
    "headphones under $200", "blue headphones from Lyra", "laptop with at least 16 GB memory", "what should I buy?",
    "cheapest laptop",
    "waterproof jacket", "a gift for my wife", "compare Tonhaus Aria and Lyra Vesper", "what is your return policy?",
    "hello", "thanks!",
    "do you sell toasters?", "what goes with my blue jacket?", "two pairs of socks", "how long does shipping take?",
    "surprise me",
    "is it worth buying a laptop?", "which headphones are best for travel?", "headphones, not leather, under 100",
    "best rated headphones",
    "I need a jacket for a rainy hike", "can I return shoes?", "headphones similar to Lyra", "second hand laptop",
    "jackets that keep you warm",
    "노트북 추천해줘", "파란 자켓", "반품 정책이 뭐예요?", "100달러 이하 헤드폰", "안녕하세요", "아내 선물 추천해줘",
    "가장 싼 노트북", "비 오는 날 입을 자켓",
]  # fmt: skip


@pytest.mark.parametrize("message", ALONE)
def test_with_nothing_before_a_message_is_read_as_it_stands(vocabulary: Vocabulary, message: str) -> None:
    understood = understand(message, Memory(), vocabulary)
    assert understood.reading == read_request(message, vocabulary)
    assert understood.question == message


@pytest.mark.parametrize(
    "message",
    ["cheaper", "in blue", "not leather", "under 50 instead", "any price", "from Lyra", "in black and not from Lyra",
     "cheaper than the third",
     "or red", "over $100", "at least 4 stars", "lighter", "better rated", "for my wife", "with a long cable",
     "waterproof ones"],
)  # fmt: skip
def test_a_follow_up_put_into_words_reads_the_same_on_its_own(headphones: Conversation, message: str) -> None:
    said = headphones.say(message)
    assert said.reading is not None
    again = read_request(said.question, headphones.vocabulary)
    assert {(i.field, i.op, i.value) for i in again.limits} == {(i.field, i.op, i.value) for i in said.reading.limits}
    assert (again.head, again.recipient) == (said.reading.head, said.reading.recipient)
    assert set(again.terms.casefold().split()) >= set(said.reading.terms.casefold().split())


def test_follow_ups_add_up(headphones: Conversation) -> None:
    talk = headphones.then("in black", "h1", "h5").then("not from Lyra", "h1").looked_at("h1").used("view_cart")
    reading = talk.say("under 100").reading
    assert reading is not None
    assert {(item.field, item.op, item.value) for item in reading.limits} == {
        ("colour", "in", ("black",)), ("brand", "not_in", ("lyra",)), ("price", "lte", 100.0),
    }  # fmt: skip
    assert talk.say("under 100").question == "headphones in black not from lyra under $100.00"


@pytest.mark.parametrize("message", ["the second one", "the white one", "#2", "두 번째 거", "the one from Tonhaus"])
def test_an_answer_to_which_one_carries_on_with_what_was_asked(headphones: Conversation, message: str) -> None:
    call = headphones.asked("I'll take two of those", "h2", "h3").say(message).call
    assert call is not None
    assert (call.tool, dict(call.arguments)) == ("add_to_cart", {"item_id": "h3", "quantity": 2})
    said = headphones.asked("is it waterproof?", "h2", "h3").say(message)
    assert said.question == "is Tonhaus Studio headphones, white waterproof?"
    assert headphones.asked("how much is the black one?", "h1", "h5").say("the last one").question == (
        "how much is Lyra Nocturne headphones, black?"
    )


def test_something_else_than_an_answer_stands_for_itself(headphones: Conversation) -> None:
    asked = headphones.asked("I'll take it", "h2", "h3")
    assert asked.say("is the second one waterproof?").call is None
    assert asked.say("laptops under 600").reading == read_request("laptops under 600", headphones.vocabulary)
    assert asked.say("cheaper").reading is not None


def test_exactly_one_thing_is_meant(headphones: Conversation) -> None:
    odd = ["cheaper", "the second one", "that one", "add the second one to my cart", "yes", "start over", "", "?", "of"]
    for message in [*ALONE, *odd]:
        understood = headphones.say(message)
        parts = [understood.reading, understood.call, understood.decision, understood.unclear]
        assert sum(part is not None for part in parts) == 1, message


def test_in_korean_it_is_put_into_korean_words(headphones: Conversation) -> None:
    assert headphones.say("더 싼 거", "ko").question == "$44.99 이하 headphones"
    assert headphones.say("가죽 말고", "ko").question == "$200.00 이하 leather 말고 headphones"


def test_wishes_people_wrote_are_read_as_new_ones(second: Conversation) -> None:
    """Nearly all of them, though they say "it", "the black one" and "which is": of things they bring up themselves.

    None of them sets anything off.
    """
    path = _BENIGN / "shopping_goals.jsonl.gz"
    if not path.exists():
        pytest.skip(f"needs {path.name} of the public data")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        texts = [str(json.loads(line)["text"]) for line in lines][:500]
    assert len(texts) == 500
    understood = [second.say(text) for text in texts]
    assert not [one.question for one in understood if one.call or one.decision]
    alone = [one.reading == read_request(text, second.vocabulary) for one, text in zip(understood, texts, strict=True)]
    assert sum(alone) >= 0.99 * len(alone)
