from __future__ import annotations

from typing import Any

import pytest

from graphs.verification.attributes import Attribute, akin, attributes_of, says_absence
from graphs.verification.language import language


def _only(record: dict[str, Any]) -> Attribute:
    (attribute,) = attributes_of(record, language("en"))
    return attribute


@pytest.mark.parametrize(
    "record",
    [
        {"weight_g": 1200},
        {"Weight (kg)": 1.2},
        {"weight": "1200 g"},
        {"weight": {"value": 1.2, "unit": "kg"}},
        {"weight": [{"unit": "grams", "value": "1200"}]},
        {"weight": {"serving_quantity": 1200, "serving_unit": "grams"}},
    ],
)
def test_a_measure_is_the_same_in_every_spelling(record: dict[str, Any]) -> None:
    (figure,) = _only(record).figures
    assert (figure.dimension, figure.value * figure.factor) == ("mass", pytest.approx(1200))


@pytest.mark.parametrize(
    ("value", "flag"), [(True, True), ("Yes", True), ("N", False), ("false", False), ("red", None)]
)
def test_yes_and_no_have_many_spellings(value: Any, flag: bool | None) -> None:
    assert _only({"waterproof": value}).flag is flag


def test_forms_of_one_measure_belong_together() -> None:
    record = {"weight": {"unit": "grams", "normalized_value": {"unit": "pounds", "value": 0.15}, "value": 66.0}}
    one, other = _only(record).values
    assert one.measure == other.measure
    colours = _only({"color": [{"value": "Red"}, {"value": "Blue"}]}).values
    assert colours[0].measure != colours[1].measure


@pytest.mark.parametrize("value", [None, "unknown", {"value": "Unknown"}, []])
def test_what_nobody_knows_is_no_value(value: Any) -> None:
    assert _only({"colour": value}).values == ()


@pytest.mark.parametrize(("text", "absent"), [("wire free", True), ("0", True), ("none", True), ("red", False)])
def test_a_value_may_say_that_there_is_nothing(text: str, absent: bool) -> None:
    assert _only({"underwire": text}).values[0].absent is absent


def test_glued_words_and_numbers_come_apart_and_short_names_do_not() -> None:
    platform = _only({"platform": "windows98"}).values[0]
    assert ([word.text for word in platform.words], platform.figures[0].value) == (["windows"], 98)
    assert [word.text for word in _only({"phone": "Galaxy s6"}).values[0].words] == ["Galaxy", "s6"]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("weigh", "weight", True), ("water", "waterproof", False), ("power", "powerless", False), ("red", "redd", False)],
)
def test_inflections_are_akin_and_compounds_are_not(one: str, other: str, same: bool) -> None:
    assert akin(one, other) is same


@pytest.mark.parametrize(
    ("text", "absence"), [("It isn't portable", True), ("gluten free", True), ("It is free of charge", False)]
)
def test_absence_is_heard(text: str, absence: bool) -> None:
    assert says_absence(text) is absence
