"""Which conversations were forgotten, so that no process that was still busy with one writes it back.

Only a digest of the conversation's id is kept: it tells nobody who has been here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, insert, select

from app.conversations.tables import FORGOTTEN

_AT_ONCE = 400  # ids in one statement, which SQLite bounds


def bury(connection: Connection, thread_id: str, at: datetime) -> None:
    """In a transaction that writes in this conversation's name."""
    if not buried(connection, [thread_id]):
        connection.execute(insert(FORGOTTEN).values(digest=_digest(thread_id), at=at))


def is_buried(connection: Connection, thread_id: str) -> bool:
    return bool(buried(connection, [thread_id]))


def buried(connection: Connection, thread_ids: Collection[str]) -> set[str]:
    """Those of them that were forgotten."""
    asked = {_digest(thread_id): thread_id for thread_id in thread_ids}
    digests, found = [*asked], set[str]()
    for start in range(0, len(digests), _AT_ONCE):
        known = FORGOTTEN.c.digest.in_(digests[start : start + _AT_ONCE])
        found.update(asked[digest] for digest in connection.execute(select(FORGOTTEN.c.digest).where(known)).scalars())
    return found


def _digest(thread_id: str) -> str:
    return hashlib.sha256(thread_id.encode()).hexdigest()
