from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from retrievers.plan import make_plan, without_feature
from retrievers.ranking import POPULARITY, Pool, Selection, open_pool, select
from retrievers.ranking.candidates import Candidate
from retrievers.ranking.forecast import PURCHASED, Familiar, companions
from retrievers.ranking.signals import BOUND, OPEN_BOUND, Market, contributions
from retrievers.records import FilterPlan, ItemFacts, Reading, ShopperFeatures, SortBy
from tests.support.builders import NOW, candidate, features, open_reading, product, product_reading


def _select(
    pool: Pool, reading: Reading, known: ShopperFeatures, plan: FilterPlan | None = None, k: int = 3
) -> Selection:
    return select(pool, reading, plan or make_plan(reading, known), known, k, NOW)


def _ids(selection: Selection) -> list[str]:
    return [ranked.candidate.product_id for ranked in selection.products]


def _random_pool(rng: random.Random) -> tuple[Candidate, ...]:
    return tuple(
        candidate(
            f"p{number}",
            round(rng.random(), 3),
            brand=rng.choice(["Acme", "Bolt", "Crux"]),
            category=("Wear", rng.choice(["Coats", "Shoes", "Socks"])),
            kind=rng.choice(["coat", "shoe", "sock"]),
            price=round(rng.uniform(5, 400), 2),
            rating=round(rng.uniform(2, 5), 1),
        )
        for number in range(30)
    )


def _random_features(rng: random.Random) -> ShopperFeatures:
    values = {
        "user_behavior__favorite_category": rng.choice(["Coats", "Shoes"]),
        "user_clicks_last_24h__favorite_category": rng.choice(["Coats", "Socks"]),
        "user_session__last_viewed_brand": rng.choice(["Acme", "Bolt"]),
        "user_behavior__price_sensitivity_score": rng.random(),
        "user_behavior__avg_order_value": rng.uniform(20, 300),
        "user_profile__budget_limit": rng.uniform(50, 400),
    }
    return features(**{name: value for name, value in values.items() if rng.random() < 0.7})


@pytest.mark.parametrize("seed", range(40))
def test_every_reason_is_causal(seed: int) -> None:
    """Taking the feature away worsens the product's place or removes it; no reason survives its feature."""
    rng = random.Random(seed)
    everything, known = _random_pool(rng), _random_features(rng)
    reading = open_reading() if seed % 2 else product_reading()
    plan = make_plan(reading, known)
    pool = Pool(everything)
    selection = _select(pool, reading, known, plan, k=5)
    places = {product_id: place for place, product_id in enumerate(_ids(selection))}
    for product_id, reasons in selection.reasons.items():
        for reason in reasons:
            rest = {name: value for name, value in known.items() if name != reason.feature}
            level = reason.feature == POPULARITY
            others = Pool(tuple(replace(c, base=0.5) for c in everything)) if level else pool
            without = _select(others, reading, rest, without_feature(plan, reason.feature), k=5)
            assert without.products
            place = _ids(without).index(product_id) if product_id in _ids(without) else 5
            assert place > places[product_id]
            assert level or reason.feature not in {r.feature for r in without.reasons.get(product_id, ())}


def _shop_with_history(rng: random.Random) -> tuple[Pool, ShopperFeatures]:
    """Thirty products on the shelf, some of ten more bought before; orders tell something of all of them."""
    names = [f"p{number}" for number in range(40)]
    facts = {
        name: ItemFacts(
            name,
            price=round(rng.uniform(5, 400), 2),
            stock=5,
            order_share=rng.random() / 50,
            trend=rng.uniform(0.3, 2),
            repurchase_rate=rng.choice([0.0, 0.02, 0.3]),
            bought_together={other: round(rng.random(), 2) for other in rng.sample(names, 3) if other != name},
        )
        for name in names
    }
    shelf = {
        name: product(
            name, kind=rng.choice(["coat", "shoe", "sock"]), category=("Wear", rng.choice(["Coats", "Socks"]))
        )
        for name in names
    }
    bought = {name: float(rng.randint(1, 5)) for name in rng.sample(names, 6)}
    known = {**_random_features(rng), **features(user_purchases__purchased_products=bought)}
    company = companions(facts[name] for name in bought)
    familiar = Familiar({name: shelf[name] for name in [*bought, *company]}, company, {n: facts[n] for n in bought})
    return open_pool([shelf[name] for name in names[:30]], {}, familiar, facts, known), known


