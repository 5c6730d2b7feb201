from __future__ import annotations

import pytest

from retrievers.plan import make_plan
from retrievers.reading import Vocabulary, read_request
from retrievers.records import Reading, SortBy

VOCABULARY = Vocabulary(
    brands=frozenset({"hp", "sony", "north ridge", "monitor"}),
    heads=frozenset({"printer", "cartridg", "shoe", "coat", "monitor", "laptop"}),
    ambiguous=frozenset({"monitor"}),
    words={"material": frozenset({"leather", "wool"})},
)


def _read(question: str) -> Reading:
    return read_request(question, VOCABULARY)


def _limits(question: str) -> list[tuple[str, str, object]]:
    return [(item.field, item.op, item.value) for item in _read(question).limits]


@pytest.mark.parametrize(
    ("question", "limits"),
    [
        ("A4 laser printer under 200", [("price", "lte", 200.0)]),
        ("shoes up to $89.50, please", [("price", "lte", 89.5)]),
        ("a coat, budget of 1,200 dollars", [("price", "lte", 1200.0)]),
        ("coat for at least 300", [("price", "gte", 300.0)]),
        ("printer between $100 and $200", [("price", "gte", 100.0), ("price", "lte", 200.0)]),
        ("2만 이하 러닝화", [("price", "lte", 20_000.0)]),
        ("100달러에서 200달러 사이 코트", [("price", "gte", 100.0), ("price", "lte", 200.0)]),
    ],
)
def test_price_limits(question: str, limits: list[tuple[str, str, object]]) -> None:
    assert _limits(question) == limits
    assert all(item.origin == "stated" for item in _read(question).limits)


@pytest.mark.parametrize(
    "question", ["monitor at least 27 inch", "laptop with at least 16 GB", "up to 600 x 600 dpi printer"]
)
def test_numbers_with_other_units_are_not_prices(question: str) -> None:
    assert _limits(question) == []


def test_limits_are_taken_out_of_the_search_words() -> None:
    assert _read("A4 laser printer under 200").terms == "A4 laser printer"


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("north ridge coat", [("brand", "in", ("north ridge",))]),
        ("case for Sony headphones", []),
        ("monitor under $300", [("price", "lte", 300.0)]),
        ("headphones, no Sony", [("brand", "not_in", ("sony",))]),
        ("shoes not leather", [("material", "not_in", ("leather",))]),
        ("shoes not velvet", []),
    ],
)
def test_names_come_from_the_catalogue(question: str, expected: list[tuple[str, str, object]]) -> None:
    assert _limits(question) == expected


@pytest.mark.parametrize(
    ("question", "intent"),
    [
        ("what should I buy?", "open"),
        ("recommend me something", "open"),
        ("something nice under $50", "open"),
        ("뭐 살까?", "open"),
        ("what is your return policy?", "policy"),
        ("반품 정책이 뭐예요?", "policy"),
        ("A4 laser printer", "product"),
        ("compare Stride 3 and Cloud 9", "compare"),
        ("Stride 3 vs Cloud 9: which is better?", "compare"),
    ],
)
def test_intents(question: str, intent: str) -> None:
    assert _read(question).intent == intent


def test_what_is_compared_keeps_its_names() -> None:
    assert _read("Stride 3 vs Cloud 9: which is better?").named == ("Stride 3", "Cloud 9")


@pytest.mark.parametrize(
    ("question", "head"),
    [
        ("A4 laser printer under 200", "printer"),
        ("printer cartridge", "cartridg"),
        ("cartridge for printer", "cartridg"),
        ("what is a good laptop", "laptop"),
        ("drone", None),
    ],
)
def test_the_head_is_what_is_asked_for(question: str, head: str | None) -> None:
    assert _read(question).head == head


@pytest.mark.parametrize(
    ("question", "sort"),
    [
        ("cheapest coat", SortBy("price")),
        ("most expensive coat", SortBy("price", descending=True)),
        ("best rated coat", SortBy("rating", descending=True)),
        ("coat", None),
    ],
)
def test_superlatives(question: str, sort: SortBy | None) -> None:
    assert _read(question).sort == sort


def test_a_catalogue_without_names_reads_limits_all_the_same() -> None:
    reading = read_request("hp printer under 200", Vocabulary.of({}))
    assert [item.field for item in reading.limits] == ["price"]
    assert reading.head is None


@pytest.mark.parametrize("question", ["coat under €300", "coat up to 300 pounds", "20만원 이하 코트"])
def test_a_price_in_another_currency_is_never_taken_for_ours(question: str) -> None:
    reading = _read(question)
    assert not reading.limits
    assert [item.field for item in reading.foreign] == ["price"]
    assert make_plan(reading, {}).dropped[0].reason.endswith("not the currency of this shop")


def test_the_same_price_counts_where_it_is_the_currency() -> None:
    reading = read_request("20만원 이하 코트", Vocabulary(currency="KRW"))
    assert [item.value for item in reading.limits] == [200_000.0]


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("겨울 코트 추천해줘", {"winter", "coat"}),
        ("러닝화를 찾아줘", {"running", "shoe"}),
        ("A4 프린터", {"A4", "printer"}),
    ],
)
def test_korean_words_are_followed_by_their_english_meaning(question: str, words: set[str]) -> None:
    assert words <= set(_read(question).terms.split())


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("how do I season a pan?", True),
        ("can I wash it?", True),
        ("do you repair shoes?", True),
        ("do you sell shoes?", False),
        ("winter coat", False),
        ("what should I buy?", False),
    ],
)
def test_forms_that_ask_about_something(question: str, asks: bool) -> None:
    assert _read(question).asks_how is asks
