from __future__ import annotations

import json

from retrievers.facets import attribute_names, facets_json, facets_of, read_facets


def test_figures_flags_and_words_are_told_apart() -> None:
    facets = read_facets(
        {
            "memory": "16 GB",
            "weight_g": 950.0,
            "wi_fi": "Y",
            "hood": False,
            "ports": 4.0,
            "upper_material": "Wool, mesh",
        }
    )
    assert facets.measures == {"memory": 16e9, "weight_g": 950.0, "ports": 4.0}
    assert facets.flags == {"wi_fi": True, "hood": False}
    assert facets.words == {"material": ("mesh", "wool")}


def test_a_word_is_known_by_its_last_part() -> None:
    words = read_facets(
        {"product_colour": "Navy blue/black", "material": ["full-grain leather", "vegan leather"]}
    ).words
    assert words["colour"] == ("black", "blue", "navy blue")
    assert words["material"] == ("full-grain leather", "leather", "vegan leather")


def test_figures_and_prose_are_no_colours() -> None:
    assert (
        read_facets({"colour": "16.7", "colour_depth": 24.0, "colours": "black as the night sky over it"}).words == {}
    )


def test_what_was_stored_wins_over_what_the_card_says() -> None:
    facets = read_facets({"memory": "16 GB", "colour": "red"})
    stored = json.loads(json.dumps(facets_json(facets)))
    assert facets_of({"facets": stored, "attributes": {}}) == facets


def test_names_of_attributes_in_a_field() -> None:
    assert attribute_names("attribute:a|b c") == ("a", "b c")
    assert attribute_names("price") == ()
