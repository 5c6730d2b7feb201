"""Names that journeys may use, as the shop has them: an expectation about what nobody can read is an error."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel

from app.evaluation.journeys.expectation import (
    ExpectedAction,
    ExpectedFeatures,
    ExpectedFilter,
    ExpectedLine,
    ProductCondition,
    Products,
)
from app.evaluation.journeys.journey import Given, Journey, Meanwhile
from app.evaluation.rows import EvaluationError
from retrievers.catalogue import DocumentType
from retrievers.features.descriptions import retail_descriptions
from retrievers.index.protocol import Index, IndexUnavailable
from retrievers.index.schema import FIELDS
from tools.tool import Tool

_ATTRIBUTE = "attribute:"
_ENOUGH = 12  # names that are listed; of more only the closest

Named = tuple[str, str]  # what kind of name, and the name


def require_known_names(journeys: Sequence[Journey], index: Index, tools: Sequence[Tool]) -> None:
    """Of tools, features, filter fields, products, brands and the like. Raises EvaluationError for one nobody knows."""
    used = [(f"journey {journey.name!r}{where}", named) for journey in journeys for where, named in _used(journey)]
    try:
        known = _known(index, tools, {name for _, (kind, name) in used if kind == "product"})
    except IndexUnavailable as error:
        raise EvaluationError(str(error)) from None
    for where, (kind, name) in used:
        if name not in known[kind]:
            raise EvaluationError(f"{where}: no {kind} is called {name!r}{instead(name, known[kind])}")


def _known(index: Index, tools: Sequence[Tool], products: Iterable[str]) -> Mapping[str, frozenset[str]]:
    manifest = index.manifest()
    found = index.fetch([f"{DocumentType.PRODUCT}/{product_id}" for product_id in products])
    return {
        "tool": frozenset(tool.name for tool in tools),
        "feature": frozenset(retail_descriptions()),
        "attribute": frozenset(manifest.attributes),
        "field": frozenset(FIELDS),
        "product": frozenset(str(evidence.metadata["product_id"]) for evidence in found),
        "brand": frozenset(manifest.vocabulary.get("brands", ())),
        "category": frozenset(manifest.vocabulary.get("categories", ())),
        "kind": frozenset(manifest.vocabulary.get("kinds", ())),
    }


def _used(journey: Journey) -> Iterator[tuple[str, Named]]:
    yield from (("", named) for named in _names(journey.given))
    for number, step in enumerate(journey.turns, 1):
        for part in (step.meanwhile, step.expect):
            yield from ((f", turn {number}", named) for named in _names(part))


def _names(given: Any) -> Iterator[Named]:
    match given:
        case ProductCondition():
            yield from _of_condition(given)
        case ExpectedFilter():
            yield from _of_filter(given)
        case ExpectedFeatures():
            names = (*(given.used or ()), *(given.unused or ()), *(given.status or ()))
            yield from (("feature", name) for name in names)
        case ExpectedAction():
            yield from (("tool", given.tool),) if given.tool else ()
        case ExpectedLine():
            yield from _of_products([given.product])
        case Given() | Meanwhile():
            yield from _of_products(given.shelf)
        case Products():
            yield from _of_products([*(given.ids or ()), *(given.include or ()), *(given.exclude or ())])
            yield from (name for part in (given.first, given.all, given.any, given.none) for name in _names(part))
        case BaseModel():
            yield from (name for _, value in given for name in _names(value))
        case list():
            yield from (name for each in given for name in _names(each))


def _of_condition(given: ProductCondition) -> Iterator[Named]:
    yield from (("attribute", name) for name in given.attributes or ())
    brands = [given.brand] if isinstance(given.brand, str) else given.brand or []
    yield from (("brand", name.casefold()) for name in brands)
    yield from (("category", given.category.casefold()),) if given.category else ()
    yield from (("kind", given.kind.casefold()),) if given.kind else ()


def _of_filter(given: ExpectedFilter) -> Iterator[Named]:
    if given.field.startswith(_ATTRIBUTE):
        yield from (("attribute", name) for name in given.field.removeprefix(_ATTRIBUTE).split("|"))
    else:
        yield "field", given.field


def _of_products(refs: Iterable[Any]) -> Iterator[Named]:
    yield from (("product", ref) for ref in refs if isinstance(ref, str))


def instead(name: str, known: Collection[str]) -> str:
    """The names there are, or the closest of many, to end an error with."""
    offered = sorted(known) if len(known) <= _ENOUGH else get_close_matches(name, sorted(known), 3)
    return f"; there is {', '.join(offered)}" if offered else ""
