"""Whether an answer tells the facts that were asked for, as the catalogue and the shop's pages have them."""

from __future__ import annotations

import re
from typing import Any

from app.evaluation.evaluators.records import Records, records_for
from app.evaluation.evaluators.result import Evaluator, Json, Result, not_applicable, share

_NUMBER = re.compile(r"(?<![\w.])\d{1,3}(?:,\d{3})+(?:\.\d+)?|(?<![\w.])\d+(?:\.\d+)?")
_NEARLY = 0.005


def told_facts(records: Records) -> Evaluator:
    """Share of the facts asked for that the answer tells: a product's `field`, or one of the wordings of a page.

    A figure counts however it is written, rounded to a decimal or two as well; a text whatever its case.
    """

    def facts(inputs: Json, outputs: Json, reference_outputs: Json) -> Result:
        wanted = reference_outputs.get("tells")
        if not wanted:
            return not_applicable("told_facts", "no fact is asked for")
        known, answer = records_for(records, inputs), str(outputs.get("answer") or "")
        missing = [told for each in wanted if (told := _missing(each, known, answer))]
        return share("told_facts", len(wanted) - len(missing), len(wanted), missing)

    return facts


def fact_of(record: Any, field: str) -> Any:
    """A field of the record, else one of its attributes; None when it has neither."""
    found = record.get(field)
    return (record.get("attributes") or {}).get(field) if found is None else found


def _missing(wanted: Json, records: Records, answer: str) -> str:
    if "says" in wanted:
        found = any(_folded(each) in _folded(answer) for each in wanted["says"])
        return "" if found else f"{wanted['source']}: does not say {' or '.join(wanted['says'])}"
    value = fact_of(records.get(wanted["product"], {}), wanted["field"])
    return "" if _told(value, answer) else f"{wanted['product']}: {wanted['field']} is {value}"


def _told(value: Any, answer: str) -> bool:
    if isinstance(value, bool) or value is None:
        return False
    if isinstance(value, int | float):
        return any(_is_figure(value, figure.replace(",", "")) for figure in _NUMBER.findall(answer))
    return _folded(str(value)) in _folded(answer)


def _is_figure(value: float, written: str) -> bool:
    """A whole number is told whole: 4.8 tells 4.83, and 5 does not."""
    decimals = len(written.partition(".")[2])
    return abs(float(written) - (round(value, decimals) if decimals else value)) < _NEARLY


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
