"""A product's attributes as a shopper would say them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from graphs.models.composer.turn import Shown
from graphs.prompts.phrases import Phrases
from retrievers.embedding.tokens import tokens

_LONGEST = 40  # characters of a value that still reads well inside a sentence
_ABOUT = 0.5  # share of an attribute's words that a question must hold to be about it
_LONGEST_NAME = 4  # words
_UNSAID = frozenset({"family"})  # groups variants; means nothing to a shopper
_SYMBOL = re.compile(r"__[a-z](?:_[a-z])*_*$")  # as in `humidity__h_h_`
_YES_OR_NO = {"yes": True, "y": True, "true": True, "no": False, "n": False, "false": False}
# What is measured means nothing without its unit.
_MEASURES = re.compile(
    r"capacity|consumption|depth|diameter|frequency|height|length|memory|power|rate|size|speed|storage|temperature|time"
    r"|weight|width"
)
# "waterproof" is said of a thing, "hood" is something a thing has.
_QUALITY = re.compile(r"(?:proof|able|ible|free|less|ed|ive|resistant|canceling|cancelling|electric|vegan|silent)$")


def attributes(product: Shown, phrases: Phrases) -> Mapping[str, Any]:
    """Those short enough to be said, and measures only with their unit."""
    known = product.evidence.metadata.get("attributes")
    if not isinstance(known, Mapping):
        return {}
    return {name: value for name, value in known.items() if name not in _UNSAID and _sayable(name, value, phrases)}


def relevant(product: Shown, asked: frozenset[str], count: int, phrases: Phrases) -> list[str]:
    """Names of the attributes the question is about, by name first, then by value; not what the title says already."""
    scored = []
    for name, value in attributes(product, phrases).items():
        by_name = _named(name, asked, phrases)
        by_value = _hits(_telling(name, value, asked, phrases), asked)
        if (by_name or by_value) and not _in_title(name, value, product, phrases):
            scored.append((-2 * by_name - by_value, name))
    return [name for _, name in sorted(scored)[:count]]


def shared(products: Iterable[Shown], asked: frozenset[str], count: int, phrases: Phrases) -> list[str]:
    """Attributes all of them have, those the question is about first and those they differ in before equal ones."""
    known = [_untitled(product, phrases) for product in products]
    names = [name for name in known[0] if all(name in other for other in known)] if known else []

    def order(name: str) -> tuple[bool, bool, int]:
        differs = len({str(other[name]) for other in known}) > 1
        return not _named(name, asked, phrases), not differs, names.index(name)

    return sorted(names, key=order)[:count]


def spoken(name: str, value: Any, phrases: Phrases) -> str:
    """`weight 280 g` from `weight_g: 280`, `waterproof` or `no hood` from what is true or false."""
    said, unit = _flag(value), _unit(name, value, phrases)
    words = _plain(name, phrases) if unit else _words(name)
    called = phrases.table["attributes"].get(words, words)
    if said is not None:
        kind = "quality" if _QUALITY.search(words) else "part"
        return phrases.say(f"{'true' if said else 'false'}_{kind}", name=called)
    if unit is None:
        return phrases.say("attribute", name=called, value=_text(value))
    measured = phrases.text("units", unit, value=_text(value))
    return measured if words == unit else phrases.say("measured", name=called, value=measured)


def _named(name: str, asked: frozenset[str], phrases: Phrases) -> int:
    """How many of the asked words are about this attribute: by its name, as it is said, or by what asks for it."""
    plain = _plain(name, phrases)
    hits = asked.intersection(tokens(plain)) if _hits(tokens(plain), asked) else frozenset()
    said = (phrases.table[section].get(plain, "") for section in ("attributes", "asked_by"))
    return len(hits | asked.intersection(tokens(" ".join(said))))


def _hits(words: Sequence[str], asked: frozenset[str]) -> int:
    """How many of these words were asked for; none when they are mostly about something else."""
    hits = len(asked.intersection(words))
    return hits if hits >= _ABOUT * len(set(words)) else 0


def _telling(name: str, value: Any, asked: frozenset[str], phrases: Phrases) -> list[str]:
    """Words of a value; a number says what it is only beside its unit, as in "16 GB"."""
    if isinstance(value, int | float):
        unit = _unit(name, value, phrases)
        return tokens(_text(value)) if unit in asked and not isinstance(value, bool) else []
    return tokens(_text(value))


def _untitled(product: Shown, phrases: Phrases) -> Mapping[str, Any]:
    known = attributes(product, phrases)
    return {name: value for name, value in known.items() if not _in_title(name, value, product, phrases)}


def _in_title(name: str, value: Any, product: Shown, phrases: Phrases) -> bool:
    """Whether the title says it already: a quality by its name, a measure with its unit, a text word for word."""
    if unit := _unit(name, value, phrases):
        return phrases.text("units", unit, value=_text(value)).lower() in product.title.lower()
    counted = isinstance(value, int | float) and not isinstance(value, bool)
    said = tokens(f"{_words(name)} {_text(value)}" if counted else _words(name) if _flag(value) else _text(value))
    return set(tokens(product.title)).issuperset(said)


def _plain(name: str, phrases: Phrases) -> str:
    """The name in words, without its unit."""
    first, _, last = _words(name).rpartition(" ")
    return first if first and last in phrases.table["units"] else _words(name)


def _words(name: str) -> str:
    return " ".join(re.sub(r"[\W_]+", " ", _SYMBOL.sub("", name)).lower().split())


def _unit(name: str, value: Any, phrases: Phrases) -> str | None:
    """The unit a number's name ends in, as the language files know it; a lone letter is a name."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    first, _, last = _words(name).rpartition(" ")
    return last if last in phrases.table["units"] and (first or len(last) > 2) else None


def _flag(value: Any) -> bool | None:
    if isinstance(value, str):
        return _YES_OR_NO.get(value.strip().lower())
    return value if isinstance(value, bool) else None


def _text(value: Any) -> str:
    if isinstance(value, int | float):
        return f"{value:.10g}"  # as recorded: a rounded figure would not equal the record
    text = " / ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return " ".join(text.replace("\\n", " ").split())


def _sayable(name: str, value: Any, phrases: Phrases) -> bool:
    if len(_words(name).split()) > _LONGEST_NAME:
        return False
    if isinstance(value, bool):
        return True
    if isinstance(value, int | float):
        counted = float(value).is_integer() and _MEASURES.fullmatch(_words(name).split()[-1]) is None
        return counted or _unit(name, value, phrases) is not None
    return 0 < len(_text(value)) <= _LONGEST
