"""Questions with limits drawn from a catalogue, and a judge of the answers that shares no code with the shop.

The judge reads raw rows: it knows how each attribute it asks about is written, and nothing of facets or conditions.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from retrievers.catalogue import AttributeValue, Product

Judge = Callable[[Product, float | None], bool]  # a row and its live price; whether the limit is kept


@dataclass(frozen=True)
class Limit:
    """`field` must be honoured by the plan under this beginning of its name."""

    said: str
    field: str
    keeps: Judge


@dataclass(frozen=True)
class Question:
    text: str
    limits: tuple[Limit, ...]
    features: Mapping[str, object] = field(default_factory=dict)  # the shopper's, by `view:feature`


@dataclass(frozen=True)
class Measured:
    """An attribute as the catalogue writes it: `unit_size` of a bare number; `units` may be asked for."""

    names: tuple[str, ...]
    noun: str
    unit_size: float
    units: Mapping[str, float]
    asked: str  # words that name it next to the figure
    low: float
    high: float


@dataclass(frozen=True)
class Asking:
    """What may be asked of one catalogue."""

    products: Sequence[Product]
    nouns: Sequence[str]
    measured: Sequence[Measured] = ()
    colours: Mapping[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)  # colour: noun, attributes
    flags: Mapping[str, str] = field(default_factory=dict)  # attribute: noun
    chosen: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # value: noun, attribute
    rated: bool = False


def questions(asking: Asking, count: int, seed: int = 1) -> Iterator[Question]:
    rng = Random(seed)
    makers = [_priced, _ranged, _brand_wanted, _brand_unwanted, _several_unwanted, _declared_budget, _declared_brands]
    makers += [_korean_price, _price_and_brand]
    makers += [_figure, _figure_range, _figure_and_price] * bool(asking.measured)
    makers += [_coloured] * bool(asking.colours) + [_with_flag, _without_flag] * bool(asking.flags)
    makers += [_with_value, _without_value] * bool(asking.chosen)
    makers += [_rated] * asking.rated
    for number in range(count):
        yield makers[number % len(makers)](asking, rng)


def amount(value: AttributeValue | None, unit_size: float) -> float | None:
    """Base units, from a bare number or from text such as "512GB" with a unit that says its size."""
    if isinstance(value, str):
        found = re.match(r"([\d.]+)\s*(gb|tb|cm|mm|m|kg|g|l|w)\b", value.lower())
        sizes = {"gb": 1e9, "tb": 1e12, "cm": 0.01, "mm": 0.001, "m": 1.0, "kg": 1000.0, "g": 1.0, "l": 1.0, "w": 1.0}
        return float(found[1]) * sizes[found[2]] if found else None
    return float(value) * unit_size if isinstance(value, int | float) and not isinstance(value, bool) else None


def _price(asking: Asking, rng: Random) -> int:
    known = sorted(product.price for product in asking.products if product.price)
    return max(2, round(known[int(rng.uniform(0.2, 0.9) * len(known))]))


def _at_most(bound: float) -> Judge:
    return lambda row, price: price is not None and price <= bound


def _at_least(bound: float) -> Judge:
    return lambda row, price: price is not None and price >= bound


def _priced(asking: Asking, rng: Random) -> Question:
    bound = _price(asking, rng)
    form = rng.choice(("{} under ${}", "{} up to {} dollars", "show me {} below {} bucks", "{}, max ${}", "{} for ${}"))
    return Question(form.format(rng.choice(asking.nouns), bound), (Limit(str(bound), "price", _at_most(bound)),))


def _ranged(asking: Asking, rng: Random) -> Question:
    low, high = sorted((_price(asking, rng), _price(asking, rng) + 5))
    form = rng.choice(("{} between ${} and ${}", "{} from {} to {} dollars", "${1}-${2} {0}"))
    text = form.format(rng.choice(asking.nouns), low, high)
    return Question(text, (Limit("low", "price", _at_least(low)), Limit("high", "price", _at_most(high))))


def _korean_price(asking: Asking, rng: Random) -> Question:
    bound = _price(asking, rng)
    return Question(f"{bound}달러 이하 {rng.choice(asking.nouns)}", (Limit("이하", "price", _at_most(bound)),))


def _brands(asking: Asking, rng: Random, count: int) -> list[str]:
    stocked = Counter(product.brand for product in asking.products if product.brand)
    named = [brand for brand, pieces in stocked.items() if pieces > 2 and re.fullmatch(r"[A-Z][A-Za-z&. -]{3,}", brand)]
    return rng.sample(sorted(named), count)


def _of(brands: Sequence[str]) -> Judge:
    return lambda row, price: (row.brand or "").lower() in {brand.lower() for brand in brands}


def _not_of(brands: Sequence[str]) -> Judge:
    return lambda row, price: (row.brand or "").lower() not in {brand.lower() for brand in brands}


def _brand_wanted(asking: Asking, rng: Random) -> Question:
    (brand,) = _brands(asking, rng, 1)
    noun = _noun_of(brand, asking, rng)
    text = rng.choice(("{1} from {0}", "{1} by {0}", "show me a {0} {1}")).format(brand, noun)
    return Question(text, (Limit(brand, "brand", _of([brand])),))


def _brand_unwanted(asking: Asking, rng: Random) -> Question:
    brands = _brands(asking, rng, 1)
    form = rng.choice(("{}, not {}", "{} but no {}", "{} except {}", "{} without {}", "{}, anything but {}"))
    return Question(form.format(rng.choice(asking.nouns), *brands), (Limit(brands[0], "brand", _not_of(brands)),))


def _several_unwanted(asking: Asking, rng: Random) -> Question:
    brands = _brands(asking, rng, 2)
    text = rng.choice(("{}, no {} or {}", "{} not from {} and {}")).format(rng.choice(asking.nouns), *brands)
    return Question(text, (Limit(", ".join(brands), "brand", _not_of(brands)),))


def _price_and_brand(asking: Asking, rng: Random) -> Question:
    bound, brands = _price(asking, rng), _brands(asking, rng, 1)
    text = f"{rng.choice(asking.nouns)} under {bound} not {brands[0]}"
    return Question(text, (Limit("under", "price", _at_most(bound)), Limit("not", "brand", _not_of(brands))))


def _declared_budget(asking: Asking, rng: Random) -> Question:
    bound = float(_price(asking, rng))
    limit = Limit("budget", "price", _at_most(bound))
    return Question(rng.choice(asking.nouns), (limit,), {"user_profile:budget_limit": bound})


def _declared_brands(asking: Asking, rng: Random) -> Question:
    brands = _brands(asking, rng, 2)
    limit = Limit("excluded", "brand", _not_of(brands))
    return Question("what should I buy?", (limit,), {"user_profile:excluded_brands": brands})


def _rated(asking: Asking, rng: Random) -> Question:
    stars = rng.choice((3, 3.5, 4, 4.5))
    text = rng.choice(("{} with at least {} stars", "{} rated {} or more")).format(rng.choice(asking.nouns), stars)
    return Question(text, (Limit("stars", "rating", lambda row, price: row.rating is None or row.rating >= stars),))


def _bound(measured: Measured, rng: Random) -> tuple[float, str, float]:
    """A figure as said, its unit, and its size in base units; half way between the figures there are."""
    unit, size = rng.choice(list(measured.units.items()))
    base = rng.uniform(measured.low, measured.high)
    said = float(f"{base / size:.2g}")
    return said, unit, said * size


def _stated(measured: Measured, least: float, most: float) -> Judge:
    slack = 1e-5  # of a figure converted twice

    def keeps(row: Product, _price: float | None) -> bool:
        figures = [amount(row.attributes.get(name), measured.unit_size) for name in measured.names]
        return any(f is not None and least * (1 - slack) <= f <= most * (1 + slack) for f in figures)

    return keeps


def _figure(asking: Asking, rng: Random) -> Question:
    measured = rng.choice(list(asking.measured))
    said, unit, base = _bound(measured, rng)
    ends = {"at least": (base, 1e18), "over": (base, 1e18), "at most": (0.0, base), "under": (0.0, base)}
    words, (least, most) = rng.choice(list(ends.items()))
    text = f"{measured.noun} with {words} {said:g} {unit} {measured.asked}".strip()
    return Question(text, (Limit(text, "attribute:", _stated(measured, least, most)),))


def _figure_range(asking: Asking, rng: Random) -> Question:
    measured = rng.choice(list(asking.measured))
    unit, size = rng.choice(list(measured.units.items()))
    low, high = sorted(float(f"{rng.uniform(measured.low, measured.high) / size:.3g}") for _ in range(2))
    text = f"{measured.noun} between {low:g} and {high:g} {unit} {measured.asked}".strip()
    return Question(text, (Limit(text, "attribute:", _stated(measured, low * size, high * size)),))


def _figure_and_price(asking: Asking, rng: Random) -> Question:
    figure, bound = _figure(asking, rng), _price(asking, rng)
    return Question(f"{figure.text}, under ${bound}", (*figure.limits, Limit("price", "price", _at_most(bound))))


def _coloured(asking: Asking, rng: Random) -> Question:
    colour, (noun, names) = rng.choice(list(asking.colours.items()))

    def keeps(row: Product, _price: float | None) -> bool:
        stated = " ".join(str(row.attributes.get(name, "")) for name in names)
        return colour in f"{stated} {row.title}".lower()

    return Question(f"{colour} {noun}", (Limit(colour, "colour", keeps),))


def _flagged(asking: Asking, rng: Random) -> tuple[str, str, Callable[[Product], bool]]:
    attribute, noun = rng.choice(list(asking.flags.items()))
    return attribute, noun, lambda row: str(row.attributes.get(attribute)).lower() in ("yes", "true", "y")


def _with_flag(asking: Asking, rng: Random) -> Question:
    attribute, noun, has = _flagged(asking, rng)
    said = attribute.replace("_", " ")
    return Question(f"{noun} with {said}", (Limit(said, f"attribute:{attribute}", lambda row, price: has(row)),))


def _without_flag(asking: Asking, rng: Random) -> Question:
    attribute, noun, has = _flagged(asking, rng)
    said = attribute.replace("_", " ")
    return Question(f"{noun} without {said}", (Limit(said, f"attribute:{attribute}", lambda row, price: not has(row)),))


def _with_value(asking: Asking, rng: Random) -> Question:
    """Only what the row itself states will do."""
    value, (noun, attribute) = rng.choice(list(asking.chosen.items()))
    text = rng.choice(("{0} {2}", "{2} with {0} {1}", "{2} with {1} {0}")).format(value, attribute, noun)
    limit = Limit(value, f"attribute:{attribute}", lambda row, price: row.attributes.get(attribute) == value)
    return Question(text, (limit,))


def _without_value(asking: Asking, rng: Random) -> Question:
    value, (noun, attribute) = rng.choice(list(asking.chosen.items()))
    text = rng.choice(("{2}, not {0}", "{2} without {0} {1}", "{2}, anything but {0}")).format(value, attribute, noun)
    limit = Limit(value, f"attribute:{attribute}", lambda row, price: row.attributes.get(attribute) != value)
    return Question(text, (limit,))


def _noun_of(brand: str, asking: Asking, rng: Random) -> str:
    titles = [product.title.lower() for product in asking.products if product.brand == brand]
    sold = [noun for noun in asking.nouns if any(noun in title for title in titles)]
    return rng.choice(sold or list(asking.nouns))
