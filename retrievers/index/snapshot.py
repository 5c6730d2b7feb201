"""Popular documents kept beside the index, for when the index itself cannot answer."""

from __future__ import annotations

import heapq
import json
import logging
from itertools import count
from pathlib import Path

from retrievers.catalogue import DocumentType
from retrievers.index.codec import evidence_from_json, evidence_to_json
from retrievers.index.files import write_atomically
from retrievers.records import Evidence

_log = logging.getLogger(__name__)
_PRODUCTS = 50
_OTHERS = 8


class SnapshotCollector:
    """Sees every document once while a generation is built and keeps the most popular of each type."""

    def __init__(self) -> None:
        self._order = count()  # so that no two entries tie and evidence is never compared
        self._kept: dict[DocumentType, list[tuple[float, str, int, Evidence]]] = {type: [] for type in DocumentType}

    def add(self, evidence: Evidence) -> None:
        kept = self._kept[evidence.type]
        entry = (float(evidence.metadata.get("popularity") or 0), evidence.id, next(self._order), evidence)
        if len(kept) < (_PRODUCTS if evidence.type is DocumentType.PRODUCT else _OTHERS):
            heapq.heappush(kept, entry)
        else:
            heapq.heappushpop(kept, entry)

    def write(self, path: Path) -> None:
        documents = {
            type.value: [evidence_to_json(evidence) for *_, evidence in sorted(kept, reverse=True)]
            for type, kept in self._kept.items()
        }
        write_atomically(path, json.dumps(documents, ensure_ascii=False))


def load_snapshot(data: Path) -> dict[DocumentType, list[Evidence]]:
    """Most popular first, score 0; opens no index. Empty when there is none or it cannot be read."""
    path = data / "snapshot.json"
    try:
        documents = json.loads(path.read_text("utf-8"))
        return {
            type: [evidence_from_json(entry, 0.0) for entry in documents.get(type.value, [])] for type in DocumentType
        }
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError, TypeError) as error:
        _log.warning("the snapshot %s cannot be read: %s", path, error)
        return {}
