"""A fact about the shopper as a source: one feature's value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from graphs.sources import Sources
from graphs.verification.language import Language
from graphs.verification.outcome import MATCH, Outcome
from graphs.verification.passages import Needs, Passage, whole
from graphs.verification.quantities import Figure, read_figures, unit_figure
from graphs.verification.statement import Statement
from retrievers.embedding.tokens import tokens
from retrievers.records import FeatureValue

_SPAN = re.compile(r"(?<![a-z0-9])(\d+)([dh])(?![a-z0-9])")  # "30d" in `total_purchases_30d`
_UNITS = {"d": "days", "h": "hours"}
_MONEY = frozenset({"amount", "budget", "limit", "price", "spend", "total", "value"})  # last words of features' names


@dataclass(frozen=True)
class ShopperSource:
    """`rendered` is the text a citation quotes."""

    marker: str
    feature: FeatureValue
    currency: str
    titles: Mapping[str, str]  # of products in this turn's evidence, by id, for features that hold an id
    spoken: Language

    @classmethod
    def of(cls, marker: str, feature: FeatureValue, sources: Sources, spoken: Language) -> ShopperSource:
        titles = {
            str(item.metadata["product_id"]): item.title
            for item in sources.evidence.values()
            if item.type == "product" and "product_id" in item.metadata
        }
        return cls(marker, feature, sources.currency, titles, spoken)

    @cached_property
    def rendered(self) -> str:
        return ", ".join(self._render(self.feature.value))

    @cached_property
    def words(self) -> frozenset[str]:
        name = self.feature.name.replace(":", " ").replace("_", " ")
        return frozenset(tokens(f"{self.rendered} {' '.join(self._titles())} {name}"))

    def passage(self, _: Needs) -> Passage | None:
        return whole(self.rendered, self.spoken) if self.rendered else None

    def support(self, _: Passage) -> frozenset[str]:
        return self.words

    @property
    def numbers(self) -> tuple[Figure, ...]:
        return (*self._figures(self.feature.value), *self._about())

    def stated_in(self, statement: Statement) -> bool:
        """Whether the sentence names what this feature holds. A number or a time may be left unsaid."""
        names = [*self._names(), *self._titles()]
        if not names:
            return True
        said = statement.stems | frozenset(tokens(statement.bare))
        return any(stems <= said for name in names if (stems := frozenset(tokens(name))))

    def judge(self, figure: Figure, statement: Statement) -> Outcome:
        if figure.dimension == "money" and figure.currencies and self.currency not in figure.currencies:
            return Outcome("contradicted", f"{figure.text} is not in {self.currency}")
        numbers = [number for number in self._numbers(statement) if _comparable(figure, number)]
        if any(_rounds_to(figure, number) for number in (*numbers, *self._about())):
            return MATCH
        detail = f"{figure.text} against {self.rendered}"
        return Outcome("contradicted" if numbers else "absent", detail)

    def _render(self, value: Any) -> list[str]:
        if isinstance(value, Mapping):
            return [f"{key}: {text}" for key, each in value.items() for text in self._render(each)]
        if isinstance(value, (list, tuple)):
            return [text for each in value for text in self._render(each)]
        if isinstance(value, datetime):
            return [value.isoformat()]
        if isinstance(value, float):
            return [f"{value:.2f}".rstrip("0").rstrip(".")]
        return [] if value is None else [str(value)]

    def _names(self) -> list[str]:
        value = self.feature.value
        if isinstance(value, Mapping):
            return [str(key) for key in value]
        if isinstance(value, (list, tuple)):
            return [str(each) for each in value]
        return [value] if isinstance(value, str) else []

    def _titles(self) -> list[str]:
        return [self.titles[name] for name in self._names() if name in self.titles]

    def _numbers(self, statement: Statement) -> Iterator[Figure]:
        """The numbers this feature holds; of a table, only the rows the sentence names, or their sum."""
        value = self.feature.value
        if isinstance(value, Mapping):
            said = statement.stems | frozenset(tokens(statement.bare))
            rows = [each for key, each in value.items() if frozenset(tokens(self.titles.get(key, str(key)))) <= said]
            counted = [float(each) for each in value.values() if isinstance(each, (int, float))]
            yield from (figure for each in (rows or [sum(counted)]) for figure in self._figures(each))
        else:
            yield from self._figures(value)

    def _figures(self, value: Any) -> Iterator[Figure]:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            number = unit_figure(float(value), self._unit)
            yield replace(number, dimension="money") if self._unit in _MONEY else number
            if isinstance(value, float) and 0 <= value <= 1:
                yield unit_figure(100.0 * value, "%")
        elif isinstance(value, datetime):
            yield from self._elapsed(value)
        elif isinstance(value, (str, list, tuple)):
            yield from read_figures(" ".join(self._render(value)), self.spoken)

    @property
    def _unit(self) -> str:
        return self.feature.name.rpartition("_")[2]

    def _about(self) -> Iterator[Figure]:
        """The period in the feature's name, and how old the value is."""
        for count, unit in _SPAN.findall(self.feature.name.replace("_", " ")):
            yield unit_figure(float(count), _UNITS[unit])
        if self.feature.age_s is not None:
            yield from _durations(self.feature.age_s)

    def _elapsed(self, moment: datetime) -> Iterator[Figure]:
        read = self.feature
        if read.event_time is not None and read.age_s is not None:
            now = read.event_time + timedelta(seconds=read.age_s)
            yield from _durations((now - moment).total_seconds())


def _durations(seconds: float) -> Iterator[Figure]:
    for unit, length in (("minutes", 60), ("hours", 3600), ("days", 86400), ("weeks", 604800)):
        for count in {seconds // length, round(seconds / length)}:
            if count >= 1:
                yield unit_figure(float(count), unit)


def _comparable(figure: Figure, number: Figure) -> bool:
    """Money is compared with money alone: minutes and counts have nothing to do with it."""
    if "money" in (figure.dimension, number.dimension):
        return figure.dimension in ("money", None) and number.dimension == "money"
    return True


def _rounds_to(figure: Figure, number: Figure) -> bool:
    """A sentence may round a value to the decimals it shows, at most two."""
    if figure.equals(number):
        return True
    same_unit = figure.dimension == number.dimension or not (figure.dimension and number.dimension)
    near = abs(figure.value - number.value) <= 0.5 * 10 ** -min(figure.decimals, 2) + 1e-9
    return same_unit and figure.factor == number.factor and number.value != round(number.value) and near
