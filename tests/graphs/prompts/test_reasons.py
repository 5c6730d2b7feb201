"""Every reason the ranking can give has its words, in every language."""

from __future__ import annotations

from datetime import timedelta

import pytest

from graphs.prompts.phrases import Phrases
from graphs.turn import Lang
from retrievers.ranking.forecast import Familiar
from retrievers.ranking.signals import SIGNALS, Market, reason_for
from tests.support.builders import NOW, candidate, features, product

KNOWN = features(
    user_clicks_last_24h__favorite_category="Shoes",
    user_clicks_last_24h__browse_minutes={"Shoes": 12.0},
    user_profile__onboarding_categories=["Shoes"],
    user_behavior__favorite_category="Running",
    user_behavior__last_viewed_brand="Acme",
    user_behavior__price_sensitivity_score=0.2,
    user_session__last_viewed_category="Shoes",
    user_session__last_viewed_brand="Acme",
    user_session__last_purchase_product="other",
    user_session__last_purchase_category="Socks",
    user_session__last_purchased_at=NOW - timedelta(days=3),
)


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_every_signal_has_a_phrase(lang: Lang) -> None:
    shown = candidate("p", brand="Acme", category=("Running", "Shoes"), kind="shoe", rating=4.9)
    other = product("other", kind="sock", category=("Running", "Socks"))
    market = Market.of([shown], Familiar({"other": other}), NOW)
    reasons = [reason_for(signal.feature, shown, KNOWN, market) for signal in SIGNALS]
    assert all(reasons)
    for reason in reasons:
        assert reason is not None
        assert Phrases.load(lang).reason(reason).strip()
