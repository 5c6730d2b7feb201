"""Journeys played on the small shop: worlds of their own, repeats, failures, and the control that must fail."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.evaluation.journeys import Worlds, measure, read_journeys
from app.evaluation.journeys.journey import Journey
from app.evaluation.rows import EvaluationError
from app.worlds import open_worlds
from tests.support.demo_shop import offline

ADDING: dict[str, Any] = {"say": "add it to my cart", "expect": {"cart": {"lines": [{"product": "sock-1"}]}}}
SOCKS: dict[str, Any] = {"say": "merino running socks", "expect": {"products": {"first": {"kind": "running sock"}}}}


def journey(name: str, *turns: dict[str, Any], **more: Any) -> Journey:
    given = {"name": name, "group": "cart", "description": "d", "shopper": "runner", "turns": list(turns), **more}
    return Journey.model_validate(given)


@pytest.fixture(scope="module")
def worlds(shop: Any) -> Iterator[Worlds]:
    with open_worlds(offline(shop.data)) as opened:
        yield opened


async def test_journeys_do_not_see_one_another(worlds: Worlds) -> None:
    """Each finds the cart, the orders and the preferences as it was given them, in whatever order they are played."""
    fills = journey("fills", SOCKS, {**ADDING, "say": "add the first one to my cart"})
    sets = journey(
        "sets",
        {"say": "my budget is 20 from now on", "expect": {"preferences": {"budget_limit": 20}}},
        {"say": "running socks", "expect": {"filters": {"honoured": [{"field": "price", "origin": "declared"}]}}},
    )
    looks = journey(
        "looks",
        {
            "say": "what's in my cart?",
            "expect": {
                "cart": {"lines": [{"product": "watch-1", "quantity": 2}]},
                "orders": {"count": 1, "include": [{"id": "W1", "status": "delivered"}]},
                "preferences": {"budget_limit": None},
                "actions": {"include": [{"tool": "view_cart", "status": "done"}]},
            },
        },
        given={
            "cart": [{"product": "watch-1", "quantity": 2}],
            "orders": [{"id": "W1", "status": "delivered", "lines": [{"product": "coat-1"}]}],
        },
    )
    for order in ([fills, sets, looks], [looks, sets, fills]):
        report = (await measure(order, worlds, repeat=2)).as_json()
        assert report["failures"] == []
        assert (report["journeys"], report["repeat"]) == (3, 2)
        assert (report["pass^1"], report["pass^k"], report["control_pass^1"]) == (1.0, 1.0, 0.0)


async def test_a_failure_says_where_and_what_was_there_instead(worlds: Worlds) -> None:
    wrong = journey("wrong", SOCKS, {"say": "what's in my cart?", "expect": {"cart": {"quantity": 4}}})
    fine = journey("fine", SOCKS)
    report = (await measure([wrong, fine], worlds, repeat=2)).as_json()
    assert (report["pass^1"], report["pass^k"]) == (0.5, 0.5)
    assert [each["run"] for each in report["failures"]] == [1, 2]
    assert report["failures"][0] == {
        "journey": "wrong",
        "group": "cart",
        "turn": 2,
        "assertion": "cart.quantity",
        "expected": 4,
        "found": 0,
        "label": "agent",
        "run": 1,
    }
    assert report["groups"] == {"cart": {"journeys": 2, "passed": 1}}


async def test_a_journey_that_doing_nothing_would_pass_is_named(worlds: Worlds) -> None:
    idle = journey("idle", {"say": "merino running socks", "expect": {"cart": {"empty": True}}})
    report = await measure([idle, journey("fine", SOCKS)], worlds)
    assert report.passed
    assert report.idle == ["idle"]
    assert report.as_json()["control_pass^1"] == 0.5


async def test_a_proposal_is_decided_once_however_often_and_from_wherever(worlds: Worlds) -> None:
    twice = journey(
        "twice",
        {"say": "check out", "expect": {"actions": {"include": [{"tool": "place_order", "status": "proposed"}]}}},
        {
            "confirm": "accept",
            "repeat": 3,
            "at_once": True,
            "expect": {"orders": {"count": 1}, "cart": {"empty": True}},
        },
        {"confirm": "decline", "of": 1, "expect": {"orders": {"count": 1}}},
        given={"cart": [{"product": "sock-1"}]},
    )
    assert (await measure([twice], worlds)).as_json()["failures"] == []


async def test_confirming_what_was_not_proposed_is_a_failure(worlds: Worlds) -> None:
    early = journey("early", {"confirm": "accept", "expect": {"orders": {"count": 0}}})
    (failure,) = (await measure([early], worlds)).as_json()["failures"]
    assert failure["assertion"] == "confirm"
    assert failure["found"] == []


async def test_what_happens_meanwhile_happens(worlds: Worlds) -> None:
    eventful = journey(
        "eventful",
        {**SOCKS, "expect": {"degraded": [], **SOCKS["expect"]}},
        {
            "say": "winter coats",
            "meanwhile": {"down": ["features"], "orders": {"W1": "processed"}},
            "expect": {
                "degraded": [{"part": "features"}],
                "orders": {"include": [{"id": "W1", "status": "processed"}]},
            },
        },
        {
            "say": "winter coats",
            "meanwhile": {"down": [], "shelf": {"coat-1": {"stock": 0}}},
            "expect": {"degraded": [], "products": {"exclude": ["coat-1"], "first": {"kind": "winter coat"}}},
        },
        given={"orders": [{"id": "W1", "status": "pending", "lines": [{"product": "coat-1"}]}]},
    )
    assert (await measure([eventful], worlds)).as_json()["failures"] == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"cart": [{"product": "no-such"}]}, "journey 'wrong': given: the shop has no product no-such"),
        ({"shelf": {"no-such": {"stock": 0}}}, "journey 'wrong': no product is called 'no-such'"),
        ({"preferences": {"budget_limit": "much"}}, "given.preferences.budget_limit"),
        (
            {"orders": [{"id": "W1", "status": "pending", "lines": [{"product": "sock-1"}], "paid_with": "visa"}]},
            "W1 is paid with visa, which runner has not",
        ),
    ],
)
async def test_what_does_not_exist_cannot_be_given(worlds: Worlds, given: dict[str, Any], said: str) -> None:
    with pytest.raises(EvaluationError, match=said):
        await measure([journey("wrong", SOCKS, given=given)], worlds)


@pytest.mark.parametrize(
    ("expected", "said"),
    [
        ({"actions": {"include": [{"tool": "add_to_cat"}]}}, "no tool is called 'add_to_cat'"),
        ({"products": {"all": {"attributes": {"colur": "red"}}}}, "no attribute is called 'colur'"),
        ({"filters": {"honoured": [{"field": "cost"}]}}, "no field is called 'cost'"),
        ({"filters": {"honoured": [{"field": "attribute:nosuch"}]}}, "no attribute is called 'nosuch'"),
        ({"features": {"used": ["budget"]}}, "no feature is called 'budget'"),
        ({"products": {"exclude": ["sock-9"]}}, "no product is called 'sock-9'"),
        ({"products": {"none": {"kind": "runing sock"}}}, "no kind is called 'runing sock'; there is .*running sock"),
        ({"products": {"none": {"brand": "Nike"}}}, "no brand is called 'nike'"),
        ({"products": {"none": {"category": "Fish"}}}, "no category is called 'fish'"),
        ({"cart": {"lines": [{"product": "sock-9"}]}}, "no product is called 'sock-9'"),
    ],
)
async def test_what_nobody_can_read_is_an_error_and_no_pass(
    worlds: Worlds, expected: dict[str, Any], said: str
) -> None:
    with pytest.raises(EvaluationError, match=f"journey 'odd', turn 1: {said}"):
        await measure([journey("odd", {"say": "socks", "expect": expected})], worlds)


def test_the_example_of_the_documentation_is_a_journey(tmp_path: Path) -> None:
    page = (Path(__file__).parents[4] / "docs" / "journeys.md").read_text(encoding="utf-8")
    example = page.split("```yaml\n")[1].split("```")[0]
    (tmp_path / "example.yaml").write_text(example, encoding="utf-8")
    assert yaml.safe_load(example)
    assert read_journeys(tmp_path)
