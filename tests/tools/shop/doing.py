"""A process that confirms one action, and may be told to die on the way; run with `python -m`.

Its arguments: the database, the action's id, and where to die ("deciding", "written", "committed", or "nowhere").
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from datetime import UTC, datetime

from tools.records import Session
from tools.shop.store import open_shop_store
from tools.shop_tools import shop_confirmations

NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)


def main(address: str, action_id: str, dying_at: str) -> None:
    def heard(point: str) -> None:
        if point == dying_at:
            os.kill(os.getpid(), signal.SIGKILL)

    store = open_shop_store(address, lambda: NOW)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()  # so that two can be started at once
    confirmations = shop_confirmations(store, heard)
    told = asyncio.run(confirmations.decide(action_id, True, Session("mina", "thread-1", "turn-2")))
    sys.stdout.write(json.dumps({"status": told.action.status, "receipt": told.action.receipt}) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
