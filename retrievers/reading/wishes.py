"""What is wanted and what is not, by the catalogue's own names: brands, colours, materials, features, categories."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from retrievers.embedding.tokens import stem
from retrievers.facets import ATTRIBUTE, likeness, plain_properties
from retrievers.reading.choices import take_unwanted_choices
from retrievers.reading.language import WORD, english, patterns, words
from retrievers.reading.vocabulary import LONGEST_NAME, Name, Vocabulary, find, find_names, is_common
from retrievers.records import FilterItem

_AIM = re.compile(r"\b(?:for|with|without|from|by|compatible|that|which|under|below)\b|[;:]", re.IGNORECASE)
TURN = re.compile(rf"{_AIM.pattern}|,", re.IGNORECASE)
_IN = re.compile(r"\b(?:in|of)\s+(?P<rest>[^,;:?!.]+)", re.IGNORECASE)
_STATED_BY_MOST = 0.3  # share of a kind's products enough to make a word in front of it a condition
_STATED_BY_NEARLY_ALL = 0.8
_STATED_BY_SOME = 0.05  # enough for what is asked for by "with"
_LONGEST_LIST = 24  # words of names joined by commas, "and" and "or"
_MOST_BEFORE = 3  # words of a name in front of a negation that follows it
FLAG = "flag"
UNHEARD_OF = "no product here is known by that name"
_BARE = frozenset(("no", "not"))
_FURTHER = re.compile(r"(?:\s*,\s*|\s+(?:or|and|nor)\s+)[A-Z][\w.&'-]*(?=\s*(?:$|[,;.!?]))")


@dataclass(frozen=True, slots=True)
class _Found:
    field: str
    name: Name


def take_unwanted(
    text: str, kind: str | None, vocabulary: Vocabulary
) -> tuple[str, list[FilterItem], list[FilterItem]]:
    """The text without them, `not leather`, `no Acme or Bolt`, and what the catalogue has no such name for.

    Whatever is unwanted must not be searched for; a bare "no" or "not" before an unknown word may mean anything, so
    that stays in the text unless the word is written as a name.
    """
    limits: list[FilterItem] = []
    unknown: list[FilterItem] = []
    while (taken := _next_unwanted(text, vocabulary)) is not None:
        text, items = taken
        limits += items
    text, values = take_unwanted_choices(text, _negation(), kind, vocabulary)
    limits += values
    while (missed := _next_unknown(text)) is not None:
        text, item = missed
        unknown.append(item)
    return text, limits, unknown


def wanted_brands(text: str, head: str | None, vocabulary: Vocabulary) -> list[FilterItem]:
    """Brands named before any "for" or "with", or after "by" and "from".

    One whose name says something else too (an orange, a monitor) counts after "by", or written large inside a sentence.
    """
    said = WORD.findall(_AIM.split(text)[0])
    found = [name for name in find_names(said, vocabulary.brands) if _is_brand(name, said, head, vocabulary)]
    found += _after("by", text, vocabulary)
    brands = tuple(dict.fromkeys(brand for name in found for brand in name.names))
    return [FilterItem("brand", "in", brands, "stated", ", ".join(brands))] if brands else []


def wanted_words(text: str, head: str | None, vocabulary: Vocabulary) -> list[FilterItem]:
    """Colours, materials and the like of the thing itself, where most products of its kind state theirs.

    In front of the thing a word that titles use for something else ("laser") asks for that.
    """
    front = WORD.findall(_AIM.split(text)[0])
    inside = [WORD.findall(TURN.split(found["rest"])[0]) for found in _IN.finditer(text)]
    items = []
    told = {k: names for k, names in vocabulary.words.items() if _share(k, head, vocabulary) >= _STATED_BY_MOST}
    for kind, names in told.items():
        sure = names - vocabulary.ambiguous if kind in plain_properties() else frozenset[str]()
        longer = {name for other in told if other != kind for name in told[other] if " " in name}
        found = _own_names(front, sure, longer)
        found += [name for part in inside for name in _own_names(part, names, longer)]
        meant = tuple(dict.fromkeys(name for name in found if stem(name) not in vocabulary.heads))
        if meant:
            items.append(FilterItem(kind, "in", meant, "stated", " or ".join(meant)))
    return items


def _own_names(said: Sequence[str], names: frozenset[str], longer: Set[str]) -> list[str]:
    """Those that are no part of a longer name of another property ("steel" in "stainless steel"), and no likeness."""
    found = find_names(said, names | longer, alike=True)
    real = [each for each in found if each.start == 0 or said[each.start - 1].casefold() not in likeness()]
    return [name for each in real for name in each.names if name in names]


def wanted_flags(text: str, head: str | None, vocabulary: Vocabulary) -> list[FilterItem]:
    """What a thing must have, said after "with"; in front of it ("waterproof jacket") only where nearly all of its kind
    say whether they have it: elsewhere the words find what has it and does not say so.
    """
    front = find(WORD.findall(TURN.split(text)[0]), vocabulary.flags)
    told = [name for name in front if head and _flag_share(name, head, vocabulary) >= _STATED_BY_NEARLY_ALL]
    said = [n for n in _after("with", text, vocabulary, FLAG) if _flag_share(n, head, vocabulary) >= _STATED_BY_SOME]
    names = dict.fromkeys(name.names for name in (*told, *said))
    return [FilterItem(ATTRIBUTE + "|".join(name), "in", "yes", "stated", "asked for") for name in names]


def stated_category(text: str, vocabulary: Vocabulary) -> list[FilterItem]:
    """Only where the word category, department, section or aisle says so: else a category is what is searched for."""
    for pattern in patterns("about", "category"):
        for found in pattern.finditer(text):
            names = [
                n for name in find_names(WORD.findall(found["category"]), vocabulary.categories) for n in name.names
            ]
            if names:
                return [FilterItem("category", "in", tuple(names), "stated", found.group(0).strip())]
    return []


def _next_unwanted(text: str, vocabulary: Vocabulary) -> tuple[str, list[FilterItem]] | None:
    for negation in _negation().finditer(text):
        said = _following(text, negation.end())
        found = _listed(text, said, vocabulary)
        if found:
            end = said[found[-1].name.end - 1].end()
            end += len(_unknown_rest(text[end:]))
            return f"{text[: negation.start()]} {text[end:]}", _excluded(found, text[negation.start() : end])
    for negation in _negated().finditer(text):
        said = list(WORD.finditer(text[: negation.start()]))[-_MOST_BEFORE:]
        for start in range(len(said)):
            spoken = [english(word.group(0)) or word.group(0) for word in said[start:]]
            known = [found for found in _known(spoken, vocabulary) if found.name.end == len(spoken)]
            if known:
                begin = said[start].start()
                return f"{text[:begin]} {text[negation.end() :]}", _excluded(known, text[begin : negation.end()])
    return None


def _next_unknown(text: str) -> tuple[str, FilterItem] | None:
    for negation in _negation().finditer(text):
        word = WORD.match(text, negation.end())
        said = " ".join(negation.group(0).casefold().split())
        bare = said in _BARE or said.startswith("non")
        if word and word.group(0).casefold() not in words("empty") and (not bare or word.group(0)[0].isupper()):
            end = word.end() + len(_unknown_rest(text[word.end() :]))
            return f"{text[: negation.start()]} {text[end:]}", _nameless(text[negation.start() : end], word.group(0))
    found = _unwanted_before().search(text)
    return (
        (f"{text[: found.start()]} {text[found.end() :]}", _nameless(found.group(0), found["word"])) if found else None
    )


def _unknown_rest(text: str) -> str:
    """Further names in a list of unwanted ones, as long as they are written as names."""
    found = _FURTHER.match(text)
    return found.group(0) if found else ""


def _nameless(text: str, word: str) -> FilterItem:
    return FilterItem("words", "not_in", (word.casefold(),), "stated", f"{text.strip()}: {UNHEARD_OF}")


def _listed(text: str, said: Sequence[re.Match[str]], vocabulary: Vocabulary) -> list[_Found]:
    """The name right behind a negation, and those of the same kind joined to it by commas, "and" and "or"."""
    found: list[_Found] = []
    place = 0
    while place < len(said):
        word = said[place].group(0).casefold()
        joined = not found or _joined(text, said, place)
        rest = [match.group(0) for match in said[place:]]
        names = _known(rest, vocabulary, found[0].field if found else None) if joined else []
        if names:
            found += [_Found(each.field, Name(place, place + each.name.end, each.name.names)) for each in names]
            place += names[0].name.end
        elif word in words("listing") if found else word in words("empty") and not TURN.fullmatch(word):
            place += 1
        else:
            break
    return found


def _following(text: str, start: int) -> list[re.Match[str]]:
    return list(islice(WORD.finditer(text, start), _LONGEST_LIST))


def _joined(text: str, said: Sequence[re.Match[str]], place: int) -> bool:
    before = text[said[place - 1].end() : said[place].start()]
    return "," in before or "/" in before or said[place - 1].group(0).casefold() in words("listing")


def _known(said: Sequence[str], vocabulary: Vocabulary, field: str | None = None) -> list[_Found]:
    """The longest names these words begin with, of every kind of name that has them."""
    said = said[:LONGEST_NAME]
    kinds: list[tuple[str, Iterator[Name]]] = [("brand", find_names(said, vocabulary.brands))]
    kinds += [(kind, find_names(said, names)) for kind, names in vocabulary.words.items()]
    kinds.append((FLAG, find(said, vocabulary.flags)))
    first = [(kind, next(names, None)) for kind, names in kinds if field in (None, kind)]
    found = [_Found(kind, name) for kind, name in first if name is not None and name.start == 0]
    longest = max((each.name.end for each in found), default=0)
    return [each for each in found if each.name.end == longest]


def _excluded(found: Sequence[_Found], text: str) -> list[FilterItem]:
    by_field: dict[str, list[str]] = {}
    for each in found:
        by_field.setdefault(each.field, []).extend(each.name.names)
    return [_exclusion(field, tuple(dict.fromkeys(names)), text.strip()) for field, names in by_field.items()]


def _exclusion(field: str, names: tuple[str, ...], text: str) -> FilterItem:
    if field == FLAG:
        return FilterItem(ATTRIBUTE + "|".join(names), "not_in", "yes", "stated", text)
    return FilterItem(field, "not_in", names, "stated", text)


def _after(marker: str, text: str, vocabulary: Vocabulary, kind: str = "brand") -> list[Name]:
    """Names listed behind one of the marker's words."""
    found: list[Name] = []
    for start in _marked(marker).finditer(text):
        said = _following(text, start.end())
        found += [each.name for each in _listed(text, said, vocabulary) if each.field == kind]
    return found


