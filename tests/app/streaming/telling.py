"""A process of its own that tells the same shopper's events to the log, as the tests of two at once start it."""

from __future__ import annotations

import sys
from contextlib import closing
from datetime import UTC, datetime

from app.streaming.log import EventLog
from tools.ports import ShopperEvent
from tools.shop.database import open_database

NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)


def main(where: str, own: str) -> None:
    with closing(open_database(where)) as database:
        log = EventLog(database)
        print("ready", flush=True)
        sys.stdin.readline()
        new = 0
        for number in range(30):
            both = ShopperEvent(f"both-{number}", "view", "mina", "shoe", NOW)
            alone = ShopperEvent(f"{own}-{number}", "click", "mina", "coat", NOW)
            new += log.append([both, alone])
    print(new, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
