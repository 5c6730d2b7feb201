"""The words of one language: reasons, notices, refusals, ages and values, read from its language file."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any, Protocol

from graphs.prompts.money import limit_money, number
from graphs.turn import Lang
from retrievers.facets import ATTRIBUTE, attribute_names
from retrievers.measures import unit_in_name
from retrievers.records import FeatureValue, FilterItem, Reason

_MONEY_FIELDS = frozenset({"price"})
_ROWS = 10
_WORTH_TELLING = 1.5  # minutes of browsing: whole ones are told, and never "1 minutes"
_AGES = ((86_400, "day", "days"), (3_600, "hour", "hours"), (60, "minute", "minutes"))


class Description(Protocol):
    """How a feature is called and measured; `names` has a display name for each language."""

    @property
    def names(self) -> Mapping[str, str]: ...

    @property
    def unit(self) -> str: ...


@dataclass(frozen=True)
class Phrases:
    """`sha256` is the language file's, so that a trace can tell which words were in force."""

    lang: Lang
    table: Mapping[str, Mapping[str, str]]
    sha256: str

    @staticmethod
    def load(lang: Lang) -> Phrases:
        return _load(lang)

    def text(self, section: str, key: str, **params: Any) -> str:
        """The phrase, filled in. Raises KeyError for a phrase or a parameter that does not exist."""
        return self.table[section][key].format(**params)

    def notice(self, key: str) -> str:
        return self.text("notices", key)

    def guard(self, key: str) -> str:
        return self.text("guard", key)

    def say(self, key: str, **params: Any) -> str:
        """A phrase of the composer."""
        return self.text("composer", key, **params)

    def reason(self, reason: Reason) -> str:
        """A fragment that follows a product's name, such as `within your $150.00 budget`."""
        return self.text("reasons", self.variant(reason), **self.params(reason))

    def variant(self, reason: Reason) -> str:
        """The reason's kind; `_timed` when minutes worth telling are known, `_plain` when the category is not."""
        if (reason.params.get("minutes") or 0) >= _WORTH_TELLING:
            return f"{reason.kind}_timed"
        unnamed = "category" in reason.params and reason.params["category"] is None
        return f"{reason.kind}_plain" if unnamed else reason.kind

    def params(self, reason: Reason) -> dict[str, str]:
        """The reason's parameters in words; unknown ones (None) are left out."""
        currency = str(reason.params.get("currency", "USD"))
        known = {name: value for name, value in reason.params.items() if value is not None}
        return {name: self._param(name, value, currency) for name, value in known.items()}

    def _param(self, name: str, value: Any, currency: str) -> str:
        if name == "amount":
            return limit_money(float(value), currency)
        if name == "category":
            return self.category(str(value))
        if name == "minutes":
            return str(max(1, round(float(value))))
        return self.plain(value)

    def category(self, name: str) -> str:
        """A category inside a sentence: Korean keeps the shop's spelling, English drops title case but not acronyms."""
        if self.lang != "en":
            return name
        return " ".join(word.lower() if word.istitle() else word for word in name.split())

    def limit(self, item: FilterItem, currency: str) -> str:
        """One condition in words, such as `price at most $200`."""
        if item.field == "stock" and item.op == "gte":
            return self.text("limits", "in_stock")
        name = self._field(item.field)
        if item.field.startswith(ATTRIBUTE) and isinstance(item.value, str):
            return self.text("limits", "required" if item.op == "in" else "excluded", field=name)
        return self.text("limits", item.op, field=name, value=self._limit_value(item, currency))

    def _field(self, field: str) -> str:
        """An attribute by the words of its name, several joined by "or"."""
        names = attribute_names(field)
        said = " / ".join(_plain(name) for name in names) if names else field.replace("_", " ")
        return self.table["fields"].get(field, self.table["attributes"].get(said, said))

    def _limit_value(self, item: FilterItem, currency: str) -> str:
        if item.field in _MONEY_FIELDS and isinstance(item.value, int | float):
            return limit_money(item.value, currency)
        if item.unit is not None and isinstance(item.value, int | float):
            written = self.table["units"].get(item.unit.casefold(), f"{{value}} {item.unit}")
            return written.format(value=number(item.value))
        return self.plain(item.value)

    def age(self, seconds: float) -> str:
        """`3 hours ago`; under a minute, and in the future, it is just now."""
        for size, one, many in _AGES:
            if seconds >= size:
                count = int(seconds // size)
                return self.text("ages", one if count == 1 else many, count=count)
        return self.text("ages", "now")

    def value(self, feature: FeatureValue, unit: str, currency: str) -> str:
        """A feature's value with its unit: amounts as money, mappings as `name: value`, lists joined by commas."""
        if isinstance(feature.value, Mapping):
            return self._table(feature.value, unit, currency)
        return self._measured(feature.value, unit, currency)

    def _table(self, values: Mapping[str, Any], unit: str, currency: str) -> str:
        """Only the first rows of a long table, and how many there are besides."""
        rows = [f"{name}: {self._measured(item, unit, currency)}" for name, item in values.items()]
        more = [self.text("values", "more", count=len(rows) - _ROWS)] if len(rows) > _ROWS else []
        return ", ".join([*rows[:_ROWS], *more])

    def _measured(self, value: Any, unit: str, currency: str) -> str:
        if isinstance(value, int | float) and not isinstance(value, bool):
            if unit == "currency":
                return limit_money(float(value), currency)
            if unit in self.table["units"]:
                return self.text("units", unit, value=number(float(value)))
        return self.plain(value)

    def plain(self, value: Any) -> str:
        """A value without a unit: numbers rounded to two decimals, times to the minute."""
        if isinstance(value, bool):
            return self.text("values", "yes" if value else "no")
        if isinstance(value, int | float):
            return number(float(value))
        if isinstance(value, datetime):
            return f"{value:%Y-%m-%d %H:%M}"
        if isinstance(value, Iterable) and not isinstance(value, str):
            return ", ".join(self.plain(item) for item in value)
        return str(value)


def _plain(attribute: str) -> str:
    """The words of an attribute's name, without its unit."""
    unit = unit_in_name(attribute)
    return re.sub(r"[\W_]+", " ", (unit and unit[0]) or attribute).strip()


@cache
def _load(lang: Lang) -> Phrases:
    data = files("graphs.prompts").joinpath(f"{lang}.toml").read_bytes()
    table = {section: dict(phrases) for section, phrases in tomllib.loads(data.decode()).items()}
    return Phrases(lang, table, hashlib.sha256(data).hexdigest())
