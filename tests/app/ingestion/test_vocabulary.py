"""The names a catalogue uses, and which of them its titles mostly use for something else."""

from app.ingestion.points import passages
from retrievers.catalogue import Product


def product(number, title, **attributes):
    return Product(product_id=str(number), title=title, brand="Acme", attributes=attributes)


def test_a_colour_that_titles_use_for_something_else_is_ambiguous():
    found = passages(
        [
            *(product(n, f"Acme laser printer {n}", colour="Black") for n in range(3)),
            product(4, "Acme lamp", colour="Laser"),
            product(5, "Acme black chair", colour="Black"),
        ]
    )
    assert found.vocabulary["colours"] == ["black", "laser"]
    assert found.vocabulary["ambiguous"] == ["laser"]


def test_a_technology_of_printing_colours_is_no_colour():
    found = passages([product(1, "Acme printer", colour_printing_technology="Laser", product_colour="White")])
    assert found.vocabulary["colours"] == ["white"]
