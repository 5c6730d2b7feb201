"""What the shopper has in view: the lists shown, the product just spoken of, the search they came from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from graphs.conversation.language import search
from graphs.conversation.memory import Memory, PastTurn, ShownProduct
from retrievers.embedding.tokens import stem
from retrievers.reading.aims import singular
from retrievers.reading.language import WORD, english
from retrievers.records import Evidence

_SEARCHES = frozenset(("product", "open", "compare"))


def shown_product(product: Evidence) -> ShownProduct:
    """A product of the catalogue as one that was shown."""
    told = product.metadata
    return ShownProduct(
        product_id=str(told["product_id"]),
        title=product.title,
        price=told.get("price"),
        rating=told.get("rating"),
        attributes=told.get("attributes") or {},
    )


def current(memory: Memory) -> tuple[PastTurn, ...]:
    """The turns since the shopper last started over, the oldest first."""
    anew = [place for place, turn in enumerate(memory.turns) if search("back", "start_over", turn.said)]
    return memory.turns[anew[-1] :] if anew else memory.turns


def searches(memory: Memory) -> list[PastTurn]:
    """The turns that asked for products rather than about some, the oldest first."""
    return [turn for turn in current(memory) if turn.intent in _SEARCHES and not turn.only and turn.tool is None]


def topic(memory: Memory) -> PastTurn | None:
    """The search that "cheaper" narrows; looking closer at one product or filling a cart does not end it."""
    return next(reversed(searches(memory)), None)


def in_view(memory: Memory) -> tuple[ShownProduct, ...]:
    """The products or items the last turn that showed any told of."""
    return next(lists(memory), ())


def lists(memory: Memory) -> Iterator[tuple[ShownProduct, ...]]:
    """What was in view, the latest first, back to the list that what was looked at since was picked from."""
    for turn in reversed(current(memory)):
        found = _told(turn, memory)
        if found:
            yield found
        if found and not turn.only and turn.tool is None:
            return


def first_list(memory: Memory) -> PastTurn | None:
    return next((turn for turn in searches(memory) if turn.products), None)


def singled_out(memory: Memory) -> list[ShownProduct]:
    """Products looked at one by one since the last list, in that order."""
    found: dict[str, ShownProduct] = {}
    for turn in reversed(current(memory)):
        told = _told(turn, memory)
        if len(told) != 1:
            break
        found.setdefault(told[0].product_id, told[0])
    return list(reversed(found.values()))


def known(memory: Memory) -> dict[str, ShownProduct]:
    """Every product that was shown, as it was shown last."""
    return {product.product_id: product for turn in memory.turns for product in turn.products}


def asked_back(turn: PastTurn) -> bool:
    """Whether the turn ended with the question which of these products was meant."""
    return bool(turn.only) and turn.tool is None and turn.intent not in _SEARCHES


def seen(memory: Memory, head: str | None) -> tuple[str, ...]:
    """Ids of what searches for this kind of thing have shown, so that more of it is new."""
    ids = (product.product_id for turn in searches(memory) if turn.head == head for product in turn.products)
    return tuple(dict.fromkeys(ids))


def stems(text: str) -> frozenset[str]:
    """Of every word, and of what a Korean word means."""
    said = WORD.findall(text.casefold())
    meant = [part for word in said for part in (english(word) or "").split()]
    return frozenset(stem(singular(part)) for word in (*said, *meant) for part in {word, *word.split("-")})


def described(product: ShownProduct) -> frozenset[str]:
    """Stems of its title, of what it states in words, and of what it has."""
    stated = [str(value) for value in product.attributes.values() if isinstance(value, str)]
    has = [name.replace("_", " ") for name, value in product.attributes.items() if value in (True, "yes", "Yes")]
    return stems(" ".join([product.title, *stated, *has]))


def like(said: str, among: Sequence[ShownProduct]) -> list[ShownProduct]:
    """Those that every word said, but for fillers, is true of."""
    meant = stems(said)
    return [product for product in among if meant and _covers(described(product), said)]


def _covers(own: frozenset[str], said: str) -> bool:
    return all(own & stems(word) for word in WORD.findall(said))


def _told(turn: PastTurn, memory: Memory) -> tuple[ShownProduct, ...]:
    titles = known(memory)
    if turn.products:
        return turn.products
    return tuple(titles.get(item, ShownProduct(product_id=item, title="")) for item in turn.items)
