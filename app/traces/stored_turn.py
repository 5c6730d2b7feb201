"""A turn of the assistant read back from its trace: as its shopper saw it, and what the graph knew."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.traces.row import metadata_of
from app.traces.store import StoredRun

Row = Mapping[str, Any]
Rows = Sequence[Row]


@dataclass(frozen=True, slots=True)
class StoredTurn:
    """`answer` is None for a turn that broke off; rows are as the nodes told them."""

    trace_id: str
    started_us: int
    user_id: str
    lang: str
    message: str
    question: str  # what the message meant on its own
    is_decision: bool  # a word on something proposed, by a button or in words
    memory: Row  # of the conversation, as it was before
    answer: str | None
    products: Rows
    citations: Rows
    degraded: Rows
    features: Rows
    readable: bool  # whether the features could be read
    defaults_level: str  # whose averages stood in for them, if any
    used_features: Sequence[str]
    filters: Rows  # of the plan, each with `kept`: honoured, relaxed or dropped
    evidence: Rows
    claims: Rows
    actions: Rows
    guard: Row
    model: str
    prompt_sha256: str
    index_generation: str
    tokens: int | None
    took_ms: float | None
    nodes_ms: Mapping[str, float]  # by node; one that ran again is told as `generate 2`
    error: str | None
    metadata: Row

    @property
    def features_told(self) -> Rows:
        """Those that were known, each with `used`: whether it decided something about the answer."""
        known = [each for each in self.features if each.get("status") != "missing"]
        return [{**each, "used": each.get("name") in self.used_features} for each in known]

    @property
    def features_missing(self) -> list[str]:
        return [str(each.get("name")) for each in self.features if each.get("status") == "missing"]


def stored_turn(runs: Sequence[StoredRun]) -> StoredTurn | None:
    """None for a trace that is no turn of the assistant."""
    root = next((run for run in runs if run.row["parent_run_id"] is None), None)
    if root is None or not _is_turn(root):
        return None
    nodes = [run for run in runs if run is not root]
    told = {run.row["name"]: run.run.outputs or {} for run in nodes}
    given = {run.row["name"]: run.run.inputs or {} for run in nodes}
    asked, outputs, metadata = root.run.inputs or {}, root.run.outputs or {}, metadata_of(root.run)
    prompted, fetched = told.get("build_prompt", {}), told.get("fetch_features", {})
    plan = _row(prompted.get("plan") or told.get("retrieve", {}).get("plan"))
    return StoredTurn(
        trace_id=root.row["trace_id"],
        started_us=root.row["start_us"],
        user_id=str(asked.get("user_id") or "anonymous"),
        lang=str(asked.get("lang") or "en"),
        message=str(asked.get("message") or ""),
        question=str(told.get("receive", {}).get("question") or ""),
        is_decision=bool(asked.get("decision") or told.get("receive", {}).get("decision")),
        memory=_row(given.get("receive", {}).get("memory")),
        answer=str(outputs["answer"]) if "answer" in outputs else None,
        products=_rows(outputs.get("products")),
        citations=_rows(outputs.get("citations")),
        degraded=_rows(outputs.get("degraded")),
        features=_rows(fetched.get("features")),
        readable=fetched.get("readable") is not False,
        defaults_level=str(fetched.get("defaults_level") or ""),
        used_features=[str(name) for name in _list(prompted.get("used_features"))],
        filters=[
            {**item, "kept": kept} for kept in ("honoured", "relaxed", "dropped") for item in _rows(plan.get(kept))
        ],
        evidence=_rows(prompted.get("evidence")),
        claims=_rows(told.get("verify_citations", {}).get("claims")),
        actions=_rows(outputs.get("actions")),
        guard=_row(outputs.get("guard")),
        model=str(metadata.get("model") or ""),
        prompt_sha256=str(metadata.get("prompt_sha256") or ""),
        index_generation=str(metadata.get("index_generation") or ""),
        tokens=root.row["total_tokens"],
        took_ms=_milliseconds(root),
        nodes_ms=_timings(nodes),
        error=root.run.error,
        metadata=metadata,
    )


def _is_turn(root: StoredRun) -> bool:
    """Answered under anybody's name, or asked of the assistant and broken off."""
    return "answer" in (root.run.outputs or {}) or (root.row["name"] == "turn" and bool(root.run.inputs))


def _timings(nodes: Sequence[StoredRun]) -> dict[str, float]:
    """Tools and models below a node are part of it."""
    times, seen = dict[str, float](), Counter[str]()
    for run in nodes:
        took, name = _milliseconds(run), run.row["name"]
        if took is None or metadata_of(run.run).get("node") != name:
            continue
        seen[name] += 1
        times[name if seen[name] == 1 else f"{name} {seen[name]}"] = took
    return times


def _milliseconds(run: StoredRun) -> float | None:
    latency: float | None = run.row["latency_s"]
    return None if latency is None else round(latency * 1000, 1)


def _rows(value: Any) -> Rows:
    """Whatever somebody sent under our names, only rows are shown as such."""
    return [each for each in _list(value) if isinstance(each, dict)]


def _row(value: Any) -> Row:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
