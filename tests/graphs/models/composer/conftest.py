from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from graphs.models.composer import Composer
from graphs.models.composer.turn import ComposerTurn
from graphs.prompts.phrases import Phrases
from graphs.sources import Sources
from retrievers.catalogue import DocumentType
from retrievers.records import (
    Evidence,
    FeatureValue,
    FilterItem,
    FilterPlan,
    ItemFacts,
    Reading,
    Reason,
    UnifiedContext,
)

NOW = datetime(2026, 11, 21, tzinfo=UTC)
CLICKS = "user_clicks_last_24h:favorite_category"
MINUTES = "user_clicks_last_24h:browse_minutes"
BUDGET = "user_profile:budget_limit"


def feature(name, value, status="online"):
    return FeatureValue(name, value, status, NOW, 7200.0)


def product(number, title, text="", kind="winter coat", **attributes):
    product_id = f"COAT-{number}"
    metadata = {"product_id": product_id, "title": title, "kind": kind, "attributes": attributes}
    return Evidence(f"product/{product_id}", DocumentType.PRODUCT, "catalogue", title, text or title, 0.8, metadata)


def document(type_, name, title, text, **metadata):
    return Evidence(f"{type_}/{name}", type_, f"{name}.md", title, text, 0.6, metadata)


def live(number, price, rating=None, stock=5, stale=False):
    return ItemFacts(f"COAT-{number}", price, stock, rating, 40, stale=stale)


COATS = (
    product(
        1, "Fjellrev Aurora Parka", "Fjellrev Aurora Parka\nweight: 1200 g\nfill: down", weight_g=1200, fill="down"
    ),
    product(
        2, "Nordlys Wool Overcoat", "Nordlys Wool Overcoat\nweight: 1650 g\nfill: wool", weight_g=1650, fill="wool"
    ),
    product(3, "Skarv Storm Shell", "Skarv Storm Shell\nweight: 480 g\nwaterproof: yes", weight_g=480, waterproof=True),
)
SHELF = {"COAT-1": live(1, 289.0, 4.7), "COAT-2": live(2, 189.5, 4.2), "COAT-3": live(3, 129.99, 4.4)}
REVIEW = document(
    DocumentType.REVIEW,
    "R-1",
    "Warm enough for Tromsø",
    "I bought it in the sale. The hood kept the wind out on every morning walk with the dog. Great!",
    product_id="COAT-1",
    rating=5,
)
RETURNS = document(
    DocumentType.POLICY,
    "returns",
    "Returns",
    "# Returns\n\nYou can return unworn items within 30 days of delivery.\n\n"
    "- Refunds reach your card within 5 business days.\n- Gift cards cannot be returned.",
)
SHIPPING = document(
    DocumentType.FAQ,
    "shipping",
    "How much is shipping?",
    "Q: How much is shipping?\n\nA: Standard shipping is free for orders over $49. Express shipping costs $12.",
)

EVERY_REASON = (
    Reason("favorite_category", "user_behavior:favorite_category", {"category": "Outdoor"}),
    Reason("browsed_category", "user_clicks_last_24h:favorite_category", {"category": "Winter coats", "minutes": 20.0}),
    Reason("browsed_category", "user_clicks_last_24h:favorite_category", {"category": "Winter coats", "minutes": None}),
    Reason("last_viewed_category", "user_session:last_viewed_category", {"category": "Bedding"}),
    Reason("last_viewed_brand", "user_session:last_viewed_brand", {"brand": "Skarv"}),
    Reason("budget_limit", "user_profile:budget_limit", {"amount": 300.0, "currency": "USD"}),
    Reason("usual_spend", "user_behavior:avg_order_value", {"amount": 300.0, "currency": "USD"}),
    Reason("value_for_money", "user_behavior:price_sensitivity_score"),
    Reason("top_rated", "user_behavior:price_sensitivity_score", {"rating": 4.7}),
    Reason("after_purchase", "user_session:last_purchase_product", {"category": "Running shoes"}),
    Reason("after_purchase", "user_session:last_purchase_product", {"category": None}),
    Reason("excluded_brand", "user_profile:excluded_brands", {"brands": ["Acme", "Zeta"]}),
    Reason("excluded_material", "user_profile:excluded_materials", {"materials": ["leather"]}),
    Reason("onboarding_category", "user_profile:onboarding_categories", {"category": "Bedding"}),
    Reason("onboarding_budget", "user_profile:onboarding_budget", {"amount": 250.0, "currency": "USD"}),
    Reason("popular_default", "user_behavior:favorite_category"),
)


