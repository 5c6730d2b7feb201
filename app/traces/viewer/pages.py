"""The pages, which hold no script: text is only ever text, and nothing is fetched from elsewhere."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from pydantic_core import to_json

from app.traces.difference import PARTS, difference
from app.traces.feedback import Document
from app.traces.row import time_of
from app.traces.store import StoredRun
from app.traces.stored_turn import StoredTurn, stored_turn
from app.traces.viewer.spans import spans_of

_HERE = Path(__file__).parent
STYLE = (_HERE / "style.css").read_text("utf-8")
POLICY = "default-src 'none'; style-src {style}; base-uri 'none'; form-action {form}; frame-ancestors 'none'"

Feedback = Mapping[str, Sequence[Document]]  # by run


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=select_autoescape(["html.j2"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["pretty"] = lambda value: to_json(value, indent=2, fallback=str).decode()
    environment.filters["when"] = lambda us: f"{time_of(us):%Y-%m-%d %H:%M:%S} UTC"
    environment.filters["age"] = _age
    environment.filters["score"] = lambda score: "" if score is None else f"{score:.4g}"
    return environment


def trace_page(runs: Sequence[StoredRun], base: str, feedback: Feedback, problem: str | None = None) -> str:
    """`base` is where the pages are."""
    return _trace(runs, feedback, base=base, style=None, policy=None, problem=problem)


def exported(runs: Sequence[StoredRun], feedback: Feedback | None = None) -> str:
    """One file with everything in it."""
    digest = b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    # A document cannot forbid its own framing, which browsers say on the console.
    policy = POLICY.format(style=f"'sha256-{digest}'", form="'none'").replace("; frame-ancestors 'none'", "")
    return _trace(runs, feedback or {}, base=None, style=STYLE, policy=policy, problem=None)


def difference_page(before: StoredTurn, after: StoredTurn, base: str) -> str:
    return _rendered("difference", base, before=before, after=after, told=difference(before, after), parts=PARTS)


def list_page(base: str, **given: Any) -> str:
    return _rendered("list", base, **given)


def message_page(base: str, title: str, message: str) -> str:
    """For what cannot be shown."""
    return _rendered("message", base, title=title, message=message)


def _trace(runs: Sequence[StoredRun], feedback: Feedback, **given: Any) -> str:
    told = {"spans": spans_of(runs), "turn": stored_turn(runs), "feedback": feedback}
    return _environment().get_template("trace.html.j2").render(**told, **given)


def _rendered(page: str, base: str, **given: Any) -> str:
    return _environment().get_template(f"{page}.html.j2").render(base=base, style=None, policy=None, **given)


def _age(seconds: Any) -> str:
    if not isinstance(seconds, int | float):
        return ""
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"
