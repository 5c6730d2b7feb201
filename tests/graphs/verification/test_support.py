from __future__ import annotations

import pytest

from graphs.verification.alone import against_texts
from graphs.verification.support import NOTHING

TEXT = "The Norrland parka is filled with goose down. It keeps warm to 20 below zero. Maria Lind designed it in 2019."


@pytest.mark.parametrize(
    ("claim", "degree"),
    [
        ("The Norrland parka is filled with goose down.", "supported"),
        ("Maria Lind designed the parka in 2019.", "supported"),
        ("Anna Berg designed the parka in 1987.", "unsupported"),
        ("The kettle boils a litre of water.", "unsupported"),
        ("", "unsupported"),
    ],
)
def test_degrees(claim: str, degree: str) -> None:
    assert against_texts(claim, [TEXT]).degree == degree


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("filled with goose down", "goose filled down with"),  # order counts
        ("designed it in 2019", "designed it in 2018"),  # numbers count
        ("Maria Lind designed it, says Norrland", "Maria Berg designed it, says Norrland"),  # names count
    ],
)
def test_what_costs_support(better: str, worse: str) -> None:
    assert against_texts(better, [TEXT]).score > against_texts(worse, [TEXT]).score


def test_words_spread_over_a_long_text_support_less_than_words_in_one_place() -> None:
    filler = "Nothing of interest happens here at all. " * 6
    together = against_texts("A red kite flies over the lake.", ["A red kite flies over the lake. " + filler])
    apart = against_texts(
        "A red kite flies over the lake.", [filler.join(("A red door. ", "A kite flies. ", "The lake. "))]
    )
    assert together.score > apart.score


def test_a_sentence_without_words_has_no_support() -> None:
    assert against_texts("It is.", [TEXT]) == NOTHING
