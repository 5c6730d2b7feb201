"""How many products are to be shown."""

from __future__ import annotations

import pytest

from graphs.conversation.counting import read_counted, shown, take_count
from retrievers.reading import Vocabulary
from retrievers.records import Reading
from tests.graphs.conversation.conftest import Conversation


@pytest.mark.parametrize(
    ("message", "count", "terms"),
    [
        ("show me exactly two headphones", 2, "headphones"),
        ("top 3 laptops", 3, "laptops"),
        ("the best four jackets", 4, "jackets"),
        ("just one laptop", 1, "laptop"),
        ("a single jacket", 1, "jacket"),
        ("no more than 3 laptops", 3, "laptops"),
        ("five jackets", 5, "jackets"),
        ("only 2 wool jackets", 2, "wool jackets"),
    ],
)
def test_a_number_of_things_is_how_many_are_shown(vocabulary: Vocabulary, message: str, count: int, terms: str) -> None:
    reading = read_counted(message, vocabulary)
    assert (reading.show, reading.terms, reading.question) == (count, terms, message)


@pytest.mark.parametrize(
    "message",
    ["I need four jackets", "two pairs of socks", "buy 3 jackets", "only 2 kg laptops", "laptops up to 500",
     "at most 50", "40 jackets", "the best laptop with 8 GB"],
)  # fmt: skip
def test_pieces_measures_and_prices_are_no_number_of_cards(vocabulary: Vocabulary, message: str) -> None:
    assert read_counted(message, vocabulary).show is None


@pytest.mark.parametrize(
    ("said", "count"),
    [
        ("두 개만", 2),
        ("하나만 보여줘", 1),
        ("상위 3개", 3),
        ("세 가지만 추천해줘", 3),
        ("another one", 1),
        ("2 more", 2),
    ],
)  # fmt: skip
def test_the_words_alone_say_so(vocabulary: Vocabulary, said: str, count: int) -> None:
    assert take_count(said, vocabulary)[1] == count


def test_what_is_pointed_at_comes_before_a_count() -> None:
    pointed = Reading("", "product", "", only=("a", "b", "c"), show=1)
    assert [shown(one, 5) for one in (pointed, Reading("", "open", "", show=2), Reading("", "open", ""))] == [3, 2, 5]


@pytest.mark.parametrize(
    ("message", "count"), [("give me two more", 2), ("another one", 1), ("3 others", 3), ("하나 더", 1)]
)
def test_so_many_more_that_were_not_shown(headphones: Conversation, message: str, count: int) -> None:
    reading = headphones.say(message).reading
    assert reading is not None
    assert (reading.show, len(reading.without), reading.only) == (count, 5, ())
