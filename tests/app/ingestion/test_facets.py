from __future__ import annotations

import pytest

from app.ingestion.facets import CatalogueFacets, summaries
from app.ingestion.learnt_units import LearntUnits
from retrievers.catalogue import AttributeValue, Product
from retrievers.heads import Kind


def laptop(number: int, title: str, **attributes: AttributeValue) -> Product:
    return Product(product_id=f"l{number}", title=title, attributes=attributes)


LAPTOPS = [laptop(n, f"Laptop {4 + n} GB black", memory=float(4 + n), colour="black") for n in range(14)]


def test_a_bare_column_has_the_unit_its_titles_repeat() -> None:
    silent = laptop(99, "Laptop without figures", memory=8.0)
    facets = CatalogueFacets([*LAPTOPS, silent])
    assert facets.of(LAPTOPS[3]).measures == {"memory": 7e9}
    assert facets.of(silent).measures == {"memory": 8e9}


def test_text_in_another_unit_tells_it_too() -> None:
    rows = [laptop(n, f"Laptop of {1 + n / 10:g} kg", weight=1000.0 + 100 * n) for n in range(14)]
    assert CatalogueFacets(rows).of(rows[2]).measures == {"weight": pytest.approx(1200.0)}


def test_a_figure_in_megabytes_beside_gigabytes_is_read_by_its_own_title() -> None:
    small = laptop(98, "Laptop 512 MB", memory=512.0)
    assert CatalogueFacets([*LAPTOPS, small]).of(small).measures == {"memory": 512e6}


def test_a_unit_is_never_guessed() -> None:
    rows = [laptop(n, f"Laptop {n + 2} GB", ports=float(n % 3)) for n in range(30)]
    unit_of = LearntUnits(rows).for_product(rows[0])
    assert unit_of("ports", 2.0) is None
    facts = summaries(rows, {}, CatalogueFacets(rows))
    assert (facts["ports"].kind, facts["ports"].unit) == ("number", None)


def test_written_units_of_another_dimension_are_left_out() -> None:
    rows = [laptop(n, "Box", size="20 cm") for n in range(5)] + [laptop(9, "Box", size="3 kg")]
    assert CatalogueFacets(rows).of(rows[-1]).measures == {}


def test_a_title_states_a_colour_no_attribute_does() -> None:
    silent = laptop(97, "Laptop in Black")
    assert CatalogueFacets([*LAPTOPS, silent]).of(silent).words == {"colour": ("black",)}


def test_summaries_tell_who_states_what_and_where_the_figures_lie() -> None:
    bag = Product(product_id="b", title="Bag", attributes={"waterproof": True})
    rows = [*LAPTOPS, bag]
    kinds = {row.product_id: Kind(("laptop",), "laptop") for row in LAPTOPS} | {"b": Kind(("bag",), "bag")}
    found = summaries(rows, kinds, CatalogueFacets(rows))
    memory = found["memory"]
    assert (memory.kind, memory.unit, memory.products) == ("measure", "GB", 14)
    assert memory.heads["laptop"].share == 1.0
    assert 4e9 <= memory.heads["laptop"].low < memory.heads["laptop"].high <= 17e9
    assert "bag" not in memory.heads
    assert found["waterproof"].kind == "flag"
    assert found["colour"].kind == "word"
