from __future__ import annotations

import pytest

from retrievers.records import Evidence
from retrievers.titles import Titles
from tests.support.builders import product

_SHOP = (
    product("lamp", title="Kolm Stern LED Desk Lamp, Brick", brand="Kolm"),
    product("lamp2", title="Kolm Stern 2 LED Desk Lamp, Black", brand="Kolm"),
    product("floor", title="Kolm Weit Floor Lamp", brand="Kolm"),
    product("red", title="Vilda Fjord Tent", brand="Vilda", attributes={"family": "fjord", "colour": "red"}),
    product("blue", title="Vilda Fjord Tent", brand="Vilda", attributes={"family": "fjord", "colour": "blue"}),
    product("printer", title="Ruda M428fdw laser printer", brand="Ruda"),
    product("kettle", title="Gooseneck kettle, 1 litre"),
)


def _called(text: str, products: tuple[Evidence, ...] = _SHOP) -> list[tuple[str, str]]:
    found = Titles(products).find(text)
    return [(str(title.product.metadata["product_id"]), text[title.start : title.end]) for title in found]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("how bright is the Kolm Stern LED Desk Lamp?", [("lamp", "Kolm Stern LED Desk Lamp")]),
        ("is the kolm stern lamp dimmable", [("lamp", "kolm stern lamp")]),
        ("the Stern lamp's colour", [("lamp", "Stern lamp's")]),
        ("the Kolm Stern 2 Desk Lamp?", [("lamp2", "Kolm Stern 2 Desk Lamp")]),
        ("Kolm Stern Desk Lamp의 밝기는?", [("lamp", "Kolm Stern Desk Lamp")]),
        ("is the M428fdw a colour printer", [("printer", "M428fdw")]),
        (
            "Kolm Weit Floor Lamp or the Kolm Stern lamp: which is taller?",
            [("floor", "Kolm Weit Floor Lamp"), ("lamp", "Kolm Stern lamp")],
        ),
    ],
)
def test_a_name_in_full_or_in_part_is_found_where_it_stands(text: str, named: list[tuple[str, str]]) -> None:
    assert _called(text) == named


@pytest.mark.parametrize(
    "text",
    ["Kolm lamps", "a desk lamp from Kolm", "Vilda tents under 300", "a LED desk lamp", "a gooseneck kettle"],
)
def test_a_brand_or_a_kind_of_thing_names_no_product(text: str) -> None:
    assert _called(text) == []


def test_variants_of_one_product_are_named_together_and_two_products_alike_are_not() -> None:
    assert [name for _, name in _called("is the Vilda Fjord Tent waterproof?")] == ["Vilda Fjord Tent"]
    alike = (
        product("a", title="Vilda Fjord Tent", brand="Vilda"),
        product("b", title="Vilda Fjord Tarp", brand="Vilda"),
    )
    assert _called("Vilda Fjord", alike) == []
