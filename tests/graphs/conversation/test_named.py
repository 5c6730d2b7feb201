"""Products called by their name, whether or not any was shown."""

from __future__ import annotations

import pytest

from graphs.conversation.memory import Memory
from graphs.conversation.understand import understand
from graphs.conversation.understood import Understood
from retrievers.catalogue import Product
from retrievers.reading import Vocabulary
from retrievers.records import FilterItem
from retrievers.titles import Titles
from tests.graphs.conversation.conftest import Conversation
from tests.support.builders import product
from tools.records import ToolCall


@pytest.fixture
def titles(catalogue: dict[str, Product]) -> Titles:
    return Titles([product(key, **one.model_dump(exclude={"product_id"})) for key, one in catalogue.items()])


@pytest.fixture
def said(vocabulary: Vocabulary, titles: Titles):
    def understood(message: str, memory: Memory | None = None) -> Understood:
        return understand(message, memory or Memory(), vocabulary, "en", titles)

    return understood


@pytest.mark.parametrize(
    "message",
    ["how heavy is the Tonhaus Aria?", "tell me about the Tonhaus Aria headphones", "is the Tonhaus Aria in stock?"],
)
def test_a_question_is_confined_to_the_product_it_names(said, message: str) -> None:
    assert said(message).reading.only == ("h1",)


def test_two_names_are_compared_in_the_order_asked_for(said) -> None:
    lighter = said("which is lighter, the Tonhaus Aria or the Lyra Vesper?").reading
    assert (lighter.intent, lighter.only, lighter.sort.field) == ("compare", ("h2", "h1"), "attribute:weight_g")
    assert said("Tonhaus Aria or Lyra Vesper?").reading.intent == "compare"


def test_a_comparison_with_something_unknown_stays_a_comparison(said) -> None:
    reading = said("compare the Tonhaus Aria with the Nonesuch 9000").reading
    assert (reading.intent, reading.only) == ("compare", ("h1",))


def test_a_bare_name_and_one_with_a_limit_are_searched_for(said) -> None:
    assert said("Tonhaus Aria headphones").reading.only == ()
    assert said("Tonhaus Aria headphones under 100").reading.only == ()


def test_what_is_wanted_for_a_product_is_not_that_product(said) -> None:
    assert said("socks for the Tonhaus Aria").reading.only == ()
    assert said("reviews for the Tonhaus Aria").call == ToolCall("reviews_digest", {"product_id": "h1"})


def test_how_many_reviews_is_a_question_about_the_product(said) -> None:
    assert said("how many reviews does the Tonhaus Aria have?").reading.only == ("h1",)


def test_something_like_it_but_cheaper_keeps_below_its_price(said) -> None:
    reading = said("something like the Tonhaus Aria but cheaper").reading
    assert reading.without == ("h1",)
    assert [(item.field, item.op, item.value) for item in reading.limits] == [("price", "lte", 119.99)]
    assert isinstance(reading.limits[0], FilterItem)


def test_what_is_named_goes_into_the_cart_without_having_been_shown(said) -> None:
    understood = said("add two Tonhaus Aria headphones to my cart")
    assert understood.call == ToolCall("add_to_cart", {"item_id": "h1", "quantity": 2})


def test_wanting_something_never_shown_buys_nothing(said, headphones: Conversation) -> None:
    assert said("I want the Tonhaus Aria").call is None
    shown = said("I'll take the Tonhaus Aria", headphones.memory)
    assert shown.call == ToolCall("add_to_cart", {"item_id": "h1", "quantity": 1})
