"""Several hundred products whose attributes are written the ways catalogues write them. Seeded."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from retrievers.catalogue import AttributeValue, Product

_BRANDS = ("Nordlys", "Halden & Co", "Bolt-Tek", "Casa Verde", "Orbita", "Quill", "Tern")
_COLOURS = ("black", "white", "navy blue", "grey", "red", "dark green")
_MATERIALS = ("full-grain leather", "vegan leather", "canvas", "recycled nylon")


def synthetic_products(count: int = 400, seed: int = 7) -> list[Product]:
    rng = Random(seed)
    return [_product(number, rng) for number in range(count)]


def _product(number: int, rng: Random) -> Product:
    kind = rng.choice(("laptop", "cable", "backpack", "kettle"))
    brand, colour = rng.choice(_BRANDS), rng.choice(_COLOURS)
    return Product(
        product_id=f"S{number:03d}",
        title=f"{brand} {_model(rng)} {kind}, {colour}",
        brand=brand if rng.random() < 0.95 else None,
        category=("Electronics" if kind in ("laptop", "cable") else "Living", f"{kind}s".title()),
        kind=kind,
        price=round(rng.uniform(8, 900), 2) if rng.random() < 0.95 else None,
        stock=rng.choice((0, 3, 20, None)),
        rating=round(rng.uniform(2, 5), 1) if rng.random() < 0.8 else None,
        popularity=rng.random(),
        attributes={name: value for name, value in _attributes(kind, colour, rng).items() if rng.random() < 0.92},
    )


def _model(rng: Random) -> str:
    return rng.choice(("Vale", "Fathom", "Ridge", "Lumen", "Alder")) + rng.choice(("", " Pro", " Lite", " Max"))


def _attributes(kind: str, colour: str, rng: Random) -> Mapping[str, AttributeValue]:
    match kind:
        case "laptop":
            return {
                "colour": colour,
                "memory": f"{rng.choice((4, 8, 16, 32))} GB",
                "storage": rng.choice(("256 GB", "512GB", "1 TB", "2 TB")),
                "screen_in": rng.choice((13.3, 14.0, 15.6, 17.3)),
                "weight_kg": round(rng.uniform(0.9, 3.2), 2),
                "bluetooth": rng.random() < 0.7,
            }
        case "cable":
            return {"cable_colour": colour, "length": rng.choice(("50 cm", "1 m", "2 m", "3 m", "5 m", "10 m"))}
        case "backpack":
            return {
                "colour": colour,
                "material": rng.choice(_MATERIALS),
                "capacity_l": float(rng.randint(12, 45)),
                "weight_g": float(rng.randrange(400, 1900, 50)),
                "waterproof": rng.choice(("yes", "no")),
            }
        case _:
            return {
                "colour": colour,
                "power_w": float(rng.randrange(1200, 3000, 200)),
                "capacity": rng.choice(("1 l", "1.7 l")),
            }
