"""Names that cases may use, as the shop has them: a reference to what nobody knows is an error."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from app.evaluation.dataset.case import Actions, DatasetCase, Features, PageFact, ProductFact, Shows
from app.evaluation.dataset.limits import Limits
from app.evaluation.dataset.store import Store
from app.evaluation.evaluators.facts import fact_of
from app.evaluation.evaluators.keys import KEYS
from app.evaluation.journeys.journey import NEW, Given
from app.evaluation.journeys.vocabulary import instead
from app.evaluation.rows import EvaluationError
from graphs.assistant import NODES
from retrievers.features.descriptions import retail_descriptions
from tools.tool import Tool

_PARTS = ("", "#reviews")

Named = tuple[str, str]  # what kind of name, and the name


def require_known_names(
    cases: Mapping[str, DatasetCase], store: Store, tools: Sequence[Tool], shoppers: Collection[str]
) -> None:
    """`cases` by where they stand. Raises EvaluationError for a name or a fact the shop does not have."""
    known = _known(store, tools, shoppers)
    for where, case in cases.items():
        for kind, name in _names(case):
            if name not in known[kind]:
                raise EvaluationError(f"{where}: no {kind} is called {name!r}{instead(name, known[kind])}")
        for fact in case.expect.tells or ():
            if wrong := _untold(fact, store):
                raise EvaluationError(f"{where}: {wrong}")


def _known(store: Store, tools: Sequence[Tool], shoppers: Collection[str]) -> Mapping[str, frozenset[str]]:
    records = store.records.values()
    steps = {node.__name__ for node in NODES} | {tool.name for tool in tools}
    return {
        "tool": frozenset(tool.name for tool in tools),
        "node or tool": frozenset(steps),
        "feature": frozenset(retail_descriptions()),
        "shopper": frozenset((*shoppers, NEW)),
        "product": frozenset(store.records),
        "page": frozenset((*store.pages, *_of_products(store))),
        "evaluator": frozenset(KEYS),
        "attribute": frozenset(name for record in records for name in record.get("attributes") or ()),
        **{name: _texts(record.get(name) for record in records) for name in ("brand", "category", "kind", "currency")},
    }


def _of_products(store: Store) -> Iterator[str]:
    """A product's page, and its reviews there."""
    yield from (f"{record['url']}{part}" for record in store.records.values() if "url" in record for part in _PARTS)


def _texts(values: Iterator[Any]) -> frozenset[str]:
    several = (each if isinstance(each, list | tuple) else [each] for each in values)
    return frozenset(str(text).casefold() for each in several for text in each if text is not None)


def _names(case: DatasetCase) -> Iterator[Named]:
    yield "shopper", case.shopper
    yield from _within(case.given)
    expect = case.expect
    for part in (*expect.requires.values(), expect.relevant, expect.shows, expect.features, expect.actions):
        yield from _within(part)
    yield from (("product", fact.product) for fact in expect.tells or () if isinstance(fact, ProductFact))
    yield from (("page", fact.source) for fact in expect.tells or () if isinstance(fact, PageFact))
    sources = (expect.cites.sources or ()) if expect.cites else ()
    yield from (("page", page) for source in sources for page in source.split("|"))
    yield from (("evaluator", key) for key in expect.thresholds)
    for steps in (expect.trajectory or {}).values():
        names = (name for step in steps for name in ([step] if isinstance(step, str) else step))
        yield from (("node or tool", name) for name in names)


def _within(part: Any) -> Iterator[Named]:
    match part:
        case Limits():
            yield from _of_limits(part)
        case Shows():
            yield from (("product", product_id) for product_id in part.ids or ())
        case Features():
            yield from (("feature", name) for name in (*(part.may or ()), *(part.must or ())))
        case Actions():
            yield from (("tool", each.tool) for each in part.include or () if each.tool)
            yield from (("tool", name) for name in part.forbidden or ())
        case Given():
            lines = (*part.cart, *(line for order in part.orders for line in order.lines))
            yield from (("product", product_id) for product_id in (*part.shelf, *(line.product for line in lines)))
        case Mapping():
            yield from (("product", product_id) for product_id in part)


def _of_limits(limits: Limits) -> Iterator[Named]:
    for kind in ("brand", "category", "kind", "currency"):
        value = getattr(limits, kind)
        yield from ((kind, name.casefold()) for name in ([value] if isinstance(value, str) else value or ()))
    yield from (("product", product_id) for product_id in limits.ids or ())
    yield from (("attribute", name) for name in limits.attributes or ())
    yield from _of_limits(limits.but) if limits.but else ()


def _untold(fact: ProductFact | PageFact, store: Store) -> str:
    if isinstance(fact, PageFact):
        text = " ".join(store.pages[fact.source].casefold().split())
        said = any(" ".join(each.casefold().split()) in text for each in fact.says)
        return "" if said else f"tells: {fact.source} says none of {', '.join(fact.says)}"
    value = fact_of(store.records[fact.product], fact.field)
    told = value is not None and not isinstance(value, bool)
    return "" if told else f"tells: {fact.product} states no {fact.field} that can be told"
