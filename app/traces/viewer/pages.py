"""The pages, which hold no script: text is only ever text, and nothing is fetched from elsewhere."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from pydantic_core import to_json

from app.traces.row import time_of
from app.traces.store import StoredRun
from app.traces.viewer.spans import spans_of
from app.traces.viewer.turn import turn_view

_HERE = Path(__file__).parent
STYLE = (_HERE / "style.css").read_text("utf-8")
POLICY = "default-src 'none'; style-src {style}; base-uri 'none'; form-action {form}; frame-ancestors 'none'"


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
    return environment


def trace_page(runs: Sequence[StoredRun], base: str) -> str:
    """`base` is where the pages are."""
    return _trace(runs, base=base, style=None, policy=None)


def exported(runs: Sequence[StoredRun]) -> str:
    """One file with everything in it."""
    digest = b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    # A document cannot forbid its own framing, which browsers say on the console.
    policy = POLICY.format(style=f"'sha256-{digest}'", form="'none'").replace("; frame-ancestors 'none'", "")
    return _trace(runs, base=None, style=STYLE, policy=policy)


def list_page(**given: Any) -> str:
    return _environment().get_template("list.html.j2").render(style=None, policy=None, **given)


def _trace(runs: Sequence[StoredRun], **given: Any) -> str:
    spans = spans_of(runs)
    return _environment().get_template("trace.html.j2").render(spans=spans, turn=turn_view(runs), **given)


def _age(seconds: Any) -> str:
    if not isinstance(seconds, int | float):
        return ""
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"
