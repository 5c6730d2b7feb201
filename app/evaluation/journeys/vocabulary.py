"""Names that journeys may use, as the shop has them: an expectation about what nobody can read is an error."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import BaseModel

from app.evaluation.journeys.expectation import ExpectedAction, ExpectedFeatures, ExpectedFilter, ProductCondition
from app.evaluation.journeys.journey import Journey
from app.evaluation.rows import EvaluationError
from retrievers.features.descriptions import retail_descriptions
from retrievers.index.protocol import Index, IndexUnavailable
from retrievers.index.schema import FIELDS
from tools.tool import Tool

_ATTRIBUTE = "attribute:"


def require_known_names(journeys: Sequence[Journey], index: Index, tools: Sequence[Tool]) -> None:
    """Tools, features, attributes and fields of filters. Raises EvaluationError for the first unknown one."""
    try:
        attributes = frozenset(index.manifest().attributes)
    except IndexUnavailable as error:
        raise EvaluationError(str(error)) from None
    known = {
        "tool": frozenset(tool.name for tool in tools),
        "feature": frozenset(retail_descriptions()),
        "attribute": attributes,
        "field": frozenset(FIELDS),
    }
    for journey in journeys:
        for number, step in enumerate(journey.turns, 1):
            for kind, name in _names(step.expect):
                if name not in known[kind]:
                    where = f"journey {journey.name!r}, turn {number}"
                    raise EvaluationError(f"{where}: no {kind} is called {name!r}; there are {_some(known[kind])}")


def _names(given: Any) -> Iterator[tuple[str, str]]:
    match given:
        case ProductCondition():
            yield from (("attribute", name) for name in given.attributes or ())
        case ExpectedFilter():
            if given.field.startswith(_ATTRIBUTE):
                yield from (("attribute", name) for name in given.field.removeprefix(_ATTRIBUTE).split("|"))
            else:
                yield "field", given.field
        case ExpectedFeatures():
            yield from (
                ("feature", name) for name in (*(given.used or ()), *(given.unused or ()), *(given.status or ()))
            )
        case ExpectedAction():
            yield from (("tool", given.tool),) if given.tool else ()
        case BaseModel():
            for _, value in given:
                yield from _names(value)
        case list():
            for each in given:
                yield from _names(each)


def _some(names: frozenset[str]) -> str:
    return ", ".join(sorted(names))
