"""Stocks the shelves: models drawn from the written product lines, each in one to three colours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product as pairs
from random import Random
from typing import Any

from app.demo.content import Brand, Department, Kind, Line, materials
from app.demo.phrases import Deck, Facts, sentence_case
from retrievers.catalogue import AttributeValue, Product


@dataclass(frozen=True, slots=True)
class Item:
    """A product before anyone reviewed it, with what only its makers know.

    `quality` in about [-1, 1] is what reviewers will find; `dearness` in [0, 1] is its place in its line's price range.
    """

    product: Product
    kind: Kind
    facts: Facts
    quality: float
    dearness: float
    appeal: float


@dataclass(frozen=True, slots=True)
class _Model:
    brand: Brand
    name: str
    line: Line
    dearness: float
    quality: float
    attributes: Mapping[str, AttributeValue]


def stock_shelves(departments: tuple[Department, ...], rng: Random) -> list[Item]:
    material_decks = {name: Deck(lines) for name, lines in materials().items()}
    items: list[Item] = []
    for place, department in enumerate(departments):
        numbers = iter(range(1, 10_000))
        brand_decks = {brand.name: Deck(brand.says) for brand in department.brands}
        for kind in department.kinds:
            writer = _Writer(kind, brand_decks, material_decks)
            for model, colour in _variants(department, kind, rng):
                items.append(_item(department, place, next(numbers), kind, model, colour, writer, rng))
    return items


def ean13(digits: str) -> str:
    """Appends the check digit to twelve digits (GS1 General Specifications, 7.9: weights 1 and 3 from the left)."""
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return digits + str(-total % 10)


def _variants(department: Department, kind: Kind, rng: Random) -> Iterator[tuple[_Model, str]]:
    in_colours = "colour" in kind.title.slots
    left = kind.count
    for model in _models(department, kind, rng):
        wanted = rng.choices((1, 2, 3), (5, 4, 2))[0] if in_colours else 1
        for colour in rng.sample(kind.colours, min(wanted, left)):
            yield model, colour
            left -= 1
        if not left:
            return
    raise ValueError(f"Too few names for {kind.count} of {kind.name}: {left} are missing")


def _models(department: Department, kind: Kind, rng: Random) -> Iterator[_Model]:
    brands = [brand for brand in department.brands if brand.makes(kind.name)]
    marks = list(dict.fromkeys(kind.marks))
    for turn in range(len(marks)):
        named = list(pairs(brands, enumerate(kind.names)))
        rng.shuffle(named)
        for brand, (place, name) in named:
            mark = marks[(place + turn) % len(marks)]
            yield _model(brand, f"{name} {mark}".strip(), kind, rng)


def _model(brand: Brand, name: str, kind: Kind, rng: Random) -> _Model:
    line = rng.choices(kind.lines, [line.share for line in kind.lines])[0]
    dearness = 0.65 * brand.tier + 0.35 * rng.random()
    quality = 0.6 * brand.quality + rng.gauss(0, 0.3)
    attributes = {key: _attribute(value, dearness, rng) for key, value in line.attributes.items()}
    return _Model(brand, name, line, dearness, quality, attributes)


def _attribute(spec: Any, dearness: float, rng: Random) -> AttributeValue:
    if isinstance(spec, dict):
        return float(rng.choice(spec["of"]))
    if not isinstance(spec, list):
        return spec if isinstance(spec, str | bool) else float(spec)
    if len(spec) == 2 and not any(isinstance(end, str | bool) for end in spec):
        return _between(spec[0], spec[1], min(1, max(0, dearness + rng.gauss(0, 0.08))))
    chosen: AttributeValue = rng.choice(spec)
    return chosen


def _between(cheap: float, dear: float, share: float) -> float:
    """Rounded the way makers print it: large figures to fives or tens, decimals only where the ends have them."""
    value = cheap + (dear - cheap) * share
    if isinstance(cheap, float) or isinstance(dear, float):
        return round(value, 2 if max(cheap, dear) < 1.5 else 1)
    step = 100 if abs(value) >= 5000 else 10 if abs(value) >= 1000 else 5 if abs(value) >= 100 else 1
    return float(step * round(value / step))


class _Writer:
    """Writes descriptions for one kind, dealing its sentences evenly over the products."""

    def __init__(self, kind: Kind, brands: Mapping[str, Deck], materials: Mapping[str, Deck]) -> None:
        self._openings, self._bodies, self._closings = Deck(kind.openings), Deck(kind.bodies), Deck(kind.closings)
        self._brands, self._materials = brands, materials

    def describe(self, rng: Random, facts: Facts) -> str:
        middle = self._bodies.deal(rng, facts, rng.choice((2, 3, 3, 4)))
        if rng.random() < 0.45:
            middle += self._brands[str(facts["brand"])].deal(rng, facts)
        material = self._materials.get(str(facts.get("material")))
        if material and rng.random() < 0.35:
            middle += material.deal(rng, facts)
        rng.shuffle(middle)
        ending = self._closings.deal(rng, facts) if rng.random() < 0.85 else []
        return sentence_case(" ".join([*self._openings.deal(rng, facts), *middle, *ending]))


def _item(
    department: Department,
    place: int,
    number: int,
    kind: Kind,
    model: _Model,
    colour: str,
    writer: _Writer,
    rng: Random,
) -> Item:
    product_id = f"{department.code}-{number:04d}"
    family = f"{model.brand.name} {model.name}"
    attributes = {**model.attributes, "colour": colour, "family": family}
    facts = {**attributes, "brand": model.brand.name, "model": model.name, "noun": model.line.noun, "kind": kind.name}
    product = Product(
        product_id=product_id,
        title=kind.title.say(rng, {**facts, "colour": colour.title()}),
        brand=model.brand.name,
        category=(department.category, kind.shelf),
        kind=kind.name,
        description=writer.describe(rng, facts),
        price=_shelf_price(model.line.price, model.dearness, rng),
        stock=rng.choices((0, rng.randint(1, 4), rng.randint(5, 180)), (6, 10, 84))[0],
        attributes=attributes,
        identifiers=(ean13(f"2{place:02d}{number:09d}"), f"{product_id}-{colour[:3].upper()}"),
        image_url=f"/images/{product_id}.svg",
        url=f"/products/{product_id}",
    )
    appeal = rng.lognormvariate(0, 0.9) * (1 + 0.5 * max(-0.9, model.quality))
    return Item(product, kind, facts, model.quality, model.dearness, appeal)


def _shelf_price(ends: tuple[float, float], dearness: float, rng: Random) -> float:
    exact = ends[0] + (ends[1] - ends[0]) * min(1, max(0, dearness + rng.gauss(0, 0.05)))
    if exact < 20:
        return int(exact) + rng.choice((0.49, 0.95, 0.99))
    if exact < 100:
        return int(exact) + rng.choice((0.0, 0.95, 0.99))
    step = 5 if exact < 300 else 10
    return step * round(exact / step) - rng.choice((1.0, 0.0, 0.05))
