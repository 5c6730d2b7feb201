"""How many products are to be shown: "exactly two lamps", "the top 3", "just one", "two more"."""

from __future__ import annotations

from dataclasses import replace

from graphs.conversation.language import cut, group, patterns, search, table
from retrievers.reading import Vocabulary, kind_named, read_request
from retrievers.reading.aims import singular
from retrievers.reading.figures import take_figures
from retrievers.reading.language import WORD
from retrievers.records import Reading

_MOST = 10  # cards of one answer; a larger number is a number of pieces
_WITHIN = 3  # words from the number to the thing counted


def read_counted(message: str, vocabulary: Vocabulary, about: str | None = None) -> Reading:
    """The request with how many are to be shown; what somebody needs or buys several of is still to be chosen from."""
    rest, show = take_count(message, vocabulary)
    reading = read_request(rest, vocabulary, about)
    if show is None and not search("count", "buys", message):
        show = reading.quantity
    return replace(reading, question=message, show=show if show and show <= _MOST else None)


def shown(reading: Reading, otherwise: int) -> int:
    """How many products an answer shows at most."""
    return len(reading.only) or reading.show or otherwise


def take_count(text: str, vocabulary: Vocabulary) -> tuple[str, int | None]:
    """The text without the words that say how many are to be shown, and the number if it is one of things."""
    for name in ("shown", "shown_whole"):
        for pattern in patterns("count", name):
            for found in pattern.finditer(text):
                said = group(found, "count")
                count = quantity_of(said) if said else 1
                if count > _MOST:
                    continue
                if name == "shown_whole" or _counts(text[found.end() :], count, vocabulary):
                    return cut(text, found).strip(), count
    return text, None


def quantity_of(said: str) -> int:
    """A number in figures or words; the caller matched one."""
    folded = " ".join(said.casefold().split())
    return int(folded) if folded.isdigit() else int(table("counts")[folded])


def _counts(behind: str, count: int, vocabulary: Vocabulary) -> bool:
    """Whether a number with this behind it counts things: in the plural of a kind, or simply "ones"."""
    if search("count", "things", behind):
        return True
    following = [word.casefold() for word in WORD.findall(behind)[:_WITHIN]]
    if not following or take_figures(f"{count} {following[0]}")[1]:
        return False
    return any(kind_named(word, vocabulary) and (count == 1 or _is_plural(word)) for word in following)


def _is_plural(word: str) -> bool:
    return singular(word) != word or word.endswith("s")
