from __future__ import annotations

import asyncio
import json

import pytest

from app.evaluation.personalization import Report, measure
from app.evaluation.personalization.targets import last_orders
from retrievers.purchases import Order


@pytest.fixture(scope="module")
def report(orders: list[Order], titles: dict[str, str]) -> Report:
    seen: list[tuple[int, int]] = []
    found = asyncio.run(measure(orders, titles, lambda done, total: seen.append((done, total))))
    assert seen[-1] == (found.shoppers, found.shoppers)
    return found


def test_those_who_came_back_are_predicted(report: Report, orders: list[Order]) -> None:
    assert report.shoppers == len(last_orders(orders)) > 20


def test_where_people_buy_again_the_personal_answer_is_best_and_another_s_history_helps_nobody(report: Report) -> None:
    hits = {name: found["hit@10"] for name, found in report.systems.items()}
    assert hits["personalized"] > hits["unpersonalized"]
    assert hits["personalized"] > hits["shuffled"]
    assert report.systems["personalized"]["ndcg@10"] > 2 * report.systems["shuffled"]["ndcg@10"]


def test_the_planted_leak_is_found_and_none_else(report: Report) -> None:
    assert (report.leaks, report.planted, report.examined) == (0, 3, 3)


def test_the_object_has_the_agreed_keys(report: Report) -> None:
    printed = json.loads(json.dumps(report.as_json()))
    systems = {"popular", "popular_28d", "unpersonalized", "personalized"}
    assert set(printed) == {"shoppers", "control", *systems}
    assert all(set(printed[name]) == {"hit@10", "ndcg@10"} for name in systems)
    assert set(printed["control"]) == {"shuffled", "leak"}


async def test_a_shop_nobody_came_back_to_cannot_be_measured(orders: list[Order], titles: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="nothing to predict"):
        await measure(orders[:1], titles, lambda done, total: None)
