"""What a domain allows, as data: patterns and limits, with the hash that goes into the trace."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

Pattern = re.Pattern[str]

_PLAIN = ("domain", "max_input", "prompt_overlap")
_SEVERAL = ("distress", "danger", "off_topic", "treatment", "others_data")
_SINGLE = ("links", "markup", "profanity", "canary", "terms", "matters")
_TABLES = ("advice", "structure")
_PERSONAL = ("email", "phone_cues", "phone_cues_after", "card_cues", "not_personal", "beside")


@dataclass(frozen=True, slots=True)
class Policy:
    """Every pattern ignores case. `sha256` is that of the domain's file after the common one."""

    domain: str
    sha256: str
    languages: frozenset[str]  # the ones the patterns can read, as ISO 639-1 codes
    max_input: int  # code points
    prompt_overlap: int  # words in a row that may not be shared with the system prompt
    distress: Pattern
    danger: Pattern
    off_topic: Pattern
    treatment: Pattern  # asks for a cure, not for goods
    others_data: Pattern  # asks for somebody else's personal data
    advice: Mapping[str, Pattern]  # what may not be advised, by field
    structure: Mapping[str, Pattern]  # forms that are suspicious in any language, by name
    terms: Pattern  # what only the store's own texts may say
    matters: Pattern  # what a review has no authority over
    typed_words: frozenset[str]  # the words of these matters that the live facts of a product decide
    links: Pattern
    markup: Pattern
    profanity: Pattern
    canary: Pattern
    email: Pattern
    phone_cues: Pattern  # stand before a telephone number
    phone_cues_after: Pattern
    card_cues: Pattern
    not_personal: Pattern
    beside: Pattern  # words that only say what kind of personal data it is

    @classmethod
    def load(cls, domain: str = "retail") -> Policy:
        """Raises FileNotFoundError for a domain without a policy."""
        return _load(domain)


@cache
def _load(domain: str) -> Policy:
    read = [files("graphs.guardrails").joinpath("data", f"{name}.toml").read_bytes() for name in ("common", domain)]
    rows: dict[str, Any] = {}
    for raw in read:
        rows |= tomllib.loads(raw.decode("utf-8"))
    return _policy(rows, hashlib.sha256(b"".join(read)).hexdigest())


def _policy(rows: Mapping[str, Any], sha256: str) -> Policy:
    patterns: dict[str, Any] = {name: _any(_written_out(rows[name])) for name in _SEVERAL}
    patterns |= {name: _any([rows[name]["pattern"]]) for name in _SINGLE}
    patterns |= {name: _any([rows["personal"][name]]) for name in _PERSONAL}
    patterns |= {table: {name: _any([text]) for name, text in rows[table].items()} for table in _TABLES}
    return Policy(
        sha256=sha256,
        languages=frozenset(rows["languages"]),
        typed_words=frozenset(rows["matters"]["typed"].split()),
        **{name: rows[name] for name in _PLAIN},
        **patterns,
    )


def _written_out(table: Mapping[str, Any]) -> list[str]:
    """The patterns of a table; `<name>` in one stands for what the table has under that name."""
    patterns = list(table["patterns"])
    for name, text in table.items():
        if isinstance(text, str):
            patterns = [pattern.replace(f"<{name}>", text) for pattern in patterns]
    return patterns


def _any(patterns: Sequence[str]) -> Pattern:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE | re.MULTILINE)
