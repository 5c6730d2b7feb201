"""One record of one field, and sentences people would write of it; the first agree, the others contradict."""

from __future__ import annotations

from typing import Any

import pytest

from graphs.verification.alone import against_record

AGREE = [
    ("These are headphones that go over the ear.", {"form_factor": "Over Ear"}),
    ("Its place is under a desk.", {"placement": "Under-desk"}),
    ("It is made of cotton.", {"material": "Cotton"}),
    ("The colour is navy.", {"color": "Navy"}),
    ("It works with a smartphone.", {"hardware_platform": [{"value": "PC"}, {"value": "Smartphone"}]}),
    ('It is 5.75" long.', {"arm": {"length": [{"unit": "inches", "value": "5.75"}]}}),
    ("It lasts three hours.", {"runtime": {"value": 3.0, "unit": "hours"}}),
    ("It is 60 inches long.", {"length_cm": 152.4}),
    ("It is lightweight.", {"finish": "light weight"}),
    ("There are no peanuts in it.", {"allergens": "peanut_free"}),
    ("It has no hooks.", {"number_of_hooks": 0}),
    ("It isn't portable.", {"is_portable": False}),
    ("It measures 12 x 3.5 x 0.5 inches.", {"size": '12"x3.5"x.5"'}),
    ("It comes in aluminium.", {"material": "Aluminum"}),
    ("It holds up to 300 pounds.", {"weight_capacity": {"maximum": [{"unit": "pounds", "value": 300}]}}),
    (
        "It weighs 0.15 pounds.",
        {"w": {"unit": "grams", "normalized_value": {"unit": "pounds", "value": 0.15}, "value": 66}},
    ),
]
CONTRADICT = [
    ("These are on ear headphones.", {"form_factor": "Over Ear"}),
    ("It is made of cotton.", {"material": "Sheepskin"}),
    ("The colour is navy.", {"color": "Beige"}),
    ("It works with a smartphone.", {"hardware_platform": [{"value": "PC"}, {"value": "Tablet"}]}),
    ('It is 5.75" long.', {"arm": {"length": [{"unit": "inches", "value": "6.75"}]}}),
    ("It lasts three hours.", {"runtime": {"value": 4.0, "unit": "hours"}}),
    ("It is 60 inches long.", {"length_cm": 120}),
    ("It is waterproof.", {"resistance": "water resistant"}),
    ("It has no hooks.", {"number_of_hooks": 4}),
    ("It is portable.", {"is_portable": False}),
    ("It measures 12 x 3.5 x 0.5 inches.", {"size": '12"x3.5"x.7"'}),
    ("It is wireless.", {"connection": "Wired"}),
    ("It is black.", {"color": "Block"}),
    ("It holds up to 300 pounds.", {"weight_capacity": {"maximum": [{"unit": "pounds", "value": 250}]}}),
    (
        "It weighs 66 grams.",
        {"w": {"unit": "grams", "normalized_value": {"unit": "pounds", "value": 0.3}, "value": 66}},
    ),
    ('It is 20" wide and 20" long.', {"size": [{"width": 20, "unit": "inches"}, {"length": 12, "unit": "inches"}]}),
    ("It fits the Acme Rover.", {"compatible_with": "Zenith Explorer"}),
]


@pytest.mark.parametrize(("sentence", "record"), AGREE)
def test_what_the_record_says_agrees(sentence: str, record: dict[str, Any]) -> None:
    finding = against_record(sentence, record)
    assert finding.verdict == "supported", finding


@pytest.mark.parametrize(("sentence", "record"), [row for row in CONTRADICT if row[0] != "It has no hooks."])
def test_another_value_contradicts(sentence: str, record: dict[str, Any]) -> None:
    finding = against_record(sentence, record)
    assert finding.verdict == "contradicted", finding
    assert finding.detail


def test_of_a_record_with_other_fields_only_the_named_one_is_compared() -> None:
    record = {"title": "Tempo", "material": "mesh", "colour": "lime"}
    assert against_record("The material of the Tempo is leather.", record).verdict == "contradicted"
    assert (
        against_record("The Tempo is breathable.", record).verdict == "supported"
    )  # of no field: not for records to say
