"""The same checks for a sentence without a turn around it: against one record, or against some texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from graphs.sources import Sources
from graphs.turn import Lang
from graphs.verification.checks import document_support, figures_match
from graphs.verification.cited import Case
from graphs.verification.language import language
from graphs.verification.markers import without_markers
from graphs.verification.outcome import Finding
from graphs.verification.statement import Statement
from graphs.verification.support import NOTHING, Support
from retrievers.catalogue import DocumentType
from retrievers.records import Evidence, ItemFacts

_MARKER = "1"
_LIVE = ("price", "stock", "rating", "rating_count")
_ROW = ("product_id", "title", "currency", *_LIVE)


def against_record(sentence: str, record: Mapping[str, Any], lang: Lang = "en") -> Finding:
    """Contradicted when a value differs; unsupported when the record does not have the field.

    The record is a catalogue row, or any mapping of attributes to values. Numbers under `price`, `stock`, `rating` and
    `rating_count` count as live facts.
    """
    row = {name: record[name] for name in _ROW if isinstance(record.get(name), (str, int, float))}
    rest = {name: value for name, value in record.items() if name not in row}
    attributes = rest.pop("attributes", None)
    attributes = {**rest, **attributes} if isinstance(attributes, Mapping) else rest
    product_id = str(row.get("product_id", "record"))
    facts = ItemFacts(product_id, **{name: _number(row, name) for name in _LIVE})
    metadata = {"product_id": product_id, "currency": row.get("currency"), "attributes": attributes}
    evidence = Evidence("record", DocumentType.PRODUCT, "record", str(row.get("title", "")), "", 1.0, metadata)
    live = any(_number(row, name) is not None for name in _LIVE)
    return figures_match(_case(sentence, evidence, {product_id: facts} if live else {}, lang))


def against_texts(sentence: str, texts: Sequence[str], lang: Lang = "en") -> Support:
    """How far texts support a sentence, its own markers left out."""
    evidence = Evidence("text", DocumentType.TECHNICAL, "text", "", "\n".join(texts), 1.0)
    case = _case(sentence, evidence, {}, lang)
    words, figures = case.statement.words, case.statement.figures
    return document_support(case, words) if words or figures else NOTHING


def _case(sentence: str, evidence: Evidence, items: Mapping[str, ItemFacts], lang: Lang) -> Case:
    statement = Statement(f"{without_markers(sentence)} [{_MARKER}]", language(lang))
    return Case(statement, Sources({_MARKER: evidence}, {}, items, "USD"))


def _number(row: Mapping[str, Any], name: str) -> Any:
    value = row.get(name)
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None