@pytest.mark.parametrize("seed", range(40))
def test_every_reason_from_what_was_bought_is_causal_and_true(seed: int) -> None:
    """Without the purchases the product stands worse, and the reason says what the history holds."""
    pool, known = _shop_with_history(random.Random(seed))
    selection = _select(pool, open_reading(), known, k=5)
    rest = {name: value for name, value in known.items() if name != PURCHASED}
    others = replace(pool, candidates=pool.without[PURCHASED])
    without = _ids(_select(others, open_reading(), rest, k=5))
    bought = known[PURCHASED].value
    for place, product_id in enumerate(_ids(selection)):
        for reason in (reason for reason in selection.reasons[product_id] if reason.feature == PURCHASED):
            assert product_id not in without or without.index(product_id) > place
            if reason.kind == "bought_together":
                assert product_id not in bought
                assert reason.params["product"] in {f"Thing {name}" for name in bought}
            else:
                assert reason.params["times"] == bought[product_id]
                assert reason.kind == ("bought_once" if bought[product_id] == 1 else "bought_often")


def test_purchases_give_reasons_of_every_kind() -> None:
    shops = [_shop_with_history(random.Random(seed)) for seed in range(40)]
    given = [_select(pool, open_reading(), known, k=5).reasons.values() for pool, known in shops]
    kinds = {reason.kind for by_product in given for reasons in by_product for reason in reasons}
    assert kinds >= {"bought_once", "bought_often", "bought_together"}


def test_what_was_bought_and_is_not_bought_again_is_demoted_in_a_search() -> None:
    """Within the bound: a coat bought before is no longer first, one that fits much worse still comes after it."""
    rate = ItemFacts("mine", 10.0, 5, repurchase_rate=0.001, trend=1.0)
    mine = replace(candidate("mine", 0.8), facts=rate)
    near, far = candidate("near", 0.75), candidate("far", 0.4)
    known = features(user_purchases__purchased_products={"mine": 1.0})
    assert _ids(_select(Pool((mine, near, far)), product_reading(), {})) == ["mine", "near", "far"]
    assert _ids(_select(Pool((mine, near, far)), product_reading(), known)) == ["near", "mine", "far"]


def test_the_property_above_is_not_empty() -> None:
    rngs = [random.Random(seed) for seed in range(40)]
    found = [_select(Pool(_random_pool(rng)), open_reading(), _random_features(rng)).reasons for rng in rngs]
    assert sum(bool(reasons) for by_product in found for reasons in by_product.values()) > 40


@pytest.mark.parametrize("seed", range(20))
def test_preferences_stay_within_their_bound(seed: int) -> None:
    rng = random.Random(seed)
    pool, known = _random_pool(rng), _random_features(rng)
    market = Market.of(pool, Familiar(), NOW)
    for open_question, bound in ((False, BOUND), (True, OPEN_BOUND)):
        totals = [sum(contributions(c, known, market, open_question=open_question).values()) for c in pool]
        assert all(abs(total) <= bound + 1e-9 for total in totals)
        assert len(set(totals)) > 1 or not known


def test_live_values_decide_about_limits() -> None:
    known = features(user_profile__budget_limit=100.0)
    risen = candidate("risen", 0.9, price=90.0, live_price=120.0)
    sold = candidate("sold", 0.8, stock=0)
    fine = candidate("fine", 0.1, price=90.0)
    assert _ids(_select(Pool((risen, sold, fine)), product_reading(), known)) == ["fine"]


def test_unknown_price_breaks_only_a_price_limit() -> None:
    unknown = Candidate(product("unknown"), 0.5, None)
    assert _ids(_select(Pool((unknown,)), product_reading(), {})) == ["unknown"]
    assert _ids(_select(Pool((unknown,)), product_reading(), features(user_profile__budget_limit=100.0))) == []


