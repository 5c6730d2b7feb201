"""What to assume about a shopper when nothing can be read: computed by a job, kept apart from the online store."""

from __future__ import annotations

import json
import logging
import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from retrievers.features.descriptions import FeatureDescription, retail_descriptions
from retrievers.features.frames import EVENT_TIMESTAMP
from retrievers.records import FeatureValue, ShopperFeatures

SEGMENT_VIEW, SEGMENT_FEATURE = "user_behavior", "favorite_category"
SMALLEST_SEGMENT = 5  # the mean of fewer shoppers says too much about each of them

Level = Literal["segment", "population", "shipped"]
Values = dict[str, Any]  # by `view:feature`

_SCHEMA = """
CREATE TABLE shopper (user_id TEXT PRIMARY KEY, segment TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE segment (segment TEXT PRIMARY KEY, shoppers INTEGER NOT NULL, defaults TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE population (shoppers INTEGER NOT NULL, defaults TEXT NOT NULL);
"""
_LOOK_UP = """
SELECT 'segment', defaults FROM shopper JOIN segment USING (segment) WHERE user_id = ?
UNION ALL SELECT 'population', defaults FROM population LIMIT 1
"""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DefaultsReport:
    shoppers: int
    segments: int  # those large enough to have defaults of their own
    population: Mapping[str, Any]  # by `view:feature`


def compute_defaults(
    frames: Mapping[str, pd.DataFrame],
    path: Path,
    descriptions: Mapping[str, FeatureDescription] | None = None,
) -> DefaultsReport:
    """Writes the defaults file from histories by view, replacing it atomically; each shopper counts once, newest row.

    Only features that declare a `default` are averaged, so nothing declared or personal ever leaves its shopper.
    """
    rules = _rules(retail_descriptions() if descriptions is None else descriptions)
    shoppers = _newest_rows(frames, rules)
    population = _aggregate(shoppers, rules)
    segments = {
        str(segment): (len(rows), {**population, **_aggregate(rows, rules)})
        for segment, rows in shoppers.groupby(f"{SEGMENT_VIEW}:{SEGMENT_FEATURE}")
        if len(rows) >= SMALLEST_SEGMENT
    }
    members = shoppers[f"{SEGMENT_VIEW}:{SEGMENT_FEATURE}"].dropna()
    _write(path, members, segments, (len(shoppers), population))
    return DefaultsReport(len(shoppers), len(segments), population)


class StoredDefaults:
    """Implements `FeatureDefaults`; a missing or broken file means the shipped values, and a rewritten one is seen.

    Every feature of the shopper is returned; those that may not be assumed are `missing`.
    """

    def __init__(self, path: Path, descriptions: Mapping[str, FeatureDescription] | None = None) -> None:
        known = retail_descriptions() if descriptions is None else descriptions
        self._path = path
        self._names = [description.name for description in known.values() if description.entity == "user"]
        self._shipped = {rule.name: rule.shipped for rule in _rules(known) if rule.shipped is not None}

    def for_shopper(self, user_id: str) -> tuple[ShopperFeatures, Level]:
        level, stored = self._look_up(user_id)
        values = {**self._shipped, **stored}
        return {name: _default(name, values.get(name)) for name in self._names}, level

    def _look_up(self, user_id: str) -> tuple[Level, Values]:
        if not self._path.exists():
            return "shipped", {}
        try:
            with closing(sqlite3.connect(f"{self._path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
                row = connection.execute(_LOOK_UP, (user_id,)).fetchone()
        except sqlite3.Error as error:
            logger.warning("feature defaults are unreadable (%s): run `shelfwise features defaults`", error)
            return "shipped", {}
        return (row[0], json.loads(row[1])) if row else ("shipped", {})


def _default(name: str, value: Any) -> FeatureValue:
    return FeatureValue(name, value, "missing" if value is None else "default")


def _rules(descriptions: Mapping[str, FeatureDescription]) -> list[FeatureDescription]:
    return [known for known in descriptions.values() if known.entity == "user" and known.default is not None]


def _newest_rows(frames: Mapping[str, pd.DataFrame], rules: list[FeatureDescription]) -> pd.DataFrame:
    """One row a shopper, columns `view:feature`. Raises ValueError naming a view that is not there."""
    views = {SEGMENT_VIEW, *(rule.name.split(":")[0] for rule in rules)}
    if absent := sorted(views - frames.keys()):
        raise ValueError(f"no history of {', '.join(absent)}: load it before computing defaults")
    newest = (_newest_row(view, frames[view]) for view in sorted(views))
    return pd.concat(newest, axis=1)


def _newest_row(view: str, frame: pd.DataFrame) -> pd.DataFrame:
    latest = frame.sort_values(EVENT_TIMESTAMP, kind="stable").drop_duplicates("user_id", keep="last")
    return latest.set_index("user_id").drop(columns=EVENT_TIMESTAMP).add_prefix(f"{view}:")


def _aggregate(rows: pd.DataFrame, rules: list[FeatureDescription]) -> Values:
    """Means and modes by name; features nobody has are left out."""
    known = {rule.name: (rule, rows[rule.name].dropna()) for rule in rules}
    return {name: _aggregated(rule, column) for name, (rule, column) in known.items() if len(column)}


def _aggregated(rule: FeatureDescription, column: pd.Series) -> float | int | str:
    if rule.default == "mode":
        return str(column.mode().iloc[0])  # sorted by pandas, so a tie goes the same way every time
    mean = float(column.mean())
    return round(mean) if rule.dtype == "Int64" else mean


def _write(
    path: Path, members: pd.Series, segments: Mapping[str, tuple[int, Values]], population: tuple[int, Values]
) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(f".{os.getpid()}.tmp")
    unfinished.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(unfinished)) as connection, connection:
            connection.executescript(_SCHEMA)
            connection.executemany("INSERT INTO shopper VALUES (?, ?)", members.items())
            rows = ((segment, shoppers, json.dumps(values)) for segment, (shoppers, values) in segments.items())
            connection.executemany("INSERT INTO segment VALUES (?, ?, ?)", rows)
            connection.execute("INSERT INTO population VALUES (?, ?)", (population[0], json.dumps(population[1])))
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
