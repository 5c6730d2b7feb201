"""The small grammar the shop's texts are written in.

`waterproof & season=winter >> The (hood|collar) holds back rain for $hours h.` is said only when the conditions before
`>>` hold and every `$slot` is known; one of the alternatives in parentheses is taken.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

Facts = Mapping[str, object]

_ALTERNATIVES = re.compile(r"\(([^()]*\|[^()]*)\)")
_SLOT = re.compile(r"\$([a-z][a-z0-9_]*)")
_CONDITION = re.compile(r"(?P<negated>no )?(?P<name>\w+)(?:(?P<op>[=<>])(?P<value>.+))?")
_SENTENCE_START = re.compile(r"(^|[.!?] )([a-z])")


@dataclass(frozen=True, slots=True)
class Condition:
    name: str
    op: str | None
    values: tuple[str, ...]
    negated: bool

    @classmethod
    def parse(cls, text: str) -> Condition:
        match = _CONDITION.fullmatch(text.strip())
        if match is None:
            raise ValueError(f"Not a condition: {text!r}; write name, no name, name=a|b, name<1 or name>1")
        values = tuple((match["value"] or "").split("|"))
        return cls(match["name"], match["op"], values, match["negated"] is not None)

    def holds(self, facts: Facts) -> bool:
        return self._matches(facts.get(self.name)) is not self.negated

    def _matches(self, actual: object) -> bool:
        if self.op is None:
            return bool(actual)
        if self.op == "=":
            return spoken(actual) in self.values
        if not isinstance(actual, int | float):
            return False
        bound = float(self.values[0])
        return actual < bound if self.op == "<" else actual > bound


@dataclass(frozen=True, slots=True)
class Phrase:
    text: str
    conditions: tuple[Condition, ...]
    slots: frozenset[str]
    varies: bool  # it has alternatives

    @classmethod
    def parse(cls, line: str) -> Phrase:
        head, separator, tail = line.partition(" >> ")
        text = (tail if separator else head).strip()
        conditions = tuple(Condition.parse(part) for part in head.split("&")) if separator else ()
        return cls(text, conditions, frozenset(_SLOT.findall(text)), _ALTERNATIVES.search(text) is not None)

    def fits(self, facts: Facts) -> bool:
        for slot in self.slots:
            if facts.get(slot) is None:
                return False
        return all(condition.holds(facts) for condition in self.conditions)

    def say(self, rng: Random, facts: Facts) -> str:
        chosen = _ALTERNATIVES.sub(lambda match: rng.choice(match[1].split("|")), self.text)
        filled = _SLOT.sub(lambda match: spoken(facts[match[1]]), chosen)
        return " ".join(filled.split()).replace(" ,", ",").replace(" .", ".")


class Deck:
    """Phrases dealt evenly: the least used that fits comes first, in the least used of a few wordings."""

    _WORDINGS = 4

    def __init__(self, phrases: Sequence[Phrase]) -> None:
        self._phrases = phrases
        self._uses = [0] * len(phrases)
        self._said: Counter[str] = Counter()

    def deal(self, rng: Random, facts: Facts, count: int = 1) -> list[str]:
        """Up to `count` different phrases; fewer when fewer fit."""
        fitting = [place for place, phrase in enumerate(self._phrases) if phrase.fits(facts)]
        rng.shuffle(fitting)
        dealt = sorted(fitting, key=self._uses.__getitem__)[:count]
        for place in dealt:
            self._uses[place] += 1
        return [self._wording(self._phrases[place], rng, facts) for place in dealt]

    def _wording(self, phrase: Phrase, rng: Random, facts: Facts) -> str:
        wordings = [phrase.say(rng, facts) for _ in range(self._WORDINGS if phrase.varies else 1)]
        chosen = min(wordings, key=self._said.__getitem__)
        self._said[chosen] += 1
        return chosen


def phrases(block: str | None) -> tuple[Phrase, ...]:
    """One phrase a line."""
    return tuple(Phrase.parse(line) for line in (block or "").splitlines() if line.strip())


def spoken(value: object) -> str:
    """A value as a sentence says it: no trailing `.0`, lists joined with commas."""
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, list | tuple):
        return ", ".join(map(spoken, value))
    return str(value)


def sentence_case(text: str) -> str:
    return _SENTENCE_START.sub(lambda match: match[1] + match[2].upper(), text)
