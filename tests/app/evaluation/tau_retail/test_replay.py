"""A small world of the published shape; the whole published one where it is at hand."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest

from app.evaluation.rows import EvaluationError
from app.evaluation.tau_retail import measure, read_dataset, read_tasks
from tests.support.retail_world import (
    CANCELLED,
    EXCHANGED,
    ITEMS_CHANGED,
    MOVED,
    PAID,
    RETURNED,
    TOO_DEAR,
    action,
    put_world,
)

_PUBLISHED = Path(__file__).parents[5] / "shared" / "data" / "tau_retail"
TASKS = [CANCELLED, ITEMS_CHANGED, RETURNED, EXCHANGED, MOVED, TOO_DEAR]


@pytest.fixture
def folder(tmp_path):
    return put_world(tmp_path)


def _measured(folder, *tasks):
    path = folder / "tasks.jsonl"
    path.write_text("\n".join(json.dumps({"user_id": "mina_1", **task}) for task in tasks))
    return measure(read_dataset(folder), read_tasks(path)).as_json()


def test_every_tool_of_the_world_ends_in_the_state_its_own_tools_leave(folder):
    report = _measured(folder, *TASKS)

    assert (report["tasks"], report["expressible"], report["state_equal"]) == (6, 1.0, 1.0), report["unequal"]
    assert report["inexpressible"] == {}
    assert report["refused"] == {"modify_pending_order_items": {"not_enough_balance": 1}}


def test_the_last_action_left_out_is_noticed(folder):
    report = _measured(folder, CANCELLED, ITEMS_CHANGED, RETURNED, EXCHANGED)

    assert report["control"]["last_action_left_out"]["state_equal"] == 0.0


def test_what_has_no_tool_is_counted_by_name(folder):
    task = {
        "actions": [
            action("repaint_the_shop", colour="blue"),
            action("cancel_pending_order", order_id="#W1", reason="the colour"),
            action("cancel_pending_order", order_id="#W1", reason="no longer needed", twice=True),
        ],
        "final": {"orders": {}, "users": {}},
    }

    report = _measured(folder, task)

    assert report["inexpressible"] == {"repaint_the_shop": 1, "cancel_pending_order": 1}
    assert report["expressible"] == 0.3333
    assert report["refused"] == {"cancel_pending_order": {"reason_not_allowed": 1}}


@pytest.mark.parametrize(
    ("field", "value"),
    [("status", "pending"), ("cancel_reason", "ordered by mistake"), ("payment_history", PAID)],
)
def test_any_difference_in_a_record_is_a_difference(folder, field, value):
    wrong = copy.deepcopy(CANCELLED)
    wrong["final"]["orders"]["#W1"][field] = value

    assert _measured(folder, wrong)["state_equal"] == 0.0


def test_a_change_that_was_not_asked_for_is_a_difference(folder):
    unexpected = {**CANCELLED, "final": {**CANCELLED["final"], "users": {}}}

    assert _measured(folder, unexpected)["state_equal"] == 0.0


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("users.json", None, "holds no users.json"),
        ("orders.json", "[1, 2]", "not one JSON object"),
        ("orders.json", "{", "not valid JSON"),
        ("users.json", '{"mina_1": {"name": "Mina"}}', "not of the expected shape"),
        ("tasks.jsonl", '{"actions": [], "final": {}}', "no objects 'orders' and 'users'"),
        ("tasks.jsonl", '{"actions": ["cancel"], "final": {"orders": {}, "users": {}}}', "'name' and 'kwargs'"),
    ],
)
def test_files_of_another_shape_are_refused_in_one_line(folder, name, text, message):
    (folder / "tasks.jsonl").write_text(json.dumps(CANCELLED))
    (folder / name).unlink(missing_ok=True)
    if text is not None:
        (folder / name).write_text(text)

    with pytest.raises(EvaluationError, match=message):
        measure(read_dataset(folder), read_tasks(folder / "tasks.jsonl"))


def test_the_published_development_tasks_end_as_published():
    if not _PUBLISHED.exists():
        pytest.skip(f"the public retail world is not at {_PUBLISHED}")

    report = measure(read_dataset(_PUBLISHED), read_tasks(_PUBLISHED / "tasks_dev.jsonl")).as_json()

    assert report["tasks"] >= 20
    assert report["expressible"] == 1.0
    assert report["state_equal"] == 1.0
    assert report["control"]["last_action_left_out"]["state_equal"] < 0.2
