"""Words for kinds, with vectors given by hand."""

import numpy as np

from app.ingestion.points import passages
from app.ingestion.related import related_kinds, usage
from retrievers.catalogue import Product

NEAR = {"notebook": (1.0, 0.0), "laptop": (0.9, 0.44), "notebook bag": (0.5, 0.87), "bag": (0.2, 0.98)}


def product(number, title, kind, description=""):
    return Product(product_id=str(number), title=title, kind=kind, description=description)


CATALOGUE = [
    *(product(n, f"Acme Nova{n}x notebook", "notebook") for n in range(10)),
    *(product(n, f"Acme bag {n}", "notebook bag", "Holds a laptop.") for n in range(20, 30)),
]


def related(records, vectors):
    of = usage(passages(records).passages)
    other = np.zeros(2, np.float32)
    return related_kinds(of, {text: np.array(vectors.get(text, other), np.float32) for text in of.texts})


def test_a_word_stands_for_the_kind_it_means():
    assert related(CATALOGUE, NEAR)["laptop"] == "notebook"


def test_a_word_that_is_a_kind_of_its_own_stands_for_itself():
    laptops = [product(n, f"Volt{n} laptop", "laptop") for n in range(40, 44)]
    assert "laptop" not in related([*CATALOGUE, *laptops], NEAR)


def test_what_is_not_near_stands_for_nothing():
    assert "laptop" not in related(CATALOGUE, {**NEAR, "laptop": (0.5, -0.87)})


def test_a_kind_that_contains_the_word_is_something_else():
    """ "bag" is nearest to "notebook bag", which is a bag already; the next kind is too far."""
    assert "bag" not in related(CATALOGUE, NEAR)


def test_without_common_kinds_nothing_is_embedded():
    assert usage(passages(CATALOGUE[:3]).passages).texts == []
