from __future__ import annotations

import pytest

from retrievers.catalogue import Product
from retrievers.heads import KindReader, infer_heads


def _product(number: int, title: str, **fields: object) -> Product:
    return Product(product_id=str(number), title=title, **fields)  # type: ignore[arg-type]


CATALOGUE = [
    _product(1, "Acme L200 laser printer Black 600 x 600 DPI A4", brand="Acme", attributes={"colour": "Black"}),
    _product(2, "Acme L200 laser printer toner cartridge Black 2 pcs", brand="Acme", attributes={"colour": "Black"}),
    _product(3, "Bolt Drum for laser printer Black", brand="Bolt", attributes={"colour": "Black"}),
    _product(4, "Bolt P9 Printer Maintenance Kit", brand="Bolt"),
    _product(5, "Bolt P9 Printer 1200 DPI", brand="Bolt"),
    _product(6, "Camera Box camera case Black", brand="Camera Box", attributes={"colour": "Black"}),
]


@pytest.mark.parametrize(
    ("product_id", "heads"),
    [("1", "printer"), ("2", "cartridg"), ("3", "drum"), ("4", "kit"), ("5", "printer"), ("6", "case")],
)
def test_the_head_is_what_the_thing_is_not_what_it_is_for(product_id: str, heads: str) -> None:
    assert infer_heads(CATALOGUE)[product_id].heads[0] == heads


def test_colours_and_units_of_this_catalogue_are_not_kinds() -> None:
    heads = {head for kind in infer_heads(CATALOGUE).values() for head in kind.heads}
    assert not heads & {"black", "dpi", "pcs"}


def test_a_declared_kind_wins_over_the_title() -> None:
    kinds = infer_heads([_product(1, "Acme Runner 3", brand="Acme", kind="running shoe")])
    assert kinds["1"].heads == ("shoe",)
    assert kinds["1"].kind == "running shoe"


def test_a_title_of_numbers_falls_back_to_the_category() -> None:
    kinds = infer_heads([_product(1, "X-200 300", brand="Acme", category=("Printing", "Laser printers"))])
    assert kinds["1"].heads == ("printer",)


def test_nothing_is_invented_where_nothing_is_named() -> None:
    assert infer_heads([_product(1, "4711")]) == {}


def test_requests_are_read_like_titles() -> None:
    reader = KindReader.learn(CATALOGUE)
    kind = reader.read("toner cartridge for Acme L200 printer")
    assert kind is not None
    assert kind.heads == ("cartridg",)
