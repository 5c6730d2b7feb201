"""Why a product was shown: its own facts and the shopper's, in sentences that hold."""

from __future__ import annotations

from dataclasses import replace

import pytest

from graphs.prompts.phrases import Phrases
from graphs.sources import Sources
from graphs.verification.verify import verify
from retrievers.records import FilterItem, FilterPlan, Reading, SortBy
from tests.graphs.models.composer.conftest import COATS

LIGHT = FilterItem("attribute:weight_g", "lte", 0.5, "stated", "under 500 g", unit="kg")


@pytest.fixture
def asked_why(jonas):
    reading = Reading(
        "why Skarv Storm Shell", "product", "winter coat", limits=(LIGHT,), only=("COAT-3",), explains=True
    )
    reasons = {"COAT-3": jonas.reasons["COAT-3"]}
    return replace(jonas, evidence=(COATS[2],), reading=reading, plan=FilterPlan(), reasons=reasons)


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_what_was_asked_for_and_what_is_known_of_the_shopper_are_told_and_hold(asked_why, say, lang):
    answer = say(asked_why, lang)
    assert verify(answer, Sources.of(asked_why), lang).answer == answer
    assert "480 g" in answer
    assert "[1][F1][F2][F3]" in answer
    assert Phrases.load(lang).say("explained_by_words") not in answer


def test_where_nothing_else_speaks_for_it_that_is_said(asked_why, say):
    plain = replace(asked_why, reasons={}, reading=replace(asked_why.reading, limits=()))
    assert Phrases.load("en").say("explained_by_words") in say(plain)


def test_the_order_was_the_shoppers_wish(asked_why, say):
    ordered = replace(asked_why, reading=replace(asked_why.reading, sort=SortBy("price")))
    assert Phrases.load("en").say("explained_by_order") in say(ordered)


def test_a_fact_nobody_knows_any_more_is_no_reason(asked_why, say):
    assert "budget" not in say(replace(asked_why, features={}))
