"""Near misses are told apart from what keeps every limit, in words the checks let through."""

from __future__ import annotations

from dataclasses import replace

import pytest

from graphs.presentation import near_misses, product_cards
from graphs.prompts.phrases import Phrases
from graphs.prompts.prompt import build_prompt
from graphs.sources import Sources
from graphs.verification.verify import verify
from retrievers.records import FilterItem, FilterPlan, NearMiss, Reading
from tests.graphs.models.composer.conftest import COATS, SHIPPING

PRICE = FilterItem("price", "lte", 50.0, "stated", "under $50")
WEIGHT = FilterItem("attribute:weight_g", "lte", 0.4, "stated", "under 400 g", unit="kg")
BRAND = FilterItem("brand", "in", ("skarv",), "stated", "skarv")


@pytest.fixture
def unmet(jonas):
    return replace(
        jonas,
        evidence=(),
        plan=FilterPlan(honoured=(PRICE, WEIGHT, BRAND)),
        reading=Reading("winter coat under $50", "product", "winter coat", limits=(PRICE, WEIGHT, BRAND)),
        reasons={},
        nearest=(NearMiss(COATS[2], (PRICE, WEIGHT)), NearMiss(COATS[0], (BRAND,))),
        notices=("limits_unmet",),
    )


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_every_sentence_about_near_misses_passes_the_checks(unmet, say, lang):
    answer = say(unmet, lang)
    verified = verify(answer, Sources.of(unmet), lang)
    assert verified.rejected == ()
    assert verified.answer == answer
    phrases = Phrases.load(lang)
    assert answer.startswith(phrases.notice("limits_unmet"))
    for key in ("breaks_price", "breaks_other", "breaks_brand"):
        assert phrases.say(key) in answer
    assert "129.99" in answer


def test_near_misses_are_never_cards(unmet):
    phrases = Phrases.load("en")
    assert product_cards(unmet, phrases) == []
    first, second = near_misses(unmet, phrases)
    assert (first.product.product_id, first.product.price) == ("COAT-3", 129.99)
    assert first.breaks == ("price at most $50", "weight at most 0.4 kg")
    assert second.breaks == ("brand skarv",)


def test_the_prompt_marks_them(unmet):
    prompt = build_prompt(unmet, Sources.of(unmet), "en", {})
    human = str(prompt.messages[1].content)
    assert "does not keep: price at most $50, weight at most 0.4 kg" in human


@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize("courtesy", ["greeting", "thanks", "farewell"])
def test_a_courtesy_is_returned_and_passes_the_checks(jonas, say, lang, courtesy):
    reading = Reading("hello", "courtesy", "", courtesy=courtesy)
    context = replace(jonas, evidence=(), plan=FilterPlan(), reading=reading, reasons={}, items={})
    answer = say(context, lang)
    assert answer.startswith(Phrases.load(lang).say(courtesy))
    assert verify(answer, Sources.of(context), lang).rejected == ()


def test_conditions_on_attributes_in_words():
    phrases = Phrases.load("en")
    has = FilterItem("attribute:wi_fi", "in", "yes", "stated")
    assert phrases.limit(has, "USD") == "with wi fi"
    assert phrases.limit(replace(has, op="not_in"), "USD") == "without wi fi"
    either = FilterItem("attribute:memory_gb|storage_gb", "gte", 16.0, "stated", unit="GB")
    assert phrases.limit(either, "USD") == "memory / storage at least 16 GB"


def test_near_misses_are_numbered_first_and_all_of_them_told(unmet, say):
    """Help pages found beside them are numbered behind what the answer is about."""
    with_page = replace(unmet, evidence=(SHIPPING,), nearest=(*unmet.nearest, NearMiss(COATS[1], (PRICE,))))
    assert list(Sources.of(with_page).evidence) == ["1", "2", "3", "4"]
    assert Sources.of(with_page).evidence["4"] is SHIPPING
    answer = say(with_page)
    assert [answer.index(f"[{marker}]") for marker in "123"] == sorted(answer.index(f"[{m}]") for m in "123")
    assert all(miss.evidence.title in answer for miss in with_page.nearest)


def test_where_more_was_asked_for_it_is_not_said_that_nothing_fits(unmet, say):
    more = replace(unmet, reading=replace(unmet.reading, without=("COAT-9",)))
    assert say(more).startswith(Phrases.load("en").say("no_more"))
