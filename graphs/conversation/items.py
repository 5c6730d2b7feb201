"""Products and cart or order items a request names: "two of those", "the second one", "the socks"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from graphs.conversation.counting import quantity_of
from graphs.conversation.language import cut, patterns, search, words
from graphs.conversation.memory import Memory, ShownProduct
from graphs.conversation.references import Reference, References
from graphs.conversation.shown import in_view, known, like, lists
from graphs.conversation.understood import Unclear, UnclearCode
from retrievers.reading import Vocabulary
from retrievers.reading.language import WORD
from retrievers.titles import Titles


@dataclass(frozen=True, slots=True)
class Named:
    """Products to be taken, this many of each, or why it has to be asked which."""

    product_ids: tuple[str, ...] = ()
    quantity: int = 1
    unclear: Unclear | None = None


class Items:
    """What the conversation knows of products, carts and orders."""

    def __init__(self, memory: Memory, vocabulary: Vocabulary, titles: Titles) -> None:
        self._memory = memory
        self._references = References(memory, vocabulary, titles)

    def shown(self, said: str, *, pointed: bool) -> Named | None:
        """Products that were shown, or are called by their name. With `pointed` the words must be nothing but a
        reference to something shown, else this is None.
        """
        whole = self._references.find(said)
        if pointed and not self._were_shown(whole):
            return None
        if whole and _only(said, whole):
            return self._pointed_at(whole, None, every=search("count", "every", said) is not None)
        quantity, rest = _counted(said)
        found = self._references.find(rest) if rest else []
        if pointed and not rest and len(in_view(self._memory)) > 1 and search("count", "further", said):
            return None
        if (not rest and quantity is not None) or not said:
            return self._in_focus(quantity or 1)
        if found and _only(rest, found):
            return self._pointed_at(found, quantity)
        if pointed or search("ask", "similar", said):
            return None
        return self._described(rest, quantity or 1)

    def told(self, said: str) -> dict[str, str] | Unclear:
        """An item of the cart: its id, else `item_hint` with the shopper's words for it."""
        return self._item(said, "item_id")

    def ordered(self, said: str) -> dict[str, object] | Unclear:
        """Items of an order: `item_ids` of what the conversation just told of, else `item_hint`."""
        item = self._item(said, "item_ids")
        if isinstance(item, Unclear):
            return item
        return {"item_ids": (item["item_ids"],)} if "item_ids" in item else dict(item)

    def _item(self, said: str, key: str) -> dict[str, str] | Unclear:
        found = self._references.find(said) if said else []
        if (not said or (found and _only(said, found))) and not _only_names(found):
            one = self._one(found)
            return {key: one} if one else Unclear("which_one", {"said": said, "choices": self._choices()})
        hits = like(_bare(said), self._told_items())
        return {key: hits[0].product_id} if len(hits) == 1 else {"item_hint": _bare(said)}

    def _one(self, found: Sequence[Reference]) -> str | None:
        named = [product.product_id for one in found for product in one.products]
        if len(named) == 1:
            return named[0]
        view = in_view(self._memory)
        return view[0].product_id if not named and len(view) == 1 else None

    def _told_items(self) -> list[ShownProduct]:
        titles = known(self._memory)
        told = next((turn.items for turn in reversed(self._memory.turns) if turn.items), ())
        return [titles[item] for item in told if item in titles]

    def _were_shown(self, found: Sequence[Reference]) -> bool:
        named = {product.product_id for one in found if one.named for product in one.products}
        return named <= known(self._memory).keys()

    def _in_focus(self, quantity: int) -> Named:
        view = in_view(self._memory)
        if len(view) == 1:
            return Named((view[0].product_id,), quantity)
        return Named(unclear=self._which("") if view else Unclear("no_earlier_products"))

    def _pointed_at(self, found: Sequence[Reference], quantity: int | None, *, every: bool = False) -> Named:
        """Several things need to be named as several: "both", "the first and the third"; "two of those" names none."""
        unclear = next((one.unclear for one in found if one.unclear), None)
        if unclear:
            return Named(unclear=unclear)
        ids = tuple(dict.fromkeys(product.product_id for one in found for product in one.products))
        loose = not every and any(len(one.products) > 2 and one.several for one in found)
        if len(ids) > 1 and (quantity is not None or loose):
            return Named(unclear=self._which("", ids))
        return Named(ids, quantity or 1)

    def _described(self, said: str, quantity: int) -> Named:
        bare = _bare(said)
        hits = next((hits for shown in lists(self._memory) if (hits := like(bare, shown))), [])
        hits = hits or like(bare, list(known(self._memory).values()))
        if len(hits) == 1:
            return Named((hits[0].product_id,), quantity)
        if hits:
            return Named(unclear=self._which(bare, tuple(product.product_id for product in hits)))
        code: UnclearCode = "none_of_those" if self._choices() else "no_earlier_products"
        return Named(unclear=Unclear(code, {"said": bare, "choices": self._choices()}))

    def _which(self, said: str, choices: tuple[str, ...] = ()) -> Unclear:
        return Unclear("which_one", {"said": said, "choices": choices or self._choices()})

    def _choices(self) -> tuple[str, ...]:
        return tuple(product.product_id for product in in_view(self._memory))


def _counted(said: str) -> tuple[int | None, str]:
    """ "Two of those": how many, and of what."""
    found = search("count", "front", said) or search("count", "back", said)
    if found is None:
        return None, said
    return quantity_of(found["count"]), cut(said, found).strip()


def _only(said: str, found: Sequence[Reference]) -> bool:
    """Whether the references are all that was said, but for fillers."""
    for one in reversed(found):
        said = f"{said[: one.start]} {said[one.end :]}"
    return all(word.casefold() in words("joining") for word in WORD.findall(said))


def _only_names(found: Sequence[Reference]) -> bool:
    """Whether a description was looked for among the products shown and is none of them: a cart may hold it."""
    return any(one.unclear is not None and one.unclear.code == "none_of_those" for one in found)


def _bare(said: str) -> str:
    for pattern in patterns("count", "article"):
        said = pattern.sub("", said, count=1)
    return said.strip()
