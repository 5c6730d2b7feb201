from __future__ import annotations

from dataclasses import replace

import pytest

from retrievers.ranking.candidates import Candidate
from retrievers.ranking.forecast import (
    PURCHASED,
    Companion,
    Familiar,
    chance,
    companions,
    gain,
    level,
    likeness,
    place_level,
    purchased,
)
from retrievers.records import FeatureValue, ItemFacts
from tests.support.builders import candidate, features

HISTORY = FeatureValue(PURCHASED, {"bought": 2.0}, "online")


def sold(product_id: str, base: float = 0.6, **facts: object) -> Candidate:
    shown = candidate(product_id, base)
    return replace(shown, facts=replace(shown.facts or ItemFacts(product_id), **facts))


def test_levels_and_chances_are_each_other_s_inverse() -> None:
    assert level(0.1) == pytest.approx(1.0)
    assert level(0.0) == 0.0
    for of in (0.2, 0.5, 0.9, 1.1):
        assert level(chance(of)) == pytest.approx(of)


def test_places_fall_and_stay_on_the_scale() -> None:
    levels = [place_level(place) for place in range(100)]
    assert levels == sorted(levels, reverse=True)
    assert 0 < levels[-1] < levels[0] < 1


def test_what_is_bought_again_rises_with_the_times_and_what_is_not_sinks() -> None:
    coffee, coat = sold("bought", repurchase_rate=0.3, trend=1.0), sold("bought", repurchase_rate=0.002, trend=1.0)
    assert gain(HISTORY, coffee, Familiar(), coffee.base) > 0 > gain(HISTORY, coat, Familiar(), coat.base)
    often = replace(HISTORY, value={"bought": 5.0})
    assert gain(often, coffee, Familiar(), coffee.base) > gain(HISTORY, coffee, Familiar(), coffee.base)
    fading = sold("bought", repurchase_rate=0.3, trend=0.2)
    assert gain(HISTORY, fading, Familiar(), fading.base) < gain(HISTORY, coffee, Familiar(), coffee.base)


def test_its_level_is_the_chance_whatever_the_shelf_says() -> None:
    high, low = (sold("bought", base, repurchase_rate=0.05, trend=1.0) for base in (0.9, 0.1))
    assert [base.base + gain(HISTORY, base, Familiar(), base.base) for base in (high, low)] == pytest.approx(
        [level(0.1)] * 2
    )


def test_nothing_is_forecast_where_orders_say_nothing() -> None:
    assert gain(HISTORY, sold("bought"), Familiar(), 0.6) == 0.0
    assert gain(HISTORY, sold("other", repurchase_rate=0.9), Familiar(), 0.6) == 0.0


def test_company_of_what_was_bought_rises_with_its_strength() -> None:
    weak, strong = (Familiar(companions={"sock": Companion("bought", strength)}) for strength in (0.05, 0.5))
    sock = sold("sock")
    assert 0 < gain(HISTORY, sock, weak, sock.base) < gain(HISTORY, sock, strong, sock.base)


def test_companions_are_not_owned_and_remember_the_strongest_tie() -> None:
    shoe = ItemFacts("shoe", bought_together={"sock": 0.2, "gel": 0.4, "belt": 0.1})
    gel = ItemFacts("gel", bought_together={"sock": 0.3, "shoe": 0.4})
    found = companions([shoe, gel])
    assert found == {"sock": Companion("gel", 0.3), "belt": Companion("shoe", 0.1)}
    assert list(found) == ["sock", "belt"]


def test_likeness_counts_from_either_side() -> None:
    shoe, sock = sold("shoe", bought_together={"sock": 0.4}), sold("sock", bought_together={})
    assert likeness(shoe, sock) == likeness(sock, shoe) == 0.4
    assert likeness(shoe, sold("mug")) == 0.0


def test_a_stale_history_is_none() -> None:
    assert purchased(features("stale", user_purchases__purchased_products={"a": 1.0})) == {}
    assert list(purchased(features(user_purchases__purchased_products={"a": 1.0, "b": 3.0}))) == ["b", "a"]
