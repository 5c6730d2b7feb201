"""Journeys played on the small shop: worlds of their own, repeats, failures, and the control that must fail."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import SecretStr

from app.evaluation.experiments.outcomes import label_of
from app.evaluation.experiments.record import Fault
from app.evaluation.journeys import Worlds, measure, read_journeys
from app.evaluation.journeys.journey import Journey
from app.evaluation.rows import EvaluationError
from app.worlds import open_worlds
from graphs.answer import FinalAnswer
from graphs.models.prices import Prices
from retrievers.records import Degradation
from tests.support.demo_shop import offline

PRICES = Prices.load()
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
        report = (await measure(order, worlds, PRICES, repeat=2)).as_json()
        assert report["failures"] == []
        assert (report["journeys"], report["repeat"]) == (3, 2)
        assert (report["pass^1"], report["pass^k"], report["control_pass^1"]) == (1.0, 1.0, 0.0)


async def test_a_failure_says_where_and_what_was_there_instead(worlds: Worlds) -> None:
    wrong = journey("wrong", SOCKS, {"say": "what's in my cart?", "expect": {"cart": {"quantity": 4}}})
    fine = journey("fine", SOCKS)
    report = (await measure([wrong, fine], worlds, PRICES, repeat=2)).as_json()
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


async def test_what_no_product_of_the_shop_is_cannot_be_held_against_the_assistant(worlds: Worlds) -> None:
    """`dear` may be met by the socks there are, once they are shown; nothing meets `free`, and `sold_out` only here."""
    kind = {"kind": "running sock"}
    free = journey("free", {**SOCKS, "expect": {"products": {"any": {**kind, "price": {"max": 0.01}}}}})
    dear = journey("dear", {"say": "winter coats", "expect": {"products": {"any": kind}}})
    shelf = {"sock-1": {"stock": 0}}
    sold_out = journey(
        "sold out", {**SOCKS, "expect": {"products": {"any": {**kind, "in_stock": True}}}}, given={"shelf": shelf}
    )
    report = await measure([free, dear, sold_out], worlds, PRICES)
    assert {each["journey"]: each["label"] for each in report.as_json()["failures"]} == {
        "free": "gold",
        "dear": "agent",
        "sold out": "gold",
    }
    summary = report.as_json()["summary"]
    assert summary["labels"] == {"agent": 1, "simulator": 0, "gold": 2, "infrastructure": 0}
    assert summary["pass"]["pass^1"]["value"] == summary["without_gold_and_infrastructure"]["value"] == 0.0


@dataclass
class Breaking:
    """An assistant that something happens to in its second turn."""

    inner: Any
    happens: str
    turns: int = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    async def ask(self, turn: Any) -> FinalAnswer:
        self.turns += 1
        if self.turns == 2 and self.happens == "exception":
            raise RuntimeError("the disk is full")
        answer = await self.inner.ask(turn)
        slow = Degradation("rerank", "empty" if self.happens == "empty" else "slow")
        return answer.model_copy(update={"degraded": (slow,)}) if self.turns == 2 else answer


@pytest.mark.parametrize(
    ("happens", "down", "labels"),
    [
        ("slow", [], ["agent", "infrastructure", "infrastructure"]),
        ("empty", [], ["agent", "agent", "agent"]),
        ("slow", ["items"], ["agent", "agent", "agent"]),
        ("exception", [], ["agent", "infrastructure"]),
    ],
)
async def test_after_a_breakdown_nobody_asked_for_it_is_the_machines_fault(
    worlds: Worlds, tmp_path: Path, happens: str, down: list[str], labels: list[str]
) -> None:
    def assemble(*parts: Any, **how: Any) -> Any:
        return Breaking(worlds.base.assemble(*parts, **how), happens)

    wrong = {**SOCKS, "expect": {"cart": {"quantity": 4}}}
    broken = journey("broken", wrong, wrong, wrong, given={"down": down})
    report = await measure([broken], Worlds(replace(worlds.base, assemble=assemble), tmp_path), PRICES)
    failures = report.as_json()["failures"]
    assert [each["label"] for each in failures] == labels
    if happens == "exception":
        assert (failures[-1]["assertion"], failures[-1]["found"]) == ("turn", "RuntimeError: the disk is full")
    (case,) = report.experiment("kept", {}).cases
    assert label_of(case.trials[0]) == "agent"


async def test_what_the_composer_says_in_place_of_a_model_is_no_pass_of_the_model(shop: Any) -> None:
    nowhere = {"openai_api_key": SecretStr("any"), "openai_base_url": "http://127.0.0.1:9/v1"}
    with open_worlds(offline(shop.data).model_copy(update=nowhere)) as modelled:
        report = await measure(
            [journey("fine", SOCKS), journey("down", SOCKS, given={"down": ["model"]})], modelled, PRICES
        )
    (failure,) = report.as_json()["failures"]
    assert (failure["journey"], failure["assertion"], failure["label"]) == ("fine", "model", "infrastructure")
    assert "cannot be reached" in failure["found"]


async def test_an_experiment_is_what_was_played(worlds: Worlds) -> None:
    wrong = journey("wrong", SOCKS, {"say": "what's in my cart?", "expect": {"cart": {"quantity": 4}}})
    report = await measure([journey("fine", SOCKS), wrong], worlds, PRICES, repeat=3)
    kept = report.experiment("nightly", {"model": "composer"})
    assert (kept.name, kept.kind) == ("nightly", "journeys")
    assert kept.settings == {"index_generation": worlds.base.index.manifest().generation, "repeat": "3"} | {
        "model": "composer"
    }
    assert [(case.id, case.group, len(case.trials)) for case in kept.cases] == [
        ("fine", "cart", 3),
        ("wrong", "cart", 3),
    ]
    first = kept.cases[1].trials[0]
    assert not first.passed
    assert first.faults == (Fault(label="agent", check="turn 2: cart.quantity", detail="expected 4, found 0"),)
    assert len(set(first.run_ids)) == 2
    assert first.latency_ms is not None
    assert (first.total_tokens, first.cost_usd) == (0, 0.0), "the composer's"
    told = report.as_json()
    assert (told["pass^1"], told["pass^k"]) == (0.5, 0.5)
    assert list(told["summary"]["pass"]) == ["pass^1", "pass^2", "pass^3"]


@pytest.mark.usefixtures("in_foreground")
def test_an_interrupt_leaves_what_was_played_to_the_end(worlds: Worlds) -> None:
    def interrupt(*_: Any) -> None:
        signal.raise_signal(signal.SIGINT)

    report = asyncio.run(measure([journey("fine", SOCKS), journey("never", SOCKS)], worlds, PRICES, progress=interrupt))
    told = report.as_json()
    assert (told["interrupted"], told["journeys"], told["pass^1"]) == (True, 1, 1.0)
    assert [case.id for case in report.experiment("kept", {}).cases] == ["fine"]


async def test_a_journey_that_doing_nothing_would_pass_is_named(worlds: Worlds) -> None:
    idle = journey("idle", {"say": "merino running socks", "expect": {"cart": {"empty": True}}})
    report = await measure([idle, journey("fine", SOCKS)], worlds, PRICES)
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
    assert (await measure([twice], worlds, PRICES)).as_json()["failures"] == []


async def test_confirming_what_was_not_proposed_is_a_failure(worlds: Worlds) -> None:
    early = journey("early", {"confirm": "accept", "expect": {"orders": {"count": 0}}})
    (failure,) = (await measure([early], worlds, PRICES)).as_json()["failures"]
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
    assert (await measure([eventful], worlds, PRICES)).as_json()["failures"] == []


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
        await measure([journey("wrong", SOCKS, given=given)], worlds, PRICES)


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
        await measure([journey("odd", {"say": "socks", "expect": expected})], worlds, PRICES)


def test_the_example_of_the_documentation_is_a_journey(tmp_path: Path) -> None:
    page = (Path(__file__).parents[4] / "docs" / "journeys.md").read_text(encoding="utf-8")
    example = page.split("```yaml\n")[1].split("```")[0]
    (tmp_path / "example.yaml").write_text(example, encoding="utf-8")
    assert yaml.safe_load(example)
    assert read_journeys(tmp_path)
