"""Which products are meant by "the second one", "the blue one", "both", "it"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from graphs.conversation.comparing import ordered, take_comparison
from graphs.conversation.language import patterns, search, table, words
from graphs.conversation.memory import Memory, ShownProduct
from graphs.conversation.shown import described, in_view, like, lists, shown_product, singled_out, stems, topic
from graphs.conversation.understood import Unclear, UnclearCode
from retrievers.reading import kind_named
from retrievers.reading.language import WORD
from retrievers.reading.language import words as empty_words
from retrievers.reading.order import take_order
from retrievers.reading.vocabulary import Vocabulary
from retrievers.titles import Titles

_Products = tuple[ShownProduct, ...]
_MOST_ADJECTIVES = 3
_ENOUGH_TO_NAME = 2  # words that say something bring up a thing of their own


@dataclass(frozen=True, slots=True)
class Reference:
    """Words that point at products, at `start` to `end` of a message, and the products, or why they are not known.

    `several` points at more than one thing by its form ("those"), whether or not they are that many.
    """

    start: int
    end: int
    products: _Products = ()
    unclear: Unclear | None = None
    several: bool = False
    named: bool = False  # by the product's own name


_Way = Callable[[str], Iterator[Reference]]


class References:
    """Finds them in one conversation. What is named by place or looks comes before what a pronoun stands for."""

    def __init__(self, memory: Memory, vocabulary: Vocabulary, titles: Titles) -> None:
        self._titles = titles
        self._vocabulary = vocabulary
        self._lists = list(lists(memory))
        self._view = in_view(memory)
        self._single = singled_out(memory)
        found = topic(memory)
        self._head = found.head if found else None

    def find(self, text: str) -> list[Reference]:
        """In reading order, not overlapping; what a message calls "it" after bringing it up itself is none."""
        named = list(self._called(text))
        if named:
            places = [one for one in self._places(text) if not any(_overlap(one, other) for other in named)]
            return sorted([*named, *places], key=lambda one: one.start)
        telling = self._first(text, self._slices, self._places, self._extremes) or self._loose(
            text, self._described, self._others
        )
        if telling and not search("ask", "compare", text) and not search("ask", "subject", text):
            return telling
        bare = text
        for pattern in patterns("reference", "expletive"):
            bare = pattern.sub(lambda found: " " * len(found.group(0)), bare)
        groups = () if telling or not self._lists else (self._groups, self._kinds)
        pronouns = self._loose(bare, *(() if telling else (self._pairs,)), *groups, self._pronouns)
        pronouns = [one for one in pronouns if not any(_overlap(one, other) for other in telling)]
        return sorted([*telling, *pronouns], key=lambda one: one.start)

    def _loose(self, text: str, *ways: _Way) -> list[Reference]:
        return [one for one in self._first(text, *ways) if not self._brought_up(text[: one.start])]

    def _brought_up(self, before: str) -> bool:
        """Whether an earlier clause, or a wish the message began with, names what is meant."""
        turns = [found for pattern in patterns("reference", "clause") for found in pattern.finditer(before)]
        wished = search("reference", "introduces", before) is not None
        earlier = before if wished else before[: max((found.start() for found in turns), default=0)]
        idle = empty_words("empty") | words("filler") | words("joining")
        shown = frozenset(part for product in self._view for part in described(product))
        said = [word for word in WORD.findall(earlier) if word.casefold() not in idle and not stems(word) & shown]
        return len(said) >= _ENOUGH_TO_NAME

    def _first(self, text: str, *ways: _Way) -> list[Reference]:
        return next((found for way in ways if (found := list(way(text)))), [])

    def _called(self, text: str) -> Iterator[Reference]:
        """By name, shown before or not; what something else is wanted for is not what is pointed at."""
        for title in self._titles.find(text):
            serves = search("reference", "serves", text[: title.start])
            if serves is None or not kind_named(text[: serves.start()], self._vocabulary):
                yield Reference(title.start, title.end, (shown_product(title.product),), named=True)

    def _slices(self, text: str) -> Iterator[Reference]:
        found = search("reference", "slice", text)
        if found:
            count = _counted(found["count"])
            fitting = next((shown for shown in self._lists if len(shown) >= count), None)
            place = slice(-count, None) if _ordinal(found["end"]) == -1 else slice(count)
            yield self._reference(found, fitting[place] if fitting else None, several=True)

    def _places(self, text: str) -> Iterator[Reference]:
        for pattern in (*patterns("reference", "former"), *patterns("reference", "ordinal")):
            for found in pattern.finditer(text):
                end = self._end_of_place(text, found)
                if end is not None:
                    nth = self._nth(_ordinal(found["nth"]))
                    yield self._reference(found, (nth,) if nth else None, end=end)

    def _end_of_place(self, text: str, found: re.Match[str]) -> int | None:
        """Behind "one" or a kind of thing in view; None where the word counts something else: "first aid kit"."""
        parts = found.groupdict()
        if not parts.get("thing") and found["nth"].isdigit() and not self._nth(int(found["nth"])):
            return None
        if not parts.get("the") and not search("reference", "before", text[: found.start()]):
            return None
        if parts.get("thing"):
            return found.end()
        following = WORD.match(text[found.end() :].lstrip())
        if following and self._in_view(following.group(0)):
            return found.end() + text[found.end() :].index(following.group(0)) + len(following.group(0))
        return found.end() if search("reference", "follows", text[found.end() :]) else None

    def _nth(self, nth: int) -> ShownProduct | None:
        among = [shown for shown in self._lists if len(shown) > 1] or self._lists
        if nth == 0:
            middle = next((shown for shown in among if len(shown) % 2), None)
            return middle[len(middle) // 2] if middle else None
        shown = next((shown for shown in among if len(shown) >= abs(nth)), None)
        return None if shown is None else shown[nth if nth < 0 else nth - 1]

    def _extremes(self, text: str) -> Iterator[Reference]:
        for pattern in patterns("reference", "extreme"):
            for found in pattern.finditer(text):
                _, sort = take_comparison(found["how"], self._head, self._vocabulary)
                sort = sort or take_order(found["how"], self._head, self._vocabulary)[1]
                if sort:
                    among = next((shown for shown in self._lists if len(shown) > 1), self._view)
                    yield self._reference(found, tuple(ordered(among, sort, self._vocabulary)[:1]) or None)

    def _described(self, text: str) -> Iterator[Reference]:
        for pattern in patterns("reference", "described"):
            for found in pattern.finditer(text):
                yield self._named(found, found["like"])

    def _others(self, text: str) -> Iterator[Reference]:
        found = search("reference", "other", text)
        if found:
            pair = next((shown for shown in self._lists if len(shown) == 2), ())
            rest = tuple(product for product in pair if product not in self._single)
            yield self._reference(found, rest if len(rest) == 1 else None)

    def _pairs(self, text: str) -> Iterator[Reference]:
        found = search("reference", "two", text)
        if found:
            pair = next((shown for shown in (tuple(self._single), *self._lists) if len(shown) == 2), None)
            yield self._reference(found, pair, several=True)

    def _groups(self, text: str) -> Iterator[Reference]:
        for name in ("all", "many"):
            found = search("reference", name, text)
            if found:
                shown = self._view if len(self._view) > 1 else next((s for s in self._lists if len(s) > 1), self._view)
                yield self._reference(found, shown if name == "all" else self._view, several=True)
                return

    def _kinds(self, text: str) -> Iterator[Reference]:
        """ "That jacket", and "the jacket" where only one is in view."""
        said_words = list(WORD.finditer(text))
        for place, found in enumerate(said_words):
            start = _determined(said_words[max(0, place - _MOST_ADJECTIVES - 1) : place])
            if start is None or not self._in_view(found.group(0)):
                continue
            determiner, _, said = text[start : found.end()].partition(" ")
            definite = determiner.casefold() in words("definite")
            several = determiner.casefold() in words("demonstrative_plural")
            hits = tuple(like(said, self._view))
            if hits and (len(hits) == 1 or not definite):
                found_here = hits if len(hits) == 1 or several else None
                unclear = None if found_here else _unclear("which_one", said, hits)
                yield Reference(start, found.end(), found_here or (), unclear, several)
                return

    def _pronouns(self, text: str) -> Iterator[Reference]:
        found = search("reference", "one", text)
        if found:
            group = "it" if "it" in found.re.groupindex else 0
            yield self._reference(found, self._view if len(self._view) == 1 else None, group=group)

    def _named(self, found: re.Match[str], said: str) -> Reference:
        """By what it looks like, in the latest list that holds such a thing."""
        hits = next((hits for shown in self._lists if (hits := like(said, shown))), [])
        if len(hits) == 1:
            return Reference(found.start(), found.end(), tuple(hits))
        if hits:
            return Reference(found.start(), found.end(), (), _unclear("which_one", said, hits))
        unclear = _unclear("none_of_those", said, self._view) if self._lists else _NOTHING
        return Reference(found.start(), found.end(), (), unclear)

    def _reference(
        self,
        found: re.Match[str],
        products: _Products | None,
        *,
        end: int | None = None,
        several: bool = False,
        group: int | str = 0,
    ) -> Reference:
        """Without products it has to be asked which; before anything was shown there is nothing to choose from."""
        end = found.end(group) if end is None else end
        unclear = None
        if not products:
            choices = max(self._lists, key=len, default=())
            unclear = _unclear("which_one", found.group(group), choices) if choices else _NOTHING
        return Reference(found.start(group), end, products or (), unclear, several)

    def _in_view(self, word: str) -> bool:
        """Whether the word names the kind of something in view."""
        kind = stems(word) & self._vocabulary.heads
        return bool(kind) and any(like(word, shown) for shown in self._lists)


def resolved(text: str, references: Sequence[Reference]) -> str:
    """The message with the titles of the products where it pointed at them."""
    joint = " and "
    for one in reversed(references):
        titles = joint.join(product.title for product in one.products if product.title)
        text = f"{text[: one.start]}{titles or text[one.start : one.end]}{text[one.end :]}"
    return text


_NOTHING = Unclear("no_earlier_products")


def _overlap(one: Reference, other: Reference) -> bool:
    return one.start < other.end and other.start < one.end


def _unclear(code: UnclearCode, said: str, choices: Sequence[ShownProduct]) -> Unclear:
    return Unclear(code, {"said": said.strip(), "choices": tuple(product.product_id for product in choices)})


def _ordinal(said: str) -> int:
    return int(said) if said.isdigit() else int(table("ordinals").get(said.casefold(), 1))


def _counted(said: str) -> int:
    return int(said) if said.isdigit() else int(table("counts")[said.casefold()])


def _determined(before: Sequence[re.Match[str]]) -> int | None:
    """Where the determiner in front of a noun begins, of the words just before the noun."""
    determiners = words("definite") | words("demonstrative") | words("demonstrative_plural")
    return next((word.start() for word in reversed(before) if word.group(0).casefold() in determiners), None)
