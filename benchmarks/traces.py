"""What traces cost: `python -m benchmarks.traces [--runs N] [--data DIR] [--turns N] [--json]`.

Runs of 15 spans go to the collector as the SDK sends them, multipart and packed, 100 spans a request, into SQLite. Then
lists and searches are timed over all of them. With a data directory, turns are asked with and without a recorder,
taking turns in the same run: what tracing adds is the difference of the medians.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import zstandard
from fastapi.testclient import TestClient

from app.assembly import Surroundings, assembled
from app.runtime import open_shop
from app.settings import Settings
from app.traces.calls import Detail
from app.traces.collector import create_collector
from app.traces.opening import open_traces, recording
from app.traces.query import RunQuery
from graphs.conversation.checkpoints import in_memory
from graphs.observing import Observers, TurnRecord
from graphs.turn import Turn

SPANS, SPANS_IN_REQUEST = 15, 100
_WORDS = ("warm", "winter", "coat", "kettle", "quiet", "headset", "under", "light", "desk", "lamp", "runner", "gift")
_QUESTIONS = ("winter coat under $300", "quiet headphones", "a kettle", "what should I buy?", "returns after 40 days?")
_START = datetime(2026, 11, 1, tzinfo=UTC)


def measure_store(runs: int) -> dict[str, Any]:
    chance = random.Random(7)  # noqa: S311
    with tempfile.TemporaryDirectory() as folder, open_traces(Path(folder) / "traces.db", _now) as store:
        client = TestClient(create_collector(store))
        took = cpu = 0.0
        for body in _requests(runs, chance):
            began, worked = time.perf_counter(), time.process_time()
            response = client.post("/runs/multipart", content=body, headers=_HEADERS)
            took, cpu = took + time.perf_counter() - began, cpu + time.process_time() - worked
            assert response.status_code == 202, response.text
        project = UUID(client.get("/sessions").json()[0]["id"])
        asked = {
            "list": lambda: RunQuery(session=[project], is_root=True, limit=50),
            "search": lambda: RunQuery(
                session=[project], is_root=True, query=" ".join(chance.sample(_WORDS, 3)), limit=50
            ),
            "search_nothing": lambda: RunQuery(session=[project], is_root=True, query="unheard-of", limit=50),
            "filter": lambda: RunQuery(filter='and(eq(name, "step-7"), gt(latency, 0.5))', limit=50),
        }
        size_mb = sum(file.stat().st_size for file in Path(folder).iterdir()) / 1e6
        timed = {name: _percentiles(lambda make=make: store.query(make())) for name, make in asked.items()}
    spans = runs * SPANS
    speed = {"spans_per_s": round(spans / took), "spans_per_cpu_s": round(spans / cpu)}
    return {"runs": runs, "spans": spans, **speed, "size_mb": round(size_mb, 1), **timed}


_HEADERS = {"content-type": "multipart/form-data; boundary=b", "content-encoding": "zstd"}


def _requests(runs: int, chance: random.Random) -> Iterator[bytes]:
    spans = [span for number in range(runs) for span in _trace(number, chance)]
    for start in range(0, len(spans), SPANS_IN_REQUEST):
        body = b"".join(spans[start : start + SPANS_IN_REQUEST]) + b"--b--\r\n"
        yield zstandard.ZstdCompressor(1).compress(body)


def _trace(number: int, chance: random.Random) -> Iterator[bytes]:
    """A root that asks and answers, and 14 steps with a few kilobytes between them."""
    trace_id, began = UUID(int=chance.getrandbits(128)), _START + timedelta(seconds=number)
    for step in range(SPANS):
        run_id = trace_id if step == 0 else UUID(int=chance.getrandbits(128))
        run = {
            "id": str(run_id),
            "trace_id": str(trace_id),
            "parent_run_id": None if step == 0 else str(trace_id),
            "name": "turn" if step == 0 else f"step-{step}",
            "run_type": "chain",
            "start_time": (began + timedelta(milliseconds=step)).isoformat(),
            "end_time": (began + timedelta(milliseconds=step + chance.randrange(5, 900))).isoformat(),
            "session_name": "shelfwise",
            "dotted_order": "",
            "extra": {"metadata": {"thread_id": f"t{number // 4}", "lang": "en"}},
        }
        said = {"message": " ".join(chance.choices(_WORDS, k=8))}
        told = {"answer": " ".join(chance.choices(_WORDS, k=60)), "scores": [chance.random() for _ in range(10)]}
        named = {f"post.{run_id}": run, f"post.{run_id}.inputs": said, f"post.{run_id}.outputs": told}
        yield b"".join(_part(name, value) for name, value in named.items())


def _part(name: str, value: Any) -> bytes:
    head = f'--b\r\nContent-Disposition: form-data; name="{name}"\r\nContent-Type: application/json\r\n\r\n'
    return head.encode() + json.dumps(value).encode() + b"\r\n"


class _Switch:
    """A recorder that can be left out from one turn to the next."""

    def __init__(self, recorder: Any) -> None:
        self._recorder, self.is_on = recorder, False

    def see(self, record: TurnRecord) -> None:
        (self._recorder if self.is_on else Observers()).see(record)

    def forget(self, thread_id: str) -> None:
        self._recorder.forget(thread_id)


def measure_turns(data: Path, turns: int) -> dict[str, Any]:
    settings = Settings(data=data, openai_api_key=None)
    with tempfile.TemporaryDirectory() as folder, open_shop(settings) as shop:
        where = Path(folder)
        with recording(where / "traces.db", where / "spool.jsonl", "shelfwise", Detail(), _now) as recorder:
            switch = _Switch(recorder)
            parts = replace(shop.parts, checkpoints=in_memory())
            traced = assembled(settings, parts, Surroundings(switch))
            took = asyncio.run(_asked(traced, switch, turns))
        counts = dict(recorder.counts)
    off, on = (_told([wall for wall, _ in took[key]]) for key in (False, True))
    cpu_off, cpu_on = (_told([cpu for _, cpu in took[key]]) for key in (False, True))
    added = {f"added_{key}": round(on[key] - off[key], 3) for key in off}
    added |= {f"added_cpu_{key}": round(cpu_on[key] - cpu_off[key], 3) for key in off}
    return {"turns": turns, "untraced": off, "traced": on, **added, "traces": counts}


async def _asked(shop: Any, switch: _Switch, turns: int) -> dict[bool, list[tuple[float, float]]]:
    """Wall and processor time of each turn's own thread, which other programs on the machine do not lengthen."""
    await shop.warm_up()
    took: dict[bool, list[tuple[float, float]]] = {False: [], True: []}
    for number in range(-4, 2 * turns):
        switch.is_on = number % 2 == 1
        turn = Turn(_QUESTIONS[number // 2 % len(_QUESTIONS)], "maya")
        began, cpu = time.perf_counter(), time.thread_time()
        await shop.assistant.ask(turn)
        if number >= 0:
            took[switch.is_on].append(((time.perf_counter() - began) * 1000, (time.thread_time() - cpu) * 1000))
    return took


def _percentiles(ask: Callable[[], object], times: int = 40) -> dict[str, float]:
    took = list[float]()
    for _ in range(times):
        began = time.perf_counter()
        ask()
        took.append((time.perf_counter() - began) * 1000)
    return _told(took)


def _told(took: list[float]) -> dict[str, float]:
    return {"p50_ms": round(statistics.median(took), 3), "p95_ms": round(statistics.quantiles(took, n=20)[18], 3)}


def _now() -> datetime:
    return datetime.now(UTC)


def main() -> None:
    parser = argparse.ArgumentParser(description="Time the keeping, finding and making of traces.")
    parser.add_argument("--runs", type=int, default=10_000, help="traces of 15 spans")
    parser.add_argument("--data", type=Path, help="a data directory with a catalogue: also time turns")
    parser.add_argument("--turns", type=int, default=200)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    asked = parser.parse_args()
    found: dict[str, Any] = {"store": measure_store(asked.runs)} if asked.runs else {}
    if asked.data:
        found["turns"] = measure_turns(asked.data, max(asked.turns, 20))
    if asked.json:
        print(json.dumps(found))
        return
    for section, figures in found.items():
        for name, value in figures.items():
            print(f"{section:6} {name:16} {value}")


if __name__ == "__main__":
    main()
