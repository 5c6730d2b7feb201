"""In which order something else is wanted, and by how much."""

from __future__ import annotations

import pytest

from graphs.conversation.comparing import beyond, figure, take_comparison
from graphs.conversation.memory import ShownProduct
from retrievers.facets import AttributeSummary, Spread
from retrievers.reading import Vocabulary
from retrievers.records import SortBy

_SPREAD = Spread(1.0, 4e9, 64e9)
_MEMORY = SortBy("attribute:memory", descending=True)
VOCABULARY = Vocabulary(
    heads=frozenset({"laptop"}),
    attributes={
        "memory": AttributeSummary("measure", 9, "GB", Spread(1.0, 4e9, 64e9), {"laptop": Spread(1.0, 4e9, 64e9)})
    },
)


def _shown(**known: object) -> ShownProduct:
    return ShownProduct.model_validate({"product_id": "p", "title": "Laptop", **known})


@pytest.mark.parametrize(
    ("text", "rest", "sort"),
    [
        ("cheaper", "", SortBy("price")),
        ("cheaper laptops", "laptops", SortBy("price")),
        ("more expensive", "", SortBy("price", descending=True)),
        ("with more memory", "", _MEMORY),
        ("cheaper than $50", "cheaper than $50", None),
        ("more wishes", "more wishes", None),
    ],
)
def test_what_is_compared(text: str, rest: str, sort: SortBy | None) -> None:
    left, found = take_comparison(text, "laptop", VOCABULARY)
    assert (" ".join(left.split()), found) == (rest, sort)


@pytest.mark.parametrize(
    ("value", "base"),
    [("8 GB", 8e9), ("8192 MB", 8.192e9), (8, 8e9), (8.0, 8e9), (8192, None), ("plenty", None), (None, None)],
)
def test_a_bare_number_counts_where_it_makes_sense(value: object, base: float | None) -> None:
    assert figure(_shown(attributes={"memory": value}), _MEMORY, VOCABULARY) == base


def test_the_limit_is_the_next_figure_beyond_all_of_them() -> None:
    several = [_shown(price=20.0, attributes={"memory": "8 GB"}), _shown(price=19.5, attributes={"memory": 16})]
    cheaper, more = beyond(SortBy("price"), several, VOCABULARY), beyond(_MEMORY, several, VOCABULARY)
    assert cheaper is not None
    assert (cheaper.op, cheaper.value) == ("lte", 19.49)
    assert more is not None
    assert (more.op, more.value, more.unit) == ("gte", 16.1, "GB")


def test_what_nobody_knows_limits_nothing() -> None:
    assert beyond(SortBy("price"), [_shown()], VOCABULARY) is None
    assert beyond(SortBy("rating", descending=True), [_shown(rating=5.0)], VOCABULARY) is None
