"""A small catalogue's vocabulary: laptops, cables, headphones and backpacks, made once by the real loader."""

from __future__ import annotations

import pytest

from app.ingestion.points import passages
from retrievers.catalogue import Product
from retrievers.reading import Vocabulary


def _rows() -> list[Product]:
    rows = []
    for n in range(12):
        rows.append(
            Product(
                product_id=f"l{n}", title=f"Nordlys Vale laptop {n}", brand="Nordlys", kind="laptop", price=500.0 + n,
                rating=4.0, category=("Computing", "Laptops"), popularity=float(n),
                attributes={
                    "memory": f"{(8, 16, 32)[n % 3]} GB", "storage": ("256 GB", "512 GB", "1 TB")[n % 3],
                    "screen_in": (13.3, 14.0, 15.6)[n % 3], "weight_kg": 1.0 + n / 10, "battery_h": 6.0 + n,
                    "bluetooth": n % 2 == 0, "colour": ("black", "silver")[n % 2],
                },
            )
        )  # fmt: skip
        rows.append(
            Product(
                product_id=f"c{n}", title=f"Bolt-Tek USB cable {n}", brand="Bolt-Tek", kind="cable", price=9.0,
                category=("Computing", "Cables"), attributes={"length": f"{n + 1} m", "colour": "black"},
            )
        )  # fmt: skip
        rows.append(
            Product(
                product_id=f"b{n}", title=f"Just Roam backpack {n}", brand="Just Roam", kind="backpack", price=60.0,
                category=("Travel", "Backpacks"),
                attributes={"material": "leather", "waterproof": n % 2 == 0, "weight_g": 800.0, "colour": "navy blue"},
            )
        )  # fmt: skip
    rows += [
        Product(product_id=f"h{n}", title=f"Sony headphones {n}", brand="Sony", kind="headphones") for n in range(4)
    ]
    return rows


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    read = passages(_rows())
    return Vocabulary.of(read.vocabulary, "USD", read.attributes)