def _is_brand(name: Name, said: Sequence[str], head: str | None, vocabulary: Vocabulary) -> bool:
    if any(stem(brand) == head and is_common(brand, vocabulary) for brand in name.names):
        return False
    inside = name.start > 0 and said[name.start][:1].isupper()
    return inside or not any(is_common(brand, vocabulary) for brand in name.names)


def _share(attribute: str, head: str | None, vocabulary: Vocabulary) -> float:
    """How many of the products of this kind state the attribute; of all products when the kind is not known."""
    told = vocabulary.attributes.get(attribute)
    if told is None:
        return 0.0
    kind = vocabulary.described(head)
    spread = told.heads.get(kind) if kind else told.overall
    return spread.share if spread else 0.0


def _flag_share(name: Name, head: str | None, vocabulary: Vocabulary) -> float:
    return max(_share(attribute, head, vocabulary) for attribute in name.names)


@lru_cache(maxsize=1)
def _negation() -> re.Pattern[str]:
    """ "No" inside a compound ("no-show socks") negates nothing; "non" only there."""
    said = "|".join(re.escape(word) for word in sorted(words("negation"), key=len, reverse=True) if word != "non")
    return re.compile(rf"\b(?:(?:{said})(?=[\s:])[\s:]+|non[\s-]+)", re.IGNORECASE)


@lru_cache(maxsize=1)
def _negated() -> re.Pattern[str]:
    said = "|".join(re.escape(word) for word in sorted(words("negated"), key=len, reverse=True))
    return re.compile(rf"\s*(?:{said})")


@lru_cache(maxsize=1)
def _unwanted_before() -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_])(?P<word>[^\W_]{{1,30}}){_negated().pattern}(?!\w)")


@lru_cache(maxsize=4)
def _marked(marker: str) -> re.Pattern[str]:
    said = "|".join(re.escape(word) for word in sorted(words(marker), key=len, reverse=True))
    return re.compile(rf"\b(?:{said})\s+", re.IGNORECASE)
