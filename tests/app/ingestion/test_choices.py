"""Which attributes a catalogue enumerates, and which of their values are plain without the name."""

from app.ingestion.choices import choice_summaries
from app.ingestion.points import passages
from retrievers.catalogue import Product
from retrievers.heads import infer_heads


def lamps(count, description="", **attributes):
    return [
        Product(
            product_id=f"{name}{n}", title=f"Acme lamp {n}", kind="lamp", description=description.format(value=value),
            attributes={name: value},
        )
        for name, values in attributes.items()
        for n, value in enumerate(values * count)
    ]  # fmt: skip


def told(products):
    return choice_summaries(products, infer_heads(products))


def test_few_values_that_many_products_share_are_enumerated():
    found = told(lamps(4, base=["E27", "Bayonet"]))

    assert found["base"].kind == "choice"
    assert found["base"].products == 8
    assert found["base"].heads["lamp"].share == 1.0
    assert found["base"].values == {"lamp": ("bayonet", "e27")}
    assert found["base"].telling == {"lamp": ("bayonet", "e27")}


def test_names_prose_figures_and_yes_or_no_are_not():
    products = lamps(1, note=[f"{word} note" for word in ("one", "two", "red", "old", "big", "low", "new")])
    products += lamps(4, series=["Nova", "Terra"], dimmable=["yes", "no"], power=["5 W", "9 W"], colour=["red", "blue"])
    products += lamps(4, about=["A lamp for the table that gives much light", "Another one that gives less of it"])
    products += lamps(4, lumens=[400.0, 800.0])

    assert told(products) == {}


def test_a_value_that_texts_use_for_something_else_needs_its_name():
    found = told(lamps(4, "a {value} lamp, warm to the touch", tone=["warm", "daylight"]))

    assert found["tone"].values["lamp"] == ("daylight", "warm")
    assert found["tone"].telling["lamp"] == ("daylight",)


def test_ranges_and_lists_state_every_value_in_them():
    found = told(lamps(3, mode=["2-4", "XS-M"], port=["USB-C, HDMI", "HDMI"]))

    assert set(found["mode"].values["lamp"]) == {"2-4", "2", "3", "4", "xs-m", "xs", "s", "m"}
    assert set(found["port"].values["lamp"]) == {"usb-c, hdmi", "usb-c", "hdmi"}


def test_the_index_holds_what_conditions_compare():
    found = passages(lamps(4, base=["E27", "Bayonet"]))

    assert found.attributes["base"].kind == "choice"
    assert {passage.payload["choice"][0] for passage in found.passages} == {"base=e27", "base=bayonet"}
    assert "spoken" in found.vocabulary
    assert found.vocabulary["called"] == []  # "lamp" is too short to tell a slip of
