"""What a domain allows, as data: patterns and limits, with the hash that goes into the trace."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

Pattern = re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Policy:
    """Every pattern ignores case. `sha256` is that of the policy's file."""

    domain: str
    sha256: str
    max_input: int  # code points
    prompt_overlap: int  # words in a row that may not be shared with the system prompt
    injection: Pattern
    instructions: Pattern
    distress: Pattern
    danger: Pattern
    links: Pattern
    markup: Pattern
    profanity: Pattern
    email: Pattern
    phone_cues: Pattern
    not_personal: Pattern

    @classmethod
    def load(cls, domain: str = "retail") -> Policy:
        """Raises FileNotFoundError for a domain without a policy."""
        return _load(domain)


@cache
def _load(domain: str) -> Policy:
    raw = files("graphs.guardrails").joinpath("data", f"{domain}.toml").read_bytes()
    return _policy(tomllib.loads(raw.decode("utf-8")), hashlib.sha256(raw).hexdigest())


def _policy(row: dict[str, Any], sha256: str) -> Policy:
    several = {name: _any(row[name]["patterns"]) for name in ("injection", "instructions", "distress", "danger")}
    single = {name: _any([row[name]["pattern"]]) for name in ("links", "markup", "profanity")}
    personal = {name: _any([row["personal"][name]]) for name in ("email", "phone_cues", "not_personal")}
    return Policy(
        domain=row["domain"],
        sha256=sha256,
        max_input=row["max_input"],
        prompt_overlap=row["prompt_overlap"],
        **several,
        **single,
        **personal,
    )


def _any(patterns: Sequence[str]) -> Pattern:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE | re.MULTILINE)
