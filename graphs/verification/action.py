"""What a tool did as a source: its receipt, and the words that doing so may be told in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from graphs.verification.language import Language
from graphs.verification.outcome import MATCH, Outcome
from graphs.verification.passages import Needs, Passage, whole
from graphs.verification.quantities import Figure, read_figures, unit_figure
from graphs.verification.statement import Statement
from retrievers.embedding.tokens import tokens
from tools.records import Action, leaves

_MONEY = frozenset({"price", "total", "amount", "difference", "balance", "refund", "subtotal"})
_PERHAPS_MONEY = frozenset({"value", "budget_limit", "onboarding_budget"})
_STATUS = "status"


@dataclass(frozen=True)
class ActionSource:
    """`rendered` is the text a citation quotes: what was asked and the receipt, a fact after the other."""

    marker: str
    action: Action
    currency: str
    spoken: Language

    @cached_property
    def rendered(self) -> str:
        facts = [f"{name.replace('_', ' ')}: {_plain(value)}" for name, value in self._facts]
        return "; ".join([f"{self.action.tool.replace('_', ' ')}: {self.action.status}", *facts])

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset(tokens(self.rendered)) | self.spoken.telling_actions

    @cached_property
    def statuses(self) -> frozenset[str]:
        """Stems of the states the receipt tells of, an order's and the action's own."""
        told = (str(value) for name, value in self._facts if name.rpartition(" ")[2] == _STATUS)
        return frozenset(stem for status in told for stem in tokens(status))

    @cached_property
    def numbers(self) -> tuple[Figure, ...]:
        return tuple(self._figures())

    def passage(self, _: Needs) -> Passage | None:
        return whole(self.rendered, self.spoken)

    def support(self, _: Passage) -> frozenset[str]:
        return self.words

    def judge(self, figure: Figure, statement: Statement) -> Outcome:
        """Every figure of a receipt is exact: one that differs contradicts it. A number in a name belongs to it."""
        if any(start <= figure.start < end for start, end in self._names_in(statement.bare.casefold())):
            return MATCH
        if figure.currencies and self.currency not in figure.currencies:
            return Outcome("contradicted", f"{figure.text} is not in {self.currency}")
        comparable = [number for number in self.numbers if _comparable(figure, number)]
        if any(figure.equals(number) for number in comparable):
            return MATCH
        return Outcome("contradicted" if comparable else "absent", f"{figure.text} against {self.rendered}")

    @cached_property
    def _facts(self) -> tuple[tuple[str, Any], ...]:
        return (*leaves(self.action.arguments), *leaves(self.action.receipt or {}))

    def _names_in(self, text: str) -> Iterator[tuple[int, int]]:
        """Where the things of the receipt are named."""
        for title in {str(value).casefold() for name, value in self._facts if _is_name(name)}:
            for found in re.finditer(re.escape(title), text):
                yield found.span()

    def _figures(self) -> Iterator[Figure]:
        lines = 0
        for name, value in self._facts:
            field = name.rpartition(" ")[2]
            if isinstance(value, bool) or _is_name(name):
                continue
            if isinstance(value, int | float):
                number = unit_figure(float(value), None)
                if field in _MONEY or field in _PERHAPS_MONEY:
                    yield replace(number, dimension="money", decimals=2)
                if field not in _MONEY:
                    yield number
            else:
                yield from read_figures(str(value), self.spoken)
            lines += field == "item_id"
        if lines:
            yield unit_figure(float(lines), None)


def _is_name(path: str) -> bool:
    return path.rpartition(" ")[2] == "title"


def _plain(value: Any) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def _comparable(figure: Figure, number: Figure) -> bool:
    return (figure.dimension == "money") == (number.dimension == "money")
