from __future__ import annotations

import string
from datetime import UTC, datetime

import pytest

from graphs.prompts.money import limit_money, money, number
from graphs.prompts.phrases import Phrases
from retrievers.records import FeatureValue, FilterItem, Reason

REASONS = {
    "favorite_category": {"category": "Running"},
    "browsed_category": {"category": "Winter coats", "minutes": None},
    "last_viewed_category": {"category": "Running"},
    "last_viewed_brand": {"brand": "Skarv"},
    "budget_limit": {"amount": 500.0, "currency": "USD"},
    "usual_spend": {"amount": 80.0, "currency": "USD"},
    "value_for_money": {},
    "top_rated": {"rating": 4.7},
    "after_purchase": {"category": "Running shoes"},
    "excluded_brand": {"brands": ["Acme", "Zeta"]},
    "excluded_material": {"materials": ["leather"]},
    "onboarding_category": {"category": "Bedding"},
    "onboarding_budget": {"amount": 90.0, "currency": "USD"},
    "popular_default": {},
    "bought_once": {"times": 1.0},
    "bought_often": {"times": 4.0},
    "bought_together": {"product": "Morrow House Blend"},
}
NOTICES = [
    "features_down",
    "index_down",
    "both_down",
    "model_down",
    "limits_unreadable",
    "price_to_confirm",
    "no_match",
    "defaults_used",
    "composer",
]
REFUSALS = [
    "injection",
    "too_long",
    "empty",
    "distress",
    "danger",
    "untrusted_link",
    "untrusted_contact",
    "prompt_leak",
    "markup",
    "profanity",
    "off_topic",
    "treatment",
    "others_data",
    "masked",
    "no_safe_answer",
]
LANGUAGES = pytest.mark.parametrize("lang", ["en", "ko"])


def fields(phrase):
    return sorted(name for _, name, _, _ in string.Formatter().parse(phrase) if name)


def test_both_languages_have_the_same_keys_and_parameters():
    english, korean = Phrases.load("en").table, Phrases.load("ko").table
    assert list(english) == list(korean)
    for section, phrases in english.items():
        assert set(phrases) == set(korean[section]), section
        for key, phrase in phrases.items():
            assert fields(phrase) == fields(korean[section][key]), f"{section}.{key}"


@LANGUAGES
def test_no_phrase_is_empty_or_left_in_the_other_language(lang):
    for section, phrases in Phrases.load(lang).table.items():
        for key, phrase in phrases.items():
            assert phrase.strip(), f"{section}.{key}"
            if lang == "en":
                assert phrase.isascii() or not any("가" <= letter <= "힣" for letter in phrase), f"{section}.{key}"


@LANGUAGES
@pytest.mark.parametrize("kind", REASONS)
def test_every_reason_has_words_that_name_its_parameters(lang, kind):
    said = Phrases.load(lang).reason(Reason(kind, "view:feature", REASONS[kind]))
    assert "{" not in said
    assert "None" not in said


def test_reasons_read_as_fragments():
    phrases = Phrases.load("en")

    def say(kind, **params):
        return phrases.reason(Reason(kind, "f", params))

    for short in (None, 0.4, 1.4):
        assert "which you have been browsing" in say("browsed_category", category="Winter coats", minutes=short)
    assert "for 2 minutes" in say("browsed_category", category="Winter coats", minutes=1.5)
    assert say("browsed_category", category="Winter coats", minutes=19.7) == (
        "from winter coats, which you recently browsed for 20 minutes"
    )
    assert say("browsed_category", category="Winter coats") == "from winter coats, which you have been browsing"
    assert say("budget_limit", amount=1500, currency="USD") == "within your $1,500 budget"
    assert say("excluded_brand", brands=("Acme", "Zeta")) == "not by Acme, Zeta, as you prefer"
    assert say("after_purchase", category=None) == "to go with what you bought"


@LANGUAGES
@pytest.mark.parametrize("key", NOTICES)
def test_every_notice_has_words(lang, key):
    assert Phrases.load(lang).notice(key).endswith(".")


@LANGUAGES
@pytest.mark.parametrize("key", REFUSALS)
def test_every_refusal_has_words(lang, key):
    assert Phrases.load(lang).guard(key).endswith(".")


def test_unknown_phrase_is_an_error():
    with pytest.raises(KeyError):
        Phrases.load("en").notice("no_such_notice")


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [(129, "USD", "$129.00"), (1299.5, "EUR", "€1,299.50"), (129000, "KRW", "₩129,000"), (12.5, "CHF", "12.50 CHF")],
)
def test_money(amount, currency, text):
    assert money(amount, currency) == text


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [(500.0, "USD", "$500"), (1299.5, "EUR", "€1,299.50"), (129000, "KRW", "₩129,000"), (12, "CHF", "12 CHF")],
)
def test_a_limit_is_written_as_a_shopper_would(amount, currency, text):
    assert limit_money(amount, currency) == text


def test_a_korean_proposal_names_the_means_of_payment():
    said = Phrases.load("ko").table["actions"]
    assert "결제 수단: 모의 결제 " in said["place_order_proposed"].replace("{payment}", said["mock"])


@pytest.mark.parametrize(("value", "text"), [(20.0, "20"), (4.6, "4.6"), (0.816, "0.82"), (100, "100"), (-0.5, "-0.5")])
def test_number(value, text):
    assert number(value) == text


@pytest.mark.parametrize(
    ("seconds", "english", "korean"),
    [
        (-5, "just now", "방금"),
        (59, "just now", "방금"),
        (60, "1 minute ago", "1분 전"),
        (3 * 3600 + 100, "3 hours ago", "3시간 전"),
        (86_400, "1 day ago", "1일 전"),
        (40 * 86_400, "40 days ago", "40일 전"),
    ],
)
def test_age(seconds, english, korean):
    assert Phrases.load("en").age(seconds) == english
    assert Phrases.load("ko").age(seconds) == korean


@pytest.mark.parametrize(
    ("item", "text"),
    [
        (FilterItem("price", "lte", 200.0, "stated"), "price at most $200"),
        (FilterItem("rating", "gte", 4.5, "stated"), "rating at least 4.5"),
        (FilterItem("brand", "not_in", ("acme", "zeta"), "declared"), "brand other than acme, zeta"),
        (FilterItem("stock", "gte", 1, "policy"), "in stock"),
        (FilterItem("new_field", "eq", "x", "stated"), "new field x"),
    ],
)
def test_limit(item, text):
    assert Phrases.load("en").limit(item, "USD") == text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (500.0, "currency", "$500"),
        ({"Winter coats": 20.0, "Bedding": 1.5}, "minutes", "Winter coats: 20 minutes, Bedding: 1.5 minutes"),
        (["leather", "wool"], "material", "leather, wool"),
        (0.8166, "score", "0.82"),
        (True, "", "yes"),
        (datetime(2026, 11, 20, 9, 30, tzinfo=UTC), "time", "2026-11-20 09:30"),
        ({"shoe": "42"}, "size", "shoe: 42"),
    ],
)
def test_value(value, unit, text):
    assert Phrases.load("en").value(FeatureValue("v:f", value, "online"), unit, "USD") == text


def test_categories_keep_acronyms_and_korean_keeps_the_shops_spelling():
    assert Phrases.load("en").category("TV & Home Audio") == "TV & home audio"
    assert Phrases.load("ko").category("Winter coats") == "Winter coats"
