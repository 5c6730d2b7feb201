"""How soon an answer begins: `python -m benchmarks.first_event [--data DIR] [--turns N] [--json]`.

A demo is served by a process of its own and asked as the page asks, one turn after the other in a conversation of its
own each. Told are the times from sending the question to the first event, the first sentence and the whole answer, in
milliseconds, as whoever asks sees them on this machine.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path

import httpx
import numpy as np

WARM_UP = 5  # turns that are not counted
EVENTS = {"first_event": "run", "first_sentence": "sentence", "whole": "final"}
_QUESTIONS = ("What should I buy?", "an office chair under $300", "What is your return policy?", "quiet headphones")


@contextmanager
def served(data: str) -> Iterator[str]:
    """The address of a demo on a free port, as it says it itself."""
    command = [str(Path(sys.executable).with_name("shelfwise")), "--data", data, "demo", "--port", "0"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)  # noqa: S603 - ours
    try:
        assert process.stderr is not None
        said = (re.search(r"Shelfwise is at (\S+)", line) for line in process.stderr)
        yield next(found[1] for found in said if found)
    finally:
        process.terminate()
        process.communicate()


def turn(client: httpx.Client, question: str, shopper: str) -> dict[str, float]:
    """Milliseconds to the first event of each name; sentences may be missing."""
    began = time.perf_counter()
    seen: dict[str, float] = {}
    body = {"message": question}
    with client.stream("POST", "/api/chat", json=body, headers={"X-Demo-User": shopper}) as response:
        for line in response.iter_lines():
            if line.startswith("event: "):
                seen.setdefault(line.removeprefix("event: "), (time.perf_counter() - began) * 1000)
    return seen


def measure(address: str, turns: int) -> dict[str, dict[str, float]]:
    asked = islice(
        cycle((question, shopper) for question in _QUESTIONS for shopper in ("maya", "priya")), WARM_UP + turns
    )
    with httpx.Client(base_url=address, timeout=60) as client:
        seen = [turn(client, question, shopper) for question, shopper in asked][WARM_UP:]
    return {name: _percentiles([each[event] for each in seen if event in each]) for name, event in EVENTS.items()}


def _percentiles(times_ms: list[float]) -> dict[str, float]:
    return {f"p{point}_ms": round(float(np.percentile(times_ms, point)), 1) for point in (50, 95, 99)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", default=".shelfwise", help="a demo store; built when there is none")
    parser.add_argument("--turns", type=int, default=100)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with served(given.data) as address:
        result = {"turns": given.turns, **measure(address, given.turns)}
    if given.json:
        print(json.dumps(result))
        return
    for name in EVENTS:
        print(f"{name.replace('_', ' '):<15}", "  ".join(f"{point} {ms:7.1f}" for point, ms in result[name].items()))


if __name__ == "__main__":
    main()