def test_what_was_just_bought_is_not_offered_again_but_what_goes_with_it_is() -> None:
    shoe = product("bought", kind="shoe", category=("Running", "Shoes"))
    pool = Pool(
        (
            candidate("shoe", 0.9, kind="shoe", category=("Running", "Shoes")),
            candidate("sock", 0.7, kind="sock", category=("Running", "Socks")),
            candidate("mug", 0.7, kind="mug", category=("Kitchen", "Mugs")),
        ),
        familiar=Familiar({"bought": shoe}),
    )
    known = features(
        user_session__last_purchase_product="bought",
        user_session__last_purchase_category="Shoes",
        user_session__last_purchased_at=NOW - timedelta(days=7),
    )
    selection = _select(pool, open_reading(), known)
    assert _ids(selection) == ["sock", "mug", "shoe"]
    assert [reason.kind for reason in selection.reasons["sock"]] == ["after_purchase"]
    long_ago = {**known, **features(user_session__last_purchased_at=NOW - timedelta(days=300))}
    assert _ids(_select(pool, open_reading(), long_ago))[0] == "shoe"


def test_variants_share_one_card() -> None:
    red = candidate("red", 0.9, attributes={"family": "parka-1"})
    blue = candidate("blue", 0.8, attributes={"family": "parka-1"})
    other = candidate("other", 0.6)
    assert _ids(_select(Pool((red, blue, other)), product_reading(), {})) == ["red", "other"]


def test_open_questions_are_answered_with_variety() -> None:
    coats = [candidate(f"coat{n}", 0.9 - n / 100, kind="coat") for n in range(5)]
    sock = candidate("sock", 0.1, kind="sock")
    assert _ids(_select(Pool((*coats, sock)), open_reading(), {}, k=4)) == ["coat0", "coat1", "coat2", "sock"]


def test_cheapest_orders_what_is_relevant_only() -> None:
    near, dear, far = (
        candidate("near", 0.8, price=50.0),
        candidate("dear", 0.9, price=90.0),
        candidate("far", 0.4, price=1.0),
    )
    reading = replace(product_reading(), sort=SortBy("price"))
    assert _ids(_select(Pool((near, dear, far)), reading, {})) == ["near", "dear", "far"]


def test_the_cheapest_laptop_is_no_laptop_sleeve() -> None:
    laptop, sleeve = candidate("laptop", 0.8, price=50.0), candidate("sleeve", 0.9, price=5.0)
    metadata = {**laptop.evidence.metadata, "heads": ["notebook"]}
    laptop = replace(laptop, evidence=replace(laptop.evidence, metadata=metadata))
    reading = replace(product_reading(), sort=SortBy("price"))
    heads = frozenset(("laptop", "notebook"))
    assert _ids(_select(Pool((laptop, sleeve), heads=heads), reading, {})) == ["laptop", "sleeve"]
    assert _ids(_select(Pool((laptop, sleeve)), reading, {})) == ["sleeve", "laptop"]


def test_what_only_popularity_put_there_says_so() -> None:
    liked, other = candidate("z-liked", 1.0), candidate("a-other", 0.2)
    selection = _select(Pool((liked, other)), open_reading(), {}, k=1)
    assert _ids(selection) == ["z-liked"]
    assert [(r.kind, r.feature) for r in selection.reasons["z-liked"]] == [("popular_default", "item_stats:popularity")]


def test_no_reason_is_given_to_a_shopper_nothing_is_known_about() -> None:
    selection = _select(Pool((candidate("a"), candidate("b"))), product_reading(), {})
    assert not any(selection.reasons.values())


def test_a_row_is_not_filled_up_with_what_was_not_asked_for() -> None:
    pool = Pool((candidate("asked", 0.9), candidate("near", 0.5), candidate("far", 0.1)))
    assert _ids(_select(pool, product_reading(), {})) == ["asked", "near"]
