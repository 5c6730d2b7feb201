"""What the shop itself vouches for in a turn: its links, contacts, prices and stock."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from itertools import combinations

from graphs.guardrails.personal import find_personal
from graphs.guardrails.policy import Policy
from graphs.sources import Sources
from graphs.verification.language import language
from graphs.verification.quantities import Figure, read_figures
from retrievers.document_type import DocumentType
from retrievers.records import Evidence
from retrievers.sanitising.visible import normalise
from tools.records import leaves

STORE_TEXTS = (DocumentType.FAQ, DocumentType.POLICY)
_LINK_FIELDS = ("url", "image_url")
_SCHEME = re.compile(r"^(?:https?://)?(?:www\.)?", re.IGNORECASE)
_SPOKEN = language("ko")  # holds the English too


class Trusted:
    """Links of product rows, links and contacts of the store's own texts; nothing that shoppers wrote.

    A product may be called what looks like a site or a number: its name may be said, and nothing but the name.
    What is vouched for is gathered when a sentence first asks for it: most turns show no link and no contact.
    """

    def __init__(self, sources: Sources, policy: Policy) -> None:
        self._sources, self._policy = sources, policy
        self._store = [item for item in sources.evidence.values() if item.type in STORE_TEXTS]
        self._products = [item for item in sources.evidence.values() if item.type is DocumentType.PRODUCT]

    def link(self, link: str) -> bool:
        """The very link, or just the name of a trusted site."""
        bare = _bare(link)
        return bare in self._links or bare in self._hosts

    def contact(self, contact: str) -> bool:
        return _plain(contact) in self._contacts

    def amounts(self, sentence: str) -> bool:
        """Whether each amount of money is a live price, the store's, the shopper's own, or a limit ("under $50")."""
        money = (found for found in read_figures(sentence, _SPOKEN) if found.dimension == "money" and not found.bound)
        return all(any(_same(found, amount) for amount in self._amounts) for found in money)

    @cached_property
    def _written(self) -> str:
        """What the store says itself."""
        return normalise("\n".join(item.text for item in self._store))

    @cached_property
    def _named(self) -> str:
        return normalise("\n".join(_named(item) for item in self._products))

    @cached_property
    def _links(self) -> frozenset[str]:
        fields = (field for item in (*self._store, *self._products) for field in _link_fields(item))
        return frozenset(_bare(link) for link in (*fields, *self._found_links(self._written)))

    @cached_property
    def _hosts(self) -> frozenset[str]:
        names = (_bare(link) for link in self._found_links(self._named))
        return frozenset(link.partition("/")[0] for link in (*self._links, *names))

    def _found_links(self, text: str) -> Iterator[str]:
        return (found.group() for found in self._policy.links.finditer(text))

    @cached_property
    def _contacts(self) -> frozenset[str]:
        return frozenset(
            _plain(text[found.start : found.end])
            for text in (self._written, self._named)
            for found in find_personal(text, self._policy)
        )

    @cached_property
    def _amounts(self) -> frozenset[float]:
        return frozenset(_amounts(self._sources, self._written))


def stock_agrees(sentence: str, stock: int | None) -> bool:
    """Whether what a sentence says about one product's stock is so; unknown stock agrees with nothing that is said."""
    if _SPOKEN.cue("out_of_stock").search(sentence):
        return stock == 0
    return not _SPOKEN.cue("in_stock").search(sentence) or bool(stock)


def _amounts(sources: Sources, written: str) -> Iterator[float]:
    """Prices as they are, and what two of them differ by or come to."""
    prices = {facts.price for facts in sources.items.values() if facts.price is not None}
    yield from prices
    yield from (amount for one, two in combinations(prices, 2) for amount in (abs(one - two), one + two))
    yield from (found.value for found in read_figures(written, _SPOKEN) if found.dimension == "money")
    receipts = (action.receipt or {} for action in sources.actions.values())
    yield from (float(value) for receipt in receipts for _, value in leaves(receipt) if isinstance(value, (int, float)))
    values = (feature.value for feature in sources.features.values())
    yield from (float(value) for value in values if isinstance(value, (int, float)))


def _same(figure: Figure, amount: float) -> bool:
    """Equal as far as the figure is written out."""
    return abs(figure.value - amount) <= figure.tolerance * 1.001


def _link_fields(item: Evidence) -> list[str]:
    fields = [item.source, *(item.metadata.get(name) for name in _LINK_FIELDS)]
    return [field for field in fields if isinstance(field, str)]


def _named(product: Evidence) -> str:
    attributes = product.metadata.get("attributes") or {}
    return "\n".join([product.title, *(f"{name}: {value}" for name, value in attributes.items())])


def _bare(link: str) -> str:
    return _SCHEME.sub("", link).rstrip(".,;:!?/").casefold()


def _plain(contact: str) -> str:
    """An e-mail address as it is, a number as its digits."""
    return contact.casefold() if "@" in contact else re.sub(r"\D", "", contact)
