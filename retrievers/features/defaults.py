"""What to assume about a shopper when nothing can be read, kept apart from the online store."""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, Literal

from retrievers.features.descriptions import FeatureDescription, retail_descriptions
from retrievers.features.protocol import FeaturesUnavailable
from retrievers.records import FeatureValue, ShopperFeatures

Level = Literal["segment", "population", "shipped"]
Values = dict[str, Any]  # by `view:feature`

_LOOK_UP = """
SELECT 'segment', defaults FROM shopper JOIN segment USING (segment) WHERE user_id = ?
UNION ALL SELECT 'population', defaults FROM population LIMIT 1
"""

logger = logging.getLogger(__name__)


def defaults_file(root: Path) -> Path:
    """Where the defaults of the feature store in this directory are kept."""
    return root / "defaults.db"


def default_rules(descriptions: Mapping[str, FeatureDescription]) -> list[FeatureDescription]:
    """The features that may be assumed of a shopper at all."""
    return [known for known in descriptions.values() if known.entity == "user" and known.default is not None]


def assigned(path: Path, user_id: str) -> bool:
    """Whether the shopper is counted among those of a segment. Raises FeaturesUnavailable."""
    return _with(path, "SELECT count(*) FROM shopper WHERE user_id = ?", user_id) > 0


def unassign(path: Path, user_id: str) -> None:
    """Takes a shopper out of their segment, which is their favourite category. Raises FeaturesUnavailable."""
    _with(path, "DELETE FROM shopper WHERE user_id = ? RETURNING 1", user_id)


def _with(path: Path, statement: str, user_id: str) -> int:
    if not path.exists():
        return 0
    try:
        with closing(sqlite3.connect(path)) as connection, connection:
            row = connection.execute(statement, (user_id,)).fetchone()
    except sqlite3.Error as error:
        raise FeaturesUnavailable(f"feature defaults: {error}") from error
    return int(row[0]) if row else 0


class StoredDefaults:
    """Implements `FeatureDefaults`; a missing or broken file means the shipped values, and a rewritten one is seen.

    Every feature of the shopper is returned; those that may not be assumed are `missing`.
    """

    def __init__(self, path: Path, descriptions: Mapping[str, FeatureDescription] | None = None) -> None:
        known = retail_descriptions() if descriptions is None else descriptions
        self._path = path
        self._names = [description.name for description in known.values() if description.entity == "user"]
        self._shipped = {rule.name: rule.shipped for rule in default_rules(known) if rule.shipped is not None}

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
