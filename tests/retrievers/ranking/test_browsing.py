from __future__ import annotations

from retrievers.ranking.browsing import open_pool
from retrievers.ranking.forecast import PURCHASED, Companion, Familiar, place_level
from retrievers.records import ItemFacts
from tests.support.builders import features, product

SHELF = [product(name) for name in ("first", "second", "third")]
KNOWN = features(user_purchases__purchased_products={"mine": 2.0})
FAMILIAR = Familiar({name: product(name) for name in ("mine", "company", "last")}, {"company": Companion("mine", 0.3)})


def ids(candidates) -> list[str]:
    return [candidate.product_id for candidate in candidates]


def test_what_is_bought_again_and_its_company_join_the_shelf() -> None:
    pool = open_pool(SHELF, {"user_profile:budget_limit": SHELF[:1]}, FAMILIAR, {}, KNOWN)
    assert ids(pool.candidates) == ["first", "second", "third", "mine", "company"]
    assert ids(pool.without["user_profile:budget_limit"]) == ["first", "mine", "company"]
    assert ids(pool.without[PURCHASED]) == ["first", "second", "third"]


def test_a_product_on_the_shelf_is_there_once() -> None:
    pool = open_pool([*SHELF, product("mine")], {}, FAMILIAR, {}, KNOWN)
    assert ids(pool.candidates).count("mine") == 1


def test_what_sells_lately_comes_first_and_the_rest_keeps_its_order() -> None:
    facts = {"third": ItemFacts("third", order_share=0.02), "mine": ItemFacts("mine", order_share=0.01)}
    pool = open_pool(SHELF, {}, FAMILIAR, facts, KNOWN)
    bases = {candidate.product_id: candidate.base for candidate in pool.candidates}
    assert ids(pool.candidates)[:3] == ["third", "first", "second"]
    assert bases["third"] == place_level(0)
    assert bases["mine"] == bases["first"] == place_level(1)
    assert bases["company"] == place_level(3)


def test_nothing_of_a_stranger_joins() -> None:
    pool = open_pool(SHELF, {}, Familiar(), None, {})
    assert ids(pool.candidates) == ["first", "second", "third"]
    assert not pool.without
