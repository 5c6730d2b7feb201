from __future__ import annotations

from dataclasses import replace

import pytest

from retrievers.index.protocol import Hit
from retrievers.kinds import bounded, of_kind
from retrievers.records import FilterItem, FilterPlan
from tests.support.builders import product


def _hit(key: str, *heads: str) -> Hit:
    item = product(key)
    return Hit(replace(item, metadata={**item.metadata, "heads": heads}), None)


DESK, LAMP, UNTOLD = _hit("desk", "desk"), _hit("lamp", "lamp"), _hit("untold")


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (FilterItem("price", "lte", 300.0, "stated"), True),
        (FilterItem("price", "lte", 500.0, "declared"), True),
        (FilterItem("attribute:width", "gte", 120.0, "stated"), True),
        (FilterItem("price", "lte", 120.0, "behavioural"), False),
        (FilterItem("stock", "gte", 1.0, "policy"), False),
        (FilterItem("brand", "in", ("acme",), "stated"), False),
    ],
)
def test_only_a_bound_that_was_meant_counts(item: FilterItem, expected: bool) -> None:
    assert bounded(FilterPlan(honoured=(item,))) is expected


def test_a_lamp_is_no_desk_and_what_tells_no_kind_is_none() -> None:
    assert of_kind((LAMP, DESK, UNTOLD), ("desk",)) == (DESK,)
    assert of_kind((LAMP, UNTOLD), ("desk",)) == ()


def test_without_a_known_kind_everything_stays() -> None:
    assert of_kind((LAMP, DESK), ()) == (LAMP, DESK)
