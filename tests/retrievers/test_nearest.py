from __future__ import annotations

from dataclasses import replace

from retrievers.nearest import OFFERED, givable, looser, nearest
from retrievers.plan import IN_STOCK
from retrievers.ranking.candidates import Candidate
from retrievers.records import FilterItem, FilterPlan
from tests.support.builders import candidate, open_reading, product_reading

PRICE = FilterItem("price", "lte", 50.0, "stated", "under 50")
BRAND = FilterItem("brand", "in", ("acme",), "stated", "acme")
LEATHER = FilterItem("material", "not_in", ("leather",), "declared", "no leather")
MEMORY = FilterItem("attribute:memory", "gte", 16.0, "stated", "at least 16 GB", unit="GB")


def _plan(*items: FilterItem) -> FilterPlan:
    return FilterPlan(honoured=(*items, IN_STOCK))


def _ids(misses: object) -> list[str]:
    return [miss.evidence.metadata["product_id"] for miss in misses]  # type: ignore[attr-defined]


def test_what_was_ruled_out_stays_ruled_out() -> None:
    assert givable(_plan(PRICE, LEATHER, BRAND)) == (PRICE, BRAND)
    loosened = looser(_plan(PRICE, LEATHER, BRAND))
    assert [plan.honoured for plan in loosened] == [
        (LEATHER, BRAND, IN_STOCK),
        (PRICE, LEATHER, IN_STOCK),
        (LEATHER, IN_STOCK),
    ]
    bag = candidate("bag", price=60.0, attributes={"material": "leather"})
    assert nearest([bag], product_reading(), _plan(PRICE, LEATHER)) == ()


def test_nothing_is_looked_for_when_no_limit_may_give() -> None:
    assert looser(_plan(LEATHER)) == []


def test_the_least_broken_comes_first_with_what_it_breaks() -> None:
    near, far, other = (
        candidate("near", price=55.0),
        candidate("far", price=90.0),
        candidate("other", brand="Bolt", price=40.0),
    )
    misses = nearest([far, near], product_reading(), _plan(PRICE))
    assert _ids(misses) == ["near", "far"]
    assert misses[0].broken == (PRICE,)
    both = nearest([other, candidate("dear", brand="Acme", price=54.0)], product_reading(), _plan(PRICE, BRAND))
    assert [(miss.evidence.title, miss.broken) for miss in both] == [
        ("Thing dear", (PRICE,)),
        ("Thing other", (BRAND,)),
    ]


def test_figures_count_by_how_far_they_are_and_unknown_ones_last() -> None:
    rows = [("none", {}), ("8", {"memory": "8 GB"}), ("12", {"memory": "12 GB"})]
    found = nearest([candidate(key, attributes=told) for key, told in rows], product_reading(), _plan(MEMORY))
    assert _ids(found) == ["12", "8", "none"]


def test_what_keeps_every_limit_is_no_near_miss_and_few_are_offered() -> None:
    many = [candidate(f"p{n}", price=51.0 + n) for n in range(9)]
    found = nearest([candidate("fits", price=20.0), *many], product_reading(), _plan(PRICE))
    assert len(found) == OFFERED
    assert "fits" not in _ids(found)


def test_only_what_was_asked_for_is_offered() -> None:
    sleeve, laptop = _of_kind("sleeve", "sleev", 51.0), _of_kind("laptop", "laptop", 400.0)
    reading = product_reading("laptop", "laptop")
    assert _ids(nearest([sleeve, laptop], reading, _plan(PRICE))) == ["laptop"]
    assert _ids(nearest([sleeve, laptop], open_reading(), _plan(PRICE))) == ["sleeve", "laptop"]


def test_sold_out_is_not_near() -> None:
    assert nearest([candidate("gone", price=60.0, stock=0)], product_reading(), _plan(PRICE)) == ()


def _of_kind(key: str, head: str, price: float) -> Candidate:
    made = candidate(key, price=price)
    return replace(made, evidence=replace(made.evidence, metadata={**made.evidence.metadata, "heads": [head]}))
