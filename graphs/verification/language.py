"""Language data of the checks: patterns, cues and vocabulary, read once from `data/`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from graphs.verification.deeds import DeedForms, deed_forms
from retrievers.embedding.tokens import tokens

_OWN_SECTIONS = ("notices", "guard", "composer", "actions", "refused", "unclear")
_TEMPLATES = ("composer", "reasons", "limits", "fields")
_PLACEHOLDER = re.compile(r"\{\w+\}")
_SENTENCE_END = re.compile(r"(?<=[.!?…。！？])\s+")
_WORD = re.compile(r"[^\W\d_]+")
NEVER = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words that need no support. Korean ones are beginnings, since endings and particles follow without a space."""

    stems: frozenset[str]
    beginnings: tuple[str, ...]
    syllables: frozenset[str]  # too short to be a beginning of anything

    def __contains__(self, word: str) -> bool:
        if is_hangul(word):
            return word in self.syllables or word.startswith(self.beginnings)
        return any(stem in self.stems for stem in tokens(word)[:1])


@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """What one language's sentences look like. Every pattern ignores case; `cues` match anywhere in a text.

    Compared and hashed by identity, so that it can be part of a cache key.
    """

    number_words: Mapping[str, int]
    not_a_claim: re.Pattern[str]
    restatement: re.Pattern[str]  # repeats the shopper's limits, so bounded figures are allowed
    question: re.Pattern[str]
    claims_anyway: re.Pattern[str]
    about_shopper: re.Pattern[str]
    cues: Mapping[str, re.Pattern[str]]
    own_sentences: frozenset[str]  # said by the store itself, word for word, case-folded
    neutral: Vocabulary  # how a fact is put
    shopper: Vocabulary  # how facts about a shopper are put
    glossary: Mapping[str, tuple[str, ...]]
    opinion: str  # tells a buyer's `{quote}` with `{cite}`
    deeds: DeedForms
    telling_actions: frozenset[str]  # stems that need no support where a receipt is cited

    def cue(self, name: str) -> re.Pattern[str]:
        return self.cues.get(name, NEVER)


@cache
def language(lang: str) -> Language:
    """Korean answers quote English sources, so Korean data includes the English."""
    rows = [_data(name) for name in dict.fromkeys(("en", lang))]
    own = [_phrases(name) for name in dict.fromkeys(("en", lang))]
    templates = " ".join(text for phrases in own for text in _texts(phrases, _TEMPLATES))
    return Language(
        number_words={word: value for row in rows for word, value in row["number_words"].items()},
        not_a_claim=_whole(rows, "patterns"),
        restatement=_whole(rows, "restatements"),
        question=_whole(rows, "questions"),
        claims_anyway=_any(row["not_a_claim"]["claims_anyway"] for row in rows),
        about_shopper=_any(row["about_shopper"]["patterns"] for row in rows),
        cues={name: _any(row["cues"].get(name, []) for row in rows) for name in rows[0]["cues"]},
        own_sentences=frozenset(
            sentence.casefold()
            for phrases in own
            for text in _texts(phrases, _OWN_SECTIONS)
            if "{" not in text
            for sentence in (text, *_SENTENCE_END.split(text))
        ),
        neutral=_vocabulary([*(row["words"]["neutral"] for row in rows), _PLACEHOLDER.sub(" ", templates)]),
        shopper=_vocabulary(row["words"]["shopper"] for row in rows),
        deeds=deed_forms(rows),
        telling_actions=frozenset(
            stem
            for text in (*(_telling(row) for row in rows), *(_action_words(each) for each in own))
            for stem in tokens(text)
        ),
        opinion=rows[-1]["opinion"]["told"],
        glossary={word: tuple(said.split()) for row in rows for word, said in row.get("glossary", {}).items()},
    )


@cache
def thresholds() -> Mapping[str, float]:
    """Least shares of content words found in what is cited: `document`, `record`, and `uncertain` for both."""
    return tomllib.loads(_read("graphs.verification", "data", "thresholds.toml"))


@cache
def units() -> Mapping[str, Any]:
    return tomllib.loads(_read("graphs.verification", "data", "units.toml"))


def is_hangul(word: str) -> bool:
    return "가" <= word[:1] <= "힣"


def _read(package: str, *path: str) -> str:
    return files(package).joinpath(*path).read_text(encoding="utf-8")


def _data(lang: str) -> Mapping[str, Any]:
    return tomllib.loads(_read("graphs.verification", "data", f"{lang}.toml"))


def _phrases(lang: str) -> Mapping[str, Any]:
    return tomllib.loads(_read("graphs.prompts", f"{lang}.toml"))


def _texts(phrases: Mapping[str, Any], sections: Iterable[str]) -> list[str]:
    return [text for section in sections for text in phrases.get(section, {}).values()]


def _telling(row: Mapping[str, Any]) -> str:
    return " ".join([*row["doing"]["verbs"].values(), *row["doing"]["nouns"].values(), row["doing"]["words"]])


def _action_words(phrases: Mapping[str, Any]) -> str:
    return _PLACEHOLDER.sub(" ", " ".join(_texts(phrases, ("actions", "refused"))))


def _any(lists: Iterable[Iterable[str]]) -> re.Pattern[str]:
    patterns = [pattern for patterns in lists for pattern in patterns]
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE) if patterns else NEVER


def _whole(rows: Iterable[Mapping[str, Any]], name: str) -> re.Pattern[str]:
    return _any([f"(?:{pattern})" for pattern in row["not_a_claim"].get(name, [])] for row in rows)


def _vocabulary(texts: Iterable[str]) -> Vocabulary:
    words = frozenset(_WORD.findall(" ".join(texts).casefold()))
    hangul = [word for word in words if is_hangul(word)]
    return Vocabulary(
        stems=frozenset(stem for word in words for stem in tokens(word)),
        beginnings=tuple(sorted(word for word in hangul if len(word) > 1)),
        syllables=frozenset(word for word in hangul if len(word) == 1),
    )
