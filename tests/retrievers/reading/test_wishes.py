from __future__ import annotations

from dataclasses import replace

import pytest

from retrievers.reading import Vocabulary, read_request


def _limits(question: str, vocabulary: Vocabulary) -> list[tuple[str, str, object]]:
    return [(item.field, item.op, item.value) for item in read_request(question, vocabulary).limits]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("laptop from Nordlys or Sony", [("brand", "in", ("nordlys", "sony"))]),
        ("Nordlys, Sony laptop", [("brand", "in", ("nordlys", "sony"))]),
        ("bolt tek cable", [("brand", "in", ("bolt-tek",))]),
        ("cable by BoltTek", [("brand", "in", ("bolt-tek",))]),
        ("case for Sony headphones", []),
        ("headphones, no Sony or Nordlys", [("brand", "not_in", ("sony", "nordlys"))]),
        ("backpack, anything but Just Roam", [("brand", "not_in", ("just roam",))]),
        ("not Sony and not Nordlys laptop", [("brand", "not_in", ("sony", "nordlys"))]),
        ("backpack not leather", [("material", "not_in", ("leather",))]),
        ("non-leather backpack", [("material", "not_in", ("leather",))]),
        ("black laptop", [("colour", "in", ("black",))]),
        ("laptop in black or silver", [("colour", "in", ("black", "silver"))]),
        ("backpack not leather, blue", [("material", "not_in", ("leather",)), ("colour", "in", ("blue",))]),
        ("blue backpack", [("colour", "in", ("blue",))]),
        ("leather backpack", [("material", "in", ("leather",))]),
        ("laptop with bluetooth", [("attribute:bluetooth", "in", "yes")]),
        ("laptop without Bluetooth", [("attribute:bluetooth", "not_in", "yes")]),
        ("waterproof backpack", [("attribute:waterproof", "in", "yes")]),
        ("backpack that is not waterproof", [("attribute:waterproof", "not_in", "yes")]),
        ("something from the travel department", [("category", "in", ("travel",))]),
        ("sony 말고 헤드폰", [("brand", "not_in", ("sony",))]),
        ("가죽 말고 배낭", [("material", "not_in", ("leather",))]),
        ("no-show headphones", []),
        ("no good headphones for Sony fans", []),
    ],
)
def test_wishes_by_the_catalogues_names(question: str, expected: list[tuple[str, ...]], vocabulary: Vocabulary) -> None:
    assert _limits(question, vocabulary) == expected


@pytest.mark.parametrize(
    ("question", "word"),
    [("headphones without Zeta", "zeta"), ("no Zeta headphones", "zeta"), ("제타 말고 헤드폰", "제타")],
)
def test_an_unknown_name_that_is_unwanted_is_told_and_not_searched_for(
    question: str, word: str, vocabulary: Vocabulary
) -> None:
    reading = read_request(question, vocabulary)
    assert [item.value for item in reading.unread] == [(word,)]
    assert word not in reading.terms.casefold().split()
    assert "headphones" in reading.terms


def test_a_brand_that_says_something_else_needs_a_sign(vocabulary: Vocabulary) -> None:
    shop = replace(vocabulary, brands=vocabulary.brands | {"silver"}, ambiguous=frozenset({"silver"}))
    assert _limits("silver laptop", shop) == []
    assert ("brand", "in", ("silver",)) in _limits("laptop by Silver", shop)
