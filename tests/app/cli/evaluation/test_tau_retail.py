"""`eval tau-retail` from the command line."""

from __future__ import annotations

import gzip
import json

import pytest
from typer.testing import CliRunner

from app.cli.main import cli

_CANCEL = {"name": "cancel_pending_order", "kwargs": {"order_id": "#W1", "reason": "no longer needed"}}
_ORDER = {
    "order_id": "#W1",
    "user_id": "mina_1",
    "address": {"address1": "1 Elm", "address2": "", "city": "Denver", "state": "CO", "country": "USA", "zip": "80218"},
    "items": [{"name": "Mug", "product_id": "7", "item_id": "71", "price": 10.1, "options": {}}],
    "fulfillments": [],
    "status": "pending",
    "payment_history": [{"transaction_type": "payment", "amount": 10.1, "payment_method_id": "paypal_1"}],
}
_CANCELLED = _ORDER | {
    "status": "cancelled",
    "cancel_reason": "no longer needed",
    "payment_history": [
        {"transaction_type": kind, "amount": 10.1, "payment_method_id": "paypal_1"} for kind in ("payment", "refund")
    ],
}
_USER = {
    "name": {"first_name": "Mina", "last_name": "Park"},
    "address": _ORDER["address"],
    "email": "mina@example.com",
    "payment_methods": {"paypal_1": {"source": "paypal", "id": "paypal_1"}},
    "orders": ["#W1"],
}


@pytest.fixture
def folder(tmp_path):
    worlds = {"users": {"mina_1": _USER}, "orders": {"#W1": _ORDER}, "products": {}}
    for name, rows in worlds.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(rows))
    task = {"user_id": "mina_1", "actions": [_CANCEL], "final": {"orders": {"#W1": _CANCELLED}, "users": {}}}
    (tmp_path / "tasks.jsonl.gz").write_bytes(gzip.compress(json.dumps(task).encode()))
    return tmp_path


def _run(folder, *options, tasks="tasks.jsonl.gz"):
    given = ["eval", "tau-retail", "--data-dir", str(folder), "--tasks", str(folder / tasks)]
    return CliRunner().invoke(cli, [*given, *options])


def test_one_object_with_the_shares_and_a_control_that_fails(folder):
    report = json.loads(_run(folder, "--json").stdout)

    assert {name: report[name] for name in ("tasks", "expressible", "state_equal", "inexpressible")} == {
        "tasks": 1,
        "expressible": 1.0,
        "state_equal": 1.0,
        "inexpressible": {},
    }
    assert report["control"]["last_action_left_out"]["state_equal"] == 0.0


def test_without_json_a_person_reads_it(folder):
    result = _run(folder)

    assert result.exit_code == 0
    assert result.stdout.startswith("1 tasks, 1 actions")
    assert "control" in result.stdout


def test_a_missing_file_is_told_in_one_line(folder):
    result = _run(folder, tasks="nothing.jsonl")

    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert "no such file" in result.stderr
