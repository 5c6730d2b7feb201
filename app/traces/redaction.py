"""Personal data and secrets taken out of what is about to be stored; patterns in `redaction.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from app.traces.row import storable
from app.traces.run import RunUpload
from graphs.guardrails.personal import mask_personal
from graphs.guardrails.policy import Policy

_SECRET = "[secret]"  # noqa: S105
_DEEPEST = 64  # levels; what lies below is told as text, so that no document can exhaust the stack


@dataclass(frozen=True, slots=True)
class Redaction:
    values: re.Pattern[str]
    worth_a_look: re.Pattern[str]
    identifiers: re.Pattern[str]
    mask: Callable[[str], str]
    name: Callable[[str], tuple[str, bool]]  # of a field: as it may be told, and whether its text is a secret

    @classmethod
    def load(cls, policy: Policy) -> Redaction:
        rows = tomllib.loads(files("app.traces").joinpath("redaction.toml").read_text("utf-8"))
        keys = re.compile(rows["keys"], re.IGNORECASE)
        redaction = cls(
            values=re.compile("|".join(rows["values"])),
            worth_a_look=re.compile(rows["worth_a_look"]),
            identifiers=re.compile(rows["identifiers"]),
            mask=lambda text: mask_personal(text, policy)[0],
            name=lru_cache(4096)(lambda name: (redaction.text(name), keys.search(name) is not None)),
        )
        return redaction

    def run(self, run: RunUpload) -> RunUpload:
        said = run.said()
        texts = ("name", "error", "inputs", "outputs", "extra", "events", "serialized", "tags")
        return run.model_copy(update={name: self.clean(said[name]) for name in texts if name in said})

    def clean(self, value: Any, depth: int = 0) -> Any:
        """The same shape with every text masked, keys too."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, int | float | None):
            return value
        if depth >= _DEEPEST:
            return self.text(str(value))
        if isinstance(value, Mapping):
            return dict(self._field(str(key), each, depth) for key, each in value.items())
        if isinstance(value, list | tuple):
            return [self.clean(each, depth + 1) for each in value]
        return value

    def _field(self, key: str, value: Any, depth: int) -> tuple[str, Any]:
        told, is_secret = self.name(key)
        return told, _SECRET if is_secret and isinstance(value, str) and value else self.clean(value, depth + 1)

    def text(self, text: str) -> str:
        text = storable(text)
        if not self.worth_a_look.search(text) or self.identifiers.fullmatch(text):
            return text
        return self.mask(self.values.sub(_SECRET, text))
