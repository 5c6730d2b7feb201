"""Whether a sentence gives an assistant orders, or asks for something, by its form."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

Pattern = re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Instructions:
    """Every pattern ignores case; every text must be normalised."""

    override: Pattern
    about: Pattern
    addressed: Pattern
    steering: Pattern
    elsewhere: Pattern
    request: Pattern
    errand: Pattern  # requests without those that say what one can do with goods

    @classmethod
    def load(cls) -> Instructions:
        """The forms of `instructions.toml`."""
        return _load()

    def overrides(self, text: str) -> bool:
        """Whether some sentence orders an assistant to be another; one that asks about such orders does not count."""
        return any(self._orders(text, found) for found in self.override.finditer(text))

    def addresses_assistant(self, sentence: str) -> bool:
        """Whether a sentence of a text speaks to an assistant instead of a reader."""
        return self.override.search(sentence) is not None or self.addressed.search(sentence) is not None

    def steers_answer(self, sentence: str) -> bool:
        """Whether a sentence says what shall be answered, to whom or how."""
        return self.steering.search(sentence) is not None

    def sends_elsewhere(self, sentence: str) -> bool:
        """Whether a sentence holds a link or an e-mail address."""
        return self.elsewhere.search(sentence) is not None

    def is_request(self, sentence: str) -> bool:
        """Whether a sentence asks a question, or begins by telling its reader to do something."""
        plain = _bare(sentence)
        return plain.endswith(("?", "？")) or self.request.match(plain) is not None

    def is_errand(self, sentence: str) -> bool:
        """A request that does not just say what can be done with a product."""
        plain = _bare(sentence)
        return plain.endswith(("?", "？")) or self.errand.match(plain) is not None

    def _orders(self, text: str, found: re.Match[str]) -> bool:
        start = max(text.rfind(stop, 0, found.start()) for stop in ".!?\n;:") + 1
        return self.about.search(text[start : found.end()]) is None


@cache
def _load() -> Instructions:
    rows = tomllib.loads(files(__package__).joinpath("instructions.toml").read_text(encoding="utf-8"))
    return Instructions(
        override=_any(rows["override"]["patterns"]),
        about=_any(rows["override"]["about"]),
        addressed=_any(rows["addressed"]["patterns"]),
        steering=_any(rows["steering"]["patterns"]),
        elsewhere=_any(rows["elsewhere"]["patterns"]),
        request=_request(rows["requests"], rows["requests"]["shown_by"]),
        errand=_request(rows["requests"], rows["requests"]["given_to"]),
    )


def _bare(sentence: str) -> str:
    return sentence.strip(" \t\n-*•>#\"'“”‘’()[]")


def _request(row: Mapping[str, Any], goods: str) -> Pattern:
    """`goods` is what must stand behind a verb of goods for it to ask for something."""
    verbs, either, of_goods = (_one_of(row[name].split()) for name in ("verbs", "either", "goods"))
    verb = rf"{verbs}\b|{either}\s+{row['shown_by']}|{of_goods}\s+{goods}"
    return re.compile(rf"(?:{row['lead']}[\s,:]+)*(?:{verb}|{row['questions']})|.*?{row['korean']}", re.IGNORECASE)


def _one_of(words: Iterable[str]) -> str:
    return f"(?:{'|'.join(words)})"


def _any(patterns: Iterable[str]) -> Pattern:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE | re.MULTILINE)
