"""How people refer to what came before and ask for things to be done: phrases from the data files of both languages.

Patterns are whole-word regular expressions in which `{name}` stands for an entry of the same file's `[parts]`.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

LANGUAGES = ("en", "ko")
_PART = re.compile(r"\{([a-z_]+)\}")
_GROUP = re.compile(r"\(\?P<([a-z_]+)>")


@lru_cache(maxsize=256)
def patterns(section: str, name: str) -> tuple[re.Pattern[str], ...]:
    return tuple(
        re.compile(_filled(text, language), re.IGNORECASE)
        for language in LANGUAGES
        for text in _data(language)[section].get(name, ())
    )


def search(section: str, name: str, text: str) -> re.Match[str] | None:
    """The match that begins first, the longest of those."""
    found = (match for pattern in patterns(section, name) if (match := pattern.search(text)))
    return min(found, key=lambda match: (match.start(), -match.end()), default=None)


def whole(section: str, name: str, text: str) -> re.Match[str] | None:
    """A match of everything that was said, but for marks at its end."""
    bare = " ".join(text.split()).rstrip(".!?~…, ")
    return next((found for pattern in patterns(section, name) if (found := pattern.fullmatch(bare))), None)


@lru_cache(maxsize=64)
def table(section: str) -> Mapping[str, Any]:
    """One table of all languages together."""
    return {key: value for language in LANGUAGES for key, value in _data(language)[section].items()}


@lru_cache(maxsize=64)
def words(name: str) -> frozenset[str]:
    return frozenset(word for language in LANGUAGES for word in _data(language)["words"][name])


def names(section: str) -> tuple[str, ...]:
    """The entries of a section, as the first language lists them."""
    return tuple(_data(LANGUAGES[0])[section])


def rows(section: str) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Language, pattern and the rest of every entry of an array of tables, in order."""
    for language in LANGUAGES:
        for row in _data(language).get(section, ()):
            yield language, _filled(row["says"], language), row


def phrase(language: str, name: str, /, **params: Any) -> str:
    return str(_data(language)["wording"][name]).format(**params)


def cut(text: str, found: re.Match[str]) -> str:
    return f"{text[: found.start()]} {text[found.end() :]}"


def group(found: re.Match[str], name: str) -> str | None:
    """What one of the groups of that name matched; a pattern may have several."""
    said = (value for key, value in found.groupdict().items() if value and key.rstrip("0123456789") == name)
    return next((value.strip() for value in said), None)


def _filled(text: str, language: str) -> str:
    """With its parts in place, and the groups of one name numbered from the second on."""
    parts = _data(language)["parts"]
    while _PART.search(text):
        text = _PART.sub(lambda found: f"(?:{parts[found[1]]})", text)
    places: Counter[str] = Counter()

    def numbered(found: re.Match[str]) -> str:
        places[found[1]] += 1
        return f"(?P<{found[1]}{places[found[1]] if places[found[1]] > 1 else ''}>"

    return _GROUP.sub(numbered, text)


@lru_cache(maxsize=8)
def _data(language: str) -> Mapping[str, Any]:
    return tomllib.loads(files(__package__).joinpath("data", f"{language}.toml").read_text(encoding="utf-8"))
