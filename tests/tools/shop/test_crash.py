"""Real processes, killed where it hurts."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

_DOING = Path(__file__).with_name("doing.py")
_ROOT = Path(__file__).parents[3]


def _started(address: str, action_id: str, dying_at: str = "nowhere") -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, str(_DOING), address, action_id, dying_at],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=_ROOT,
        env={"PYTHONPATH": str(_ROOT), "PATH": ""},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def _told(process: subprocess.Popen[str]) -> dict | None:
    out, _ = process.communicate(timeout=60)
    return json.loads(out) if out else None


def _go(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()


async def _proposed(counter) -> str:
    await counter.use("add_to_cart", item_id="lamp-1")
    proposed = (await counter.use("place_order", payment_method_id="card_1")).action
    assert proposed.status == "proposed"
    return proposed.action_id


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("dying_at", "kept"), [("deciding", 0), ("written", 0), ("committed", 1)])
async def test_a_process_killed_on_the_way_leaves_one_order_or_none_and_the_next_makes_it_one(
    counter, address, dying_at, kept
):
    action_id = await _proposed(counter)
    before = len(counter.orders())
    killed = _started(address, action_id, dying_at)
    _go(killed)
    assert _told(killed) is None
    assert killed.returncode == -signal.SIGKILL
    assert len(counter.orders()) == before + kept
    assert len([entry for entry in counter.log() if entry.deed.tool == "place_order"]) == kept

    after = _started(address, action_id)
    _go(after)
    told = _told(after)

    assert told is not None
    assert told["status"] == "done"
    assert len(counter.orders()) == before + 1
    assert told["receipt"]["order_id"] in {order.order_id for order in counter.orders()}
    assert len([entry for entry in counter.log() if entry.deed.tool == "place_order"]) == 1


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
async def test_a_preview_outlives_the_process_that_made_it(counter, address):
    action_id = await _proposed(counter)
    counter.store.close()

    process = _started(address, action_id)
    _go(process)
    told = _told(process)

    assert told is not None
    assert told["status"] == "done"


async def test_two_processes_confirming_at_once_make_one_order(counter, address):
    action_id = await _proposed(counter)
    before = len(counter.orders())
    both = [_started(address, action_id) for _ in range(2)]
    for process in both:
        _go(process)

    first, second = (_told(process) for process in both)

    assert first is not None
    assert first == second
    assert first["status"] == "done"
    assert len(counter.orders()) == before + 1
    assert (await counter.use("view_cart")).action.receipt["cart"]["lines"] == []
