from __future__ import annotations

import pytest

from retrievers.reading.language import table
from retrievers.reading.numbers import number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("twenty-five", 25),
        ("a hundred", 100),
        ("two hundred and fifty", 250),
        ("one thousand two hundred", 1200),
        ("three dozen", 36),
        ("1,250.5", 1250.5),
        ("만", 10_000),
        ("오만", 50_000),
        ("십이만", 120_000),
        ("삼백오십", 350),
    ],
)
def test_numbers_in_words(text: str, value: float) -> None:
    assert number(text, table("numbers"), table("multipliers")) == value
