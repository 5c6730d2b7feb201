from __future__ import annotations

import pytest

from retrievers.reading import Vocabulary, read_request
from retrievers.reading.spelling import one_letter_apart, spelled


@pytest.mark.parametrize("said", ["labtop", "lapttop", "lapto", "latpop", "lpatop", "laptops"])
def test_one_letter_more_less_or_other_or_two_changed_places(said: str) -> None:
    assert one_letter_apart(said, "laptop")
    assert one_letter_apart("laptop", said)


@pytest.mark.parametrize("said", ["laptop", "labtob", "latpoo", "captop", "lap"])
def test_more_than_that_or_another_first_letter_is_another_word(said: str) -> None:
    assert not one_letter_apart(said, "laptop")


def test_a_slip_finds_its_kind_and_is_told(vocabulary: Vocabulary) -> None:
    reading = read_request("black labtop under 900", vocabulary)

    assert reading.head == "laptop"
    assert reading.terms == "black laptop"
    assert reading.corrected == (("labtop", "laptop"),)
    assert reading.question == "black labtop under 900"
    assert [item.field for item in reading.limits] == ["price", "colour"]


@pytest.mark.parametrize(
    "text",
    [
        "cble",  # too short to tell
        "leather laptops",
        "a Labtop",  # written as a name
        "labtop-x1",
        "nordlis vale",  # a brand is no kind
        "should",
        "packback",
    ],
)
def test_what_is_known_short_or_a_name_stays(text: str, vocabulary: Vocabulary) -> None:
    assert spelled(text, vocabulary) == (text, ())


def test_two_words_as_near_settle_nothing() -> None:
    tables = frozenset(("table", "tablet"))

    assert spelled("tablee", Vocabulary(called=tables)) == ("tablee", ())
    assert spelled("tablee", Vocabulary(called=frozenset(("table",)))) == ("table", (("tablee", "table"),))
    assert spelled("tablee", Vocabulary(called=frozenset(("table",)), spoken=tables)) == ("tablee", ())
