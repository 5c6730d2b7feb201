"""Wordings by which an evaluator knows what an answer does, in the shopper's language."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal

from app.evaluation.evaluators.result import Json


def is_worded(what: Literal["offers", "nothing"], inputs: Json, outputs: Json) -> bool:
    """Whether the answer has any of the wordings of `data/<what>.toml`."""
    answer = str(outputs.get("answer") or "")
    return any(pattern.search(answer) for pattern in _patterns(what, str(inputs.get("lang", "en"))))


@cache
def _patterns(what: str, lang: str) -> tuple[re.Pattern[str], ...]:
    table = tomllib.loads((files(__package__) / "data" / f"{what}.toml").read_text("utf-8"))
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in table[lang])
