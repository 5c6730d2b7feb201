"""The job that computes what to assume: means and modes over segments and over all shoppers."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from retrievers.features.defaults import Values, default_rules
from retrievers.features.descriptions import EVENT_TIMESTAMP, FeatureDescription, retail_descriptions

SEGMENT_VIEW, SEGMENT_FEATURE = "user_behavior", "favorite_category"
SMALLEST_SEGMENT = 5  # the mean of fewer shoppers says too much about each of them

_SCHEMA = """
CREATE TABLE shopper (user_id TEXT PRIMARY KEY, segment TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE segment (segment TEXT PRIMARY KEY, shoppers INTEGER NOT NULL, defaults TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE population (shoppers INTEGER NOT NULL, defaults TEXT NOT NULL);
"""


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
    rules = default_rules(retail_descriptions() if descriptions is None else descriptions)
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
