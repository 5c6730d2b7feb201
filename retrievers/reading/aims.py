"""What the shopping is for: somebody else, something owned, how many; and messages that ask for nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Container

from retrievers.embedding.tokens import stem
from retrievers.reading.language import WORD, cut, patterns, search, table, words
from retrievers.reading.numbers import number, spoken_numbers
from retrievers.reading.vocabulary import Vocabulary, find_names
from retrievers.records import Courtesy

SOMEBODY = "somebody"  # the recipient of a present nobody is named for
_FITS = re.compile(
    r"\b(?:for|compatible with|fits|fitting|works with)\s+(?:(?:my|the|a|an|our|this)\s+)?(?P<rest>[^,;:?!.]+)", re.I
)
_MODEL = re.compile(r"\d{3}|[^\W\d_]\d|\d[^\W\d_]|[a-z][A-Z]")  # C65, 9130, iPad
_FITS_END = re.compile(r"\b(?:under|below|with|without|from|that|which|and|in)\b", re.IGNORECASE)
_MOST = 99  # pieces; larger numbers are model numbers
_WITHIN = 3  # words from a number to the thing counted


def courtesy(text: str) -> Courtesy | None:
    """Only when the whole message says nothing else."""
    said = re.sub(r"[\s,.!~]+", " ", text).strip()
    kinds: tuple[Courtesy, ...] = ("greeting", "thanks", "farewell")
    return next((kind for kind in kinds if any(p.fullmatch(said) for p in patterns("about", kind))), None)


def without_openness(text: str) -> str:
    """ "Surprise me", "something I might like": words that leave the choice open and name nothing."""
    for pattern in patterns("about", "open"):
        text = pattern.sub(" ", text)
    return text


def take_recipient(text: str) -> tuple[str, str | None]:
    """Whom a present is for; "for my wife" is enough, "gift" alone names nobody."""
    found = search("about", "recipient", text)
    if found:
        return cut(text, found), found["who"].casefold()
    return text, SOMEBODY if search("about", "gift", text) else None


def companion_of(text: str) -> str | None:
    """What the shopper owns and wants something to go with."""
    found = search("about", "companions", text)
    return found["owned"].strip() if found else None


def take_quantity(text: str, is_kind: Callable[[str], bool], counted: Container[int] = ()) -> tuple[str, int | None]:
    """How many are wanted: a number in front of a plural of the kind asked for. It limits nothing.

    The numbers `counted`, by their places in the text, are about something else: "2 player games".
    """
    for found in _counted().finditer(text):
        if found.start() in counted:
            continue
        count = number(found["count"], table("numbers"), table("multipliers"))
        following = WORD.findall(text[found.end() :])[:_WITHIN]
        if (
            1 < count <= _MOST
            and _begins(text[: found.start()])
            and any(_is_plural(word) and is_kind(word) for word in following)
        ):
            return cut(text, found), int(count)
    return text, None


def fits(text: str, vocabulary: Vocabulary) -> str | None:
    """What the thing must go on or into: a product behind "for", known by a brand, a kind or a model number."""
    for found in _FITS.finditer(text):
        named = _FITS_END.split(found["rest"])[0].strip()
        said = WORD.findall(named)
        product = any(stem(singular(word)) in vocabulary.heads or _MODEL.search(word) for word in said)
        if said and (product or next(find_names(said, vocabulary.brands), None)):
            return named
    return None


def singular(word: str) -> str:
    """For plurals that a stemmer leaves alone: "mice"."""
    folded = word.casefold()
    return str(table("plurals").get(folded, folded))


def _begins(before: str) -> bool:
    """Whether a number behind this text counts: behind a name ("iPhone 11 cables") it is part of it."""
    said = WORD.findall(before)
    return not said or said[-1].casefold() in words("empty") or search("about", "compare", said[-1]) is not None


def _is_plural(word: str) -> bool:
    folded = word.casefold()
    return folded in table("plurals") or (folded.endswith("s") and not folded.endswith("ss"))


def _counted() -> re.Pattern[str]:
    spoken = spoken_numbers((frozenset(table("numbers")), frozenset(table("multipliers"))))
    return re.compile(rf"(?<![\w.,$€£₩-])(?P<count>\d{{1,2}}|{spoken})\s+(?=[^\W\d])", re.IGNORECASE)
