from __future__ import annotations

import pytest

from graphs.turn import Lang
from graphs.verification.language import language
from graphs.verification.quantities import Figure, read_figures, spoken_numbers, unit_figure


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("en", "costs $1,299.00", [(1299.0, "money", None)]),
        ("en", "price is 129", [(129.0, "money", None)]),
        ("en", "under $200", [(200.0, "money", "at_most")]),
        ("en", "your $500 limit", [(500.0, "money", "at_most")]),
        ("en", "rated 4.6 out of 5 (312 reviews)", [(4.6, "stars", None), (312.0, "reviews", None)]),
        ("en", "16GB and 13-inch", [(16.0, "data", None), (13.0, "length", None)]),
        ("en", "the WH-1000XM5 on A4 in 4K", []),
        ("en", "a 2-in-1", [(2.0, None, None), (1.0, None, None)]),
        ("en", "20% off for 30 days", [(20.0, "share", None), (30.0, "time", None)]),
        ("ko", "가격은 129달러입니다", [(129.0, "money", None)]),
        ("ko", "129,000원 이하, 평점 4.6점", [(129000.0, "money", "at_most"), (4.6, "stars", None)]),
        ("ko", "20분 동안", [(20.0, "time", None)]),
    ],
)
def test_figures_are_read_with_what_they_measure(lang: Lang, text: str, expected: list[tuple]) -> None:
    figures = read_figures(text, language(lang))
    assert [(figure.value, figure.dimension, figure.bound) for figure in figures] == expected


def test_offsets_locate_the_figure() -> None:
    text = "It weighs 280 g."
    (figure,) = read_figures(text, language("en"))
    assert text[figure.start : figure.end] == "280 g"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (unit_figure(0.28, "kg"), unit_figure(280.0, "g"), True),
        (unit_figure(0.28, "kg"), unit_figure(290.0, "g"), False),
        (unit_figure(280.0, "g"), unit_figure(280.0, None), True),
        (unit_figure(30.0, "days"), unit_figure(30.0, "%"), False),
        (unit_figure(27.0, "inches"), unit_figure(68.6, "cm"), True),
    ],
)
def test_equality_converts_units(one: Figure, other: Figure, same: bool) -> None:
    assert one.equals(other) is same
    assert other.equals(one) is same


def test_number_words_are_numbers() -> None:
    assert [figure.value for figure in spoken_numbers("within five business days", language("en"))] == [5]
