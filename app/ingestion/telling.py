"""Which attributes of a product are worth the few words an embedder reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from retrievers.catalogue import AttributeValue, Product

_LONGEST = 40  # characters; longer values are prose or lists of standards
_SHARED = 2  # a value nobody else has names the product, which its title does already


class TellingAttributes:
    """Short values that other products share and the title does not say, the catalogue's commonest names first."""

    def __init__(self, products: Sequence[Product], most: int = 6) -> None:
        self._most = most
        self._names = Counter(
            name for product in products for name, value in product.attributes.items() if _short(value)
        )
        self._values = Counter(
            (name, str(value)) for product in products for name, value in product.attributes.items() if _short(value)
        )

    def of(self, product: Product) -> dict[str, AttributeValue]:
        """At most `most` attributes. Numbers and yes/no say little to an embedder."""
        title = product.title.casefold()
        found = [
            (name, value)
            for name, value in product.attributes.items()
            if _short(value) and str(value).casefold() not in title and self._values[name, str(value)] >= _SHARED
        ]
        found.sort(key=lambda pair: -self._names[pair[0]])
        return dict(found[: self._most])


def _short(value: AttributeValue) -> bool:
    return isinstance(value, str | list) and len(str(value)) <= _LONGEST
