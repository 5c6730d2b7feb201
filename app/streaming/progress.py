"""How far what is known of a shopper has been made into features; survives a crash between the two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from app.streaming.projector import Baseline
from app.streaming.tables import PROGRESS
from retrievers.features.descriptions import FeatureDescription
from retrievers.records import ShopperFeatures
from tools.shop import tables

_TIMES = "UnixTimestamp"
_NOTHING = -1  # below every version


@dataclass(frozen=True, slots=True)
class Progress:
    """`version` grows with what becomes known; features are up to date when it equals `projected`."""

    version: int = 0
    projected: int = 0
    deed: int = 0
    deed_at: datetime | None = None
    baselines: Mapping[str, Baseline] = field(default_factory=dict)
    written: Mapping[str, float] = field(default_factory=dict)

    def rebased(self, held: ShopperFeatures, views: Sequence[str]) -> Progress:
        """Where a view's row is later than any of ours, somebody else wrote it: it is the baseline from now on."""
        fresh: dict[str, Baseline] = {}
        for view in views:
            own = {name.partition(":")[2]: value for name, value in held.items() if name.startswith(f"{view}:")}
            at = next((value.event_time for value in own.values() if value.event_time is not None), None)
            if at is not None and at.timestamp() > self.written.get(view, 0.0):
                fresh[view] = Baseline(at, {name: value.value for name, value in own.items()})
        return replace(self, baselines={**self.baselines, **fresh}) if fresh else self


def read_progress(
    connection: Connection, user_id: str, descriptions: Mapping[str, FeatureDescription] | None = None
) -> Progress:
    row = connection.execute(select(PROGRESS).where(PROGRESS.c.user_id == user_id)).first()
    return Progress() if row is None else _progress(row, descriptions or {})


def save_progress(connection: Connection, user_id: str, progress: Progress) -> None:
    """In a transaction that writes in this shopper's name."""
    told = {view: _told(baseline) for view, baseline in progress.baselines.items()}
    values = {
        "version": progress.version,
        "projected": progress.projected,
        "deed": progress.deed,
        "deed_at": progress.deed_at,
        "baselines": told,
        "written": dict(progress.written),
    }
    changed = connection.execute(update(PROGRESS).where(PROGRESS.c.user_id == user_id).values(values))
    if changed.rowcount == 0:
        connection.execute(insert(PROGRESS).values(user_id=user_id, **values))


def known_more(connection: Connection, user_id: str) -> None:
    """There is something to make into features."""
    grown = update(PROGRESS).where(PROGRESS.c.user_id == user_id).values(version=PROGRESS.c.version + 1)
    if connection.execute(grown).rowcount == 0:
        save_progress(connection, user_id, Progress(version=1))


def settle(connection: Connection, user_id: str, version: int) -> bool:
    """Marks that version as made into features; False when more became known, or all was erased, meanwhile.

    Then what another process made of it may have been overwritten by less, so all of it is to be made again.
    """
    own = PROGRESS.c.user_id == user_id
    settled = update(PROGRESS).where(own, PROGRESS.c.version == version).values(projected=version)
    if connection.execute(settled).rowcount == 1:
        return True
    connection.execute(update(PROGRESS).where(own).values(projected=_NOTHING))
    return False


def forget_progress(connection: Connection, user_id: str) -> None:
    """Which of the shop's deeds were told is kept, lest they become events again."""
    last = connection.execute(select(func.max(tables.audit.c.sequence)).where(tables.audit.c.user_id == user_id))
    deed = last.scalar()
    if deed is None:
        connection.execute(delete(PROGRESS).where(PROGRESS.c.user_id == user_id))
    else:
        save_progress(connection, user_id, Progress(deed=deed))


def behind(connection: Connection) -> list[str]:
    """Shoppers of whom something was kept, or done, that their features may not tell yet."""
    late = select(PROGRESS.c.user_id).where(PROGRESS.c.projected < PROGRESS.c.version)
    done = select(tables.audit.c.user_id, func.max(tables.audit.c.sequence).label("last")).group_by(
        tables.audit.c.user_id
    )
    latest = done.subquery()
    untold = (
        select(latest.c.user_id)
        .outerjoin(PROGRESS, PROGRESS.c.user_id == latest.c.user_id)
        .where(latest.c.last > func.coalesce(PROGRESS.c.deed, 0))
    )
    return list(connection.execute(late.union(untold)).scalars())


def _told(baseline: Baseline) -> dict[str, Any]:
    times = {name: value.isoformat() for name, value in baseline.values.items() if isinstance(value, datetime)}
    return {"at": baseline.at.isoformat(), "values": {**baseline.values, **times}}


def _progress(row: Row[Any], descriptions: Mapping[str, FeatureDescription]) -> Progress:
    baselines = {view: _baseline(view, told, descriptions) for view, told in row.baselines.items()}
    return Progress(row.version, row.projected, row.deed, row.deed_at, baselines, row.written)


def _baseline(view: str, told: Mapping[str, Any], descriptions: Mapping[str, FeatureDescription]) -> Baseline:
    def value(name: str, held: Any) -> Any:
        known = descriptions.get(f"{view}:{name}")
        is_time = known is not None and known.dtype == _TIMES and isinstance(held, str)
        return datetime.fromisoformat(held).astimezone(UTC) if is_time else held

    values = {name: value(name, held) for name, held in told["values"].items()}
    return Baseline(datetime.fromisoformat(told["at"]), values)
