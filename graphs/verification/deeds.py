"""What a sentence says was done in the store's name, and what it says of everybody: read from its tense and person."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Whose = Literal["ours", "theirs", "anybody"]

_TURN = re.compile(r"[;,]|\bbut\b|\band\b|지만")
_CLAUSE = re.compile(r"[;,]")
_NEVER = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class Deed:
    """A verb that says something happens: `ours` we say of ourselves, `theirs` of the shopper's own things.

    What holds for `anybody` is a rule, which the store's texts may state.
    """

    verb: str
    whose: Whose
    denied: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """How a deed is said, the verb as its last group; an `open` one may be a rule for everybody."""

    pattern: re.Pattern[str]
    whose: Whose
    open: bool = False


@dataclass(frozen=True, slots=True)
class DeedForms:
    forms: tuple[Form, ...]
    not_done: re.Pattern[str]  # "could not cancel"
    denials: re.Pattern[str]  # in front of the verb of any other
    condition: re.Pattern[str]
    general: re.Pattern[str]
    particular: re.Pattern[str]
    verbs_of: Mapping[str, frozenset[str]]  # how each tool's work may be told


def deeds(text: str, spoken: DeedForms) -> Iterator[Deed]:
    """What a sentence says was done, or was not; the same verb may be found in more than one form."""
    for found in spoken.not_done.finditer(text):
        yield Deed(_verb(found), "ours", denied=True)
    for form in spoken.forms:
        for found in form.pattern.finditer(text):
            clause = _TURN.split(text[: found.end()])[-1]
            whose: Whose = "anybody" if _is_rule(form, found, spoken) else form.whose
            yield Deed(_verb(found), whose, denied=spoken.denials.search(clause) is not None)


def _is_rule(form: Form, found: re.Match[str], spoken: DeedForms) -> bool:
    """What stands in a condition has not happened; what is open is a rule where it holds on one, or for all."""
    said, rest = found.string[: found.end()], _CLAUSE.split(found.string[found.end() :])[0]
    clause = _CLAUSE.split(said)[-1]
    if spoken.condition.search(clause):
        return True
    if not form.open or spoken.particular.search(clause + rest):
        return False
    return bool(spoken.condition.search(said) or spoken.general.search(clause) or spoken.general.search(rest))


def deed_forms(rows: Iterable[Mapping[str, Any]]) -> DeedForms:
    """Read from the `doing` tables of language files; each language's patterns hold its own verbs."""
    tables = [row["doing"] for row in rows]
    return DeedForms(
        forms=tuple(form for table in tables for form in _forms(table)),
        not_done=_any(_filled(pattern, table) for table in tables for pattern in table["not_done"]),
        denials=_any(pattern for table in tables for pattern in table["denials"]),
        condition=_any(pattern for table in tables for pattern in table["condition"]),
        general=_any(pattern for table in tables for pattern in table["general"]),
        particular=_any(pattern for table in tables for pattern in table["particular"]),
        verbs_of={tool: frozenset(_told_by(tool, tables)) for tool in tables[0]["verbs"]},
    )


def _forms(table: Mapping[str, Any]) -> Iterator[Form]:
    sections: tuple[Whose, ...] = ("ours", "theirs")
    for whose in sections:
        for kind in ("settled", "open"):
            if patterns := table[whose][kind]:
                yield Form(_any(_filled(pattern, table) for pattern in patterns), whose, kind == "open")
    if table["told"]:
        yield Form(_any(_filled(pattern, table) for pattern in table["told"]), "anybody")


def _filled(pattern: str, table: Mapping[str, Any]) -> str:
    """The pattern with the words its capitals stand for; longer verbs first, so that none hides another."""
    verbs = frozenset(_words(table["verbs"].values()))
    present, unchanging = frozenset(table["present"].split()), frozenset(table["unchanging"].split())
    going = frozenset(verb for verb in verbs - present if verb.endswith("ing"))
    stands_for = {
        "VERB": _one_of(verbs),
        "BASE": _one_of(verbs & present),
        "PAST": _one_of(verbs - going - (present - unchanging)),
        "ING": _one_of(going),
        "NOUN": _one_of(_words(table["nouns"].values())),
        "THING": table["theirs"]["things"],
        "ADVERB": f"(?: (?:{table['adverbs']}))*",
        "WORK": table.get("work", ""),
        "DONE": table.get("done", ""),
    }
    return re.sub("|".join(stands_for), lambda found: stands_for[found.group()], pattern)


def _told_by(tool: str, tables: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for table in tables:
        yield from _words((table["verbs"].get(tool, ""), table["nouns"].get(tool, "")))


def _words(texts: Iterable[str]) -> Iterator[str]:
    return (word for text in texts for word in text.split())


def _one_of(words: Iterable[str]) -> str:
    return f"({'|'.join(map(re.escape, sorted(words, key=len, reverse=True)))})"


def _any(patterns: Iterable[str]) -> re.Pattern[str]:
    kept = [f"(?:{pattern})" for pattern in patterns]
    return re.compile("|".join(kept), re.IGNORECASE) if kept else _NEVER


def _verb(found: re.Match[str]) -> str:
    return next(part for part in reversed(found.groups()) if part).casefold()
