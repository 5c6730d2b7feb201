"""Real processes that tell one shopper's events at once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_TELLING = Path(__file__).with_name("telling.py")
_ROOT = Path(__file__).parents[3]


def _started(where: str, own: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, str(_TELLING), where, own],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": str(_ROOT), "PATH": ""},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


async def test_two_processes_keep_each_event_once_and_nothing_is_left_untold(where, opened, features, did) -> None:
    both = [_started(where, own) for own in ("a", "b")]
    for process in both:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    new = [int(process.communicate(timeout=60)[0]) for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert sum(new) == 90
    events = opened()
    kept = list(events.log.everything())
    assert len({event.event_id for event in kept}) == len(kept) == 90
    assert await events.projection.catch_up() == 1
    assert features.value("user_clicks_last_24h:click_count", "mina") == 90
