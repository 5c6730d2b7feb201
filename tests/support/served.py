"""`shelfwise` as people run it: in processes of its own, over one data directory."""

from __future__ import annotations

import json
import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

PATIENCE_S = 120.0  # a deadline for what takes seconds, on a machine that is busy
_MAIN = "from app.cli import main; main()"
_FOREIGN = ("OPENAI_", "SHELFWISE_", "QDRANT_", "REDIS_")


def command(data: Path, *args: str) -> list[str]:
    return [sys.executable, "-c", _MAIN, "--data", str(data), *args]


def environment() -> dict[str, str]:
    """Without the settings of whoever runs the tests."""
    return {name: value for name, value in os.environ.items() if not name.startswith(_FOREIGN)}


def run(data: Path, *args: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """One command from start to end, with settings of its own."""
    return subprocess.run(
        command(data, *args),
        env={**environment(), **variables},
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )


class Served:
    """A running server. `said` is what it has written to stderr so far."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process
        self.said = ""
        self.address = self.hear(r"Shelfwise is at (\S+)")[0]

    def hear(self, pattern: str, times: int = 1) -> list[str]:
        """Reads on until the pattern was said so many times; returns its first group of each."""
        deadline = time.monotonic() + PATIENCE_S
        while len(found := re.findall(pattern, self.said)) < times:
            self._read(deadline - time.monotonic())
        return found

    def get(self, path: str) -> httpx.Response:
        """On a connection of its own, as every request here, so that any process may take it."""
        return httpx.get(self.address + path, timeout=PATIENCE_S)

    def turn(self, message: str) -> dict[str, Any]:
        """The final answer of one turn."""
        sent = httpx.post(f"{self.address}/api/chat", json={"message": message}, timeout=PATIENCE_S)
        sent.raise_for_status()
        found = re.search(r"^event: final\ndata: (.+)$", sent.text.replace("\r\n", "\n"), re.MULTILINE)
        assert found, sent.text
        final: dict[str, Any] = json.loads(found[1])
        return final

    def interrupt(self) -> int:
        """What Ctrl+C does: every process of the terminal is told. Returns the exit code."""
        os.killpg(self.process.pid, signal.SIGINT)
        _, rest = self.process.communicate(timeout=PATIENCE_S)
        self.said += rest.decode()
        return self.process.returncode

    def _read(self, wait_s: float) -> None:
        assert self.process.stderr is not None
        ready, _, _ = select.select([self.process.stderr], [], [], max(0.0, wait_s))
        piece = os.read(self.process.stderr.fileno(), 65_536) if ready else b""
        assert piece, f"the server ended or fell silent; it said: {self.said}"
        self.said += piece.decode()


@contextmanager
def serving(data: Path, *args: str, **variables: str) -> Iterator[Served]:
    """A server on a free port, with settings of its own; whatever is left of it afterwards is killed."""
    process = subprocess.Popen(
        command(data, "serve", "--port", "0", *args),
        env={**environment(), **variables},
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        yield Served(process)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


@contextmanager
def watched(pid: int) -> Iterator[int]:
    """A descriptor that stays with this process, whoever gets its number next."""
    descriptor = os.pidfd_open(pid)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def ended(descriptor: int, within_s: float = PATIENCE_S) -> bool:
    """Whether a watched process ended, waiting for it."""
    return bool(select.select([descriptor], [], [], within_s)[0])
