"""Which attributes a catalogue enumerates, kind by kind: few values that many products share."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate

from retrievers.catalogue import Product
from retrievers.choices import choice_key, pieces, stated_choices
from retrievers.facets import AttributeSummary, Spread
from retrievers.heads import Kind

_MOST_VALUES = 30  # ways in which the products of a kind state an attribute
_SHARED = 2  # products a value, on average
_FEW, _NEARLY_ALL = 6, 0.8  # so few ways are enough where nearly all of a kind state it
_LEAST_SHARE, _LEAST_PRODUCTS = 0.05, 2  # of a kind
_MOST_TOLD = 300  # attributes, the commonest first
_MOSTLY = 0.5
_MEANT = 0.7  # of the texts that say a value, for it to be meant when said alone
_SAID_WITHIN = 400  # characters of a description
_LONGEST, _SHORTEST = 4, 2  # words and characters of a value; "m" alone is no size
_CODE = re.compile(r"(?=.*\d)(?=.*[^\W\d_]).{3,}")  # "ip67" is a word of nothing else

_Stated = Mapping[str, tuple[str, ...]]  # values by product id
_Texts = Mapping[str, frozenset[str]]  # what a product's text says, by product id


def choice_summaries(products: Sequence[Product], kinds: Mapping[str, Kind]) -> dict[str, AttributeSummary]:
    """By attribute; `heads` and `values` are of the kinds that enumerate it alone."""
    head_of = {key: kind.heads[0] for key, kind in kinds.items()}
    heads = Counter(head_of.get(product.product_id, "") for product in products)
    texts = {
        product.product_id: _said(f"{product.title}. {product.description[:_SAID_WITHIN]}") for product in products
    }
    found = {}
    for name, stated in _stated(products).items():
        by_head: dict[str, dict[str, tuple[str, ...]]] = defaultdict(dict)
        for key, values in stated.items():
            by_head[head_of.get(key, "")][key] = values
        told = {head: own for head, own in by_head.items() if head and _enumerated(own, heads[head])}
        if told:
            found[name] = AttributeSummary(
                kind="choice",
                products=len(stated),
                overall=Spread(round(len(stated) / heads.total(), 3)),
                heads={head: Spread(round(len(own) / heads[head], 3)) for head, own in told.items()},
                values={head: tuple(sorted(_counted(own.values()))) for head, own in told.items()},
                telling={head: tuple(sorted(_telling(own, texts))) for head, own in told.items()},
            )
    common = sorted(found.items(), key=lambda pair: (-pair[1].products, pair[0]))
    return dict(common[:_MOST_TOLD])


def _stated(products: Sequence[Product]) -> dict[str, dict[str, tuple[str, ...]]]:
    """Values by attribute and product, of attributes stated in words: figures and yes and no are compared as such."""
    stated: dict[str, dict[str, tuple[str, ...]]] = defaultdict(dict)
    told, texts = Counter[str](), Counter[str]()
    for product in products:
        for name, value in product.attributes.items():
            told[name] += 1
            if choices := stated_choices(name, value):
                stated[name][product.product_id] = choices
                texts[name] += not isinstance(value, float)
    return {name: values for name, values in stated.items() if texts[name] > _MOSTLY * told[name]}


def _enumerated(stated: _Stated, products: int) -> bool:
    ways = min(len(set(stated.values())), len(_counted(stated.values())))
    shared = len(stated) >= _SHARED * ways or (ways <= _FEW and len(stated) >= _NEARLY_ALL * products)
    common = len(stated) >= max(_LEAST_PRODUCTS, _LEAST_SHARE * products)
    return common and shared and ways <= _MOST_VALUES


def _telling(stated: _Stated, texts: _Texts) -> Iterable[str]:
    """Values meant by whoever says them alone: the products of the kind whose texts say one mostly state it."""
    for value, count in _counted(stated.values()).items():
        key = choice_key([value])
        said = [product for product in stated if key in texts[product]]
        meant = sum(value in stated[product] for product in said)
        word = not key.isdigit() and len(key) >= _SHORTEST and count >= _SHARED
        if (word or _CODE.fullmatch(key)) and meant >= _MEANT * len(said):
            yield value


def _counted(stated: Iterable[tuple[str, ...]]) -> Counter[str]:
    return Counter(value for values in stated for value in values)


def _said(text: str) -> frozenset[str]:
    """Keys of all runs of words that may be a value."""
    keys = [choice_key([piece]) for piece in pieces(text)]
    return frozenset(run for start in range(len(keys)) for run in accumulate(keys[start : start + _LONGEST]))