@pytest.fixture
def jonas():
    """Browsed winter coats for 20 minutes and asks what to buy."""
    features = {
        CLICKS: feature(CLICKS, "Winter coats"),
        MINUTES: feature(MINUTES, {"Winter coats": 20.0, "Bedding": 2.0}),
        BUDGET: feature(BUDGET, 300.0),
    }
    browsed = Reason("browsed_category", CLICKS, {"category": "Winter coats", "minutes": 20.0})
    budget = Reason("budget_limit", BUDGET, {"amount": 300.0, "currency": "USD"})
    return UnifiedContext(
        user_id="jonas",
        features=features,
        evidence=COATS,
        plan=FilterPlan(honoured=(FilterItem("price", "lte", 300.0, "declared", feature=BUDGET),)),
        timings_ms={},
        reading=Reading("what should I buy?", "open", ""),
        items=SHELF,
        reasons={"COAT-1": (browsed, budget), "COAT-2": (browsed,), "COAT-3": (browsed, budget)},
    )


@pytest.fixture
def shopper(jonas):
    """Every feature a reason can rest on."""
    values = {
        "user_behavior:favorite_category": "Outdoor",
        "user_behavior:avg_order_value": 200.0,
        "user_behavior:price_sensitivity_score": 0.9,
        "user_session:last_viewed_category": "Bedding",
        "user_session:last_viewed_brand": "Skarv",
        "user_session:last_purchase_product": "RUN-0007",
        "user_session:last_purchase_category": "Running shoes",
        "user_profile:excluded_brands": ["Acme", "Zeta"],
        "user_profile:excluded_materials": ["leather"],
        "user_profile:onboarding_categories": ["Kitchen", "Bedding"],
        "user_profile:onboarding_budget": 250.0,
    }
    return {**jonas.features, **{name: feature(name, value) for name, value in values.items()}}


@pytest.fixture
def matching(jonas):
    """Asks for a light coat at most $300."""
    limit = FilterItem("price", "lte", 300.0, "stated", "under 300")
    return replace(
        jonas,
        evidence=(*COATS, REVIEW),
        plan=FilterPlan(honoured=(limit,)),
        reading=Reading(
            "winter coat of low weight under $300, no wind", "product", "winter coat weight wind", limits=(limit,)
        ),
        reasons={},
    )


@pytest.fixture
def comparing(jonas):
    reading = Reading(
        "compare the Aurora Parka and the Wool Overcoat", "compare", "", named=("Aurora Parka", "Wool Overcoat")
    )
    return replace(jonas, evidence=COATS[:2], reading=reading, plan=FilterPlan(), reasons={})


@pytest.fixture
def returning(jonas):
    reading = Reading("How long do I have to return unworn items?", "policy", "return unworn items")
    return replace(jonas, evidence=(SHIPPING, RETURNS), reading=reading, plan=FilterPlan(), reasons={}, items={})


@pytest.fixture
def say():
    """The composer's answer to a context."""

    def answer(context, lang="en"):
        model = Composer().for_turn(context, Sources.of(context), Phrases.load(lang))
        return model.invoke("ignored").content

    return answer


@pytest.fixture
def turn_of():
    return lambda context, lang="en": ComposerTurn(context, Sources.of(context), Phrases.load(lang))
