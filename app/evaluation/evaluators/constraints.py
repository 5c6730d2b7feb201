"""Whether what was shown keeps what was asked, as a whole and by who asked it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from app.evaluation.evaluators.limits import Limits, Record, judged, within
from app.evaluation.evaluators.records import Records, records_for
from app.evaluation.evaluators.result import Evaluator, Json, Result, not_applicable, said, share
from app.evaluation.evaluators.wording import is_worded

CONSTRAINTS = "constraint_satisfaction"
PERSONAL = "personal_constraints"
SOURCES = ("query", "profile", "clarification", "policy")


def constraint_satisfaction(records: Records) -> Evaluator:
    """Share of the products shown that keep every limit by the catalogue's record; a wrong number of them is 0.

    Nothing shown where something keeps the limits is 0. Where nothing does, nothing may be shown and it must be said.
    """

    def constraints(inputs: Json, outputs: Json, reference_outputs: Json) -> Result:
        requires = reference_outputs.get("requires")
        count = reference_outputs.get("count")
        if not requires and count is None:
            return not_applicable(CONSTRAINTS, "nothing is required of products")
        shown = _shown(outputs)
        if reference_outputs.get("exists") is False:
            return _none_exist(shown, inputs, outputs)
        if count is not None and not within(count, len(shown)):
            return said(CONSTRAINTS, 0, f"{len(shown)} products shown, expected {_span(count)}")
        if not shown:
            nothing_wanted = count is not None and not requires and bool(outputs.get("answer"))
            return said(CONSTRAINTS, float(nothing_wanted), "nothing shown")
        broken = _broken(shown, list((requires or {}).values()), records_for(records, inputs))
        return share(CONSTRAINTS, len(shown) - len(broken), len(shown), broken.values())

    return constraints


def personal_constraints(records: Records) -> Evaluator:
    """Of every limit on every product shown, the share that is kept: one result for each source, one for all."""

    def personal(inputs: Json, outputs: Json, reference_outputs: Json) -> list[Result]:
        requires = reference_outputs.get("requires") or {}
        if reference_outputs.get("exists") is False:
            keys = [f"{PERSONAL}_{source}" for source in SOURCES]
            return [not_applicable(key, "no product keeps them") for key in (*keys, PERSONAL)]
        known, shown = records_for(records, inputs), _shown(outputs)
        found = {source: _judged(shown, limits, known) for source, limits in requires.items()}
        by_source = [_share_of(f"{PERSONAL}_{source}", found.get(source)) for source in SOURCES]
        together = [each for some in found.values() for each in some] if requires else None
        return [*by_source, _share_of(PERSONAL, together)]

    return personal


def ordering(records: Records) -> Evaluator:
    """1 when neighbours stand as asked, by the catalogue; else the share of pairs that do. Fewer than two: 0."""

    def order(inputs: Json, outputs: Json, reference_outputs: Json) -> Result:
        wanted = reference_outputs.get("order_by")
        if not wanted:
            return not_applicable("ordering", "no order is asked for")
        field, known = wanted.removeprefix("-"), records_for(records, inputs)
        figures = [known.get(each, {}).get(field) for each in _shown(outputs)]
        pairs = [(one, other) for one, other in pairwise(figures) if one is not None and other is not None]
        if len(pairs) < len(figures) - 1 or not pairs:
            return said("ordering", 0, f"{field}: {figures}")
        kept = sum(one >= other if wanted.startswith("-") else one <= other for one, other in pairs)
        return share("ordering", kept, len(pairs), [f"{field}: {figures}"] if kept < len(pairs) else [])

    return order


def _shown(outputs: Mapping[str, Any]) -> list[str]:
    return [str(card["product_id"]) for card in outputs.get("products") or ()]


def _none_exist(shown: Sequence[str], inputs: Json, outputs: Json) -> Result:
    if shown:
        return said(CONSTRAINTS, 0, f"nothing keeps the limits, yet shown: {', '.join(shown)}")
    told = is_worded("nothing", inputs, outputs)
    return said(CONSTRAINTS, float(told), "rightly nothing shown" if told else "nothing shown, and not said why")


def _broken(shown: Sequence[str], limits: Sequence[Limits], records: Records) -> dict[str, str]:
    """What each product that breaks a limit breaks; one the catalogue does not hold breaks them all."""
    told = {}
    for product_id in shown:
        record = records.get(product_id)
        wrong = ["not in the catalogue"] if record is None else [*_wrong(limits, record)]
        if wrong:
            told[product_id] = f"{product_id}: {', '.join(wrong)}"
    return told


def _wrong(limits: Sequence[Limits], record: Record) -> list[str]:
    return [f"{name} ({_value(name, record)})" for each in limits for name, kept in judged(each, record) if not kept]


def _value(name: str, record: Record) -> Any:
    name = name.removeprefix("not ")
    if name.startswith("attributes."):
        return (record.get("attributes") or {}).get(name.removeprefix("attributes."))
    return record.get({"in_stock": "stock", "ids": "product_id"}.get(name, name))


def _judged(shown: Sequence[str], limits: Limits, records: Records) -> list[tuple[str, bool]]:
    """Every limit on every product, and whether it is kept; where nothing is shown, that one thing is wrong."""
    found = [(f"{each}: {name}", kept) for each in shown for name, kept in judged(limits, records.get(each, {}))]
    return found or [("nothing shown", False)]


def _share_of(key: str, found: Sequence[tuple[str, bool]] | None) -> Result:
    if found is None:
        return not_applicable(key, "nothing is required by it")
    return share(key, sum(kept for _, kept in found), len(found), [name for name, kept in found if not kept])


def _span(count: Mapping[str, int]) -> str:
    low, high = count.get("min"), count.get("max")
    return str(low) if low == high else f"{'any' if low is None else low} to {'any' if high is None else high}"
