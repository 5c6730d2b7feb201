"""Whole records without sentences that have no business in them: every text of a row, however deep it stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from retrievers.document_type import DocumentType
from retrievers.sanitising.sanitise import sanitised

_NAMES = ("title", "brand", "kind")
_PROSE = 4  # words; a shorter value names something


class RecordSanitiser:
    """Cleans texts of one type and counts in `dropped` the sentences it took out of them."""

    def __init__(self, kind: DocumentType, subject: str = "") -> None:
        self._kind, self._subject = kind, subject
        self.dropped = 0

    def text(self, text: str) -> str:
        """As `sanitise`."""
        return self._clean(text, self._kind)

    def value(self, value: Any) -> Any:
        """The same for every text in a nested value; what only names something may be called what it likes."""
        if isinstance(value, str):
            return self._clean(value, self._kind if len(value.split()) >= _PROSE else DocumentType.FAQ)
        if isinstance(value, Mapping):
            return {name: self.value(each) for name, each in value.items()}
        if isinstance(value, (list, tuple)):
            return type(value)(self.value(each) for each in value)
        return value

    def _clean(self, text: str, kind: DocumentType) -> str:
        found = sanitised(text, kind, self._subject)
        self.dropped += found.dropped
        return found.text


def subject_of(row: Mapping[str, Any]) -> str:
    """What a product is, in words: a sentence of its description may ask something about that."""
    names = [*(str(row.get(name) or "") for name in _NAMES), *map(str, row.get("category") or ())]
    return "\n".join([*names, *(f"{name} {value}" for name, value in (row.get("attributes") or {}).items())])
