from __future__ import annotations

from random import Random

import pytest

from app.demo.phrases import Condition, Deck, Phrase, phrases, sentence_case, spoken


@pytest.mark.parametrize(
    ("condition", "facts", "holds"),
    [
        ("waterproof", {"waterproof": True}, True),
        ("waterproof", {}, False),
        ("no waterproof", {"waterproof": False}, True),
        ("material=wool|down", {"material": "down"}, True),
        ("no material=wool", {"material": "wool"}, False),
        ("weight_g<300", {"weight_g": 250.0}, True),
        ("weight_g>300", {"weight_g": 250.0}, False),
        ("weight_g<300", {}, False),
        ("warmth_c<-6", {"warmth_c": -10.0}, True),
        ("screen_in=15.6", {"screen_in": 15.6}, True),
    ],
)
def test_conditions(condition: str, facts: dict[str, object], holds: bool) -> None:
    assert Condition.parse(condition).holds(facts) is holds


def test_a_malformed_condition_says_how_to_write_one() -> None:
    with pytest.raises(ValueError, match="write name"):
        Condition.parse("weight g<3 or so")


def test_a_phrase_fits_only_when_its_slots_are_known() -> None:
    phrase = Phrase.parse("waterproof >> The $model weighs $weight_g g.")
    assert not phrase.fits({"waterproof": True, "model": "Elm"})
    assert phrase.fits({"waterproof": True, "model": "Elm", "weight_g": 300.0})


def test_saying_takes_one_alternative_and_fills_the_slots() -> None:
    phrase = Phrase.parse("It is (light|airy) at $weight_g g (one of many)")
    said = {phrase.say(Random(seed), {"weight_g": 300.0}) for seed in range(20)}
    assert said == {"It is light at 300 g (one of many)", "It is airy at 300 g (one of many)"}


def test_a_deck_uses_every_phrase_before_repeating_one() -> None:
    deck = Deck(phrases("one\ntwo\nthree"))
    rng = Random(1)
    assert sorted(deck.deal(rng, {})[0] for _ in range(3)) == ["one", "three", "two"]
    assert len(deck.deal(rng, {}, 5)) == 3


@pytest.mark.parametrize(("value", "text"), [(5.0, "5"), (1.25, "1.25"), (["a", "b"], "a, b"), ("x", "x")])
def test_spoken(value: object, text: str) -> None:
    assert spoken(value) == text


def test_sentences_start_with_capitals() -> None:
    assert sentence_case("warm. really? yes! at 3.5 kg") == "Warm. Really? Yes! At 3.5 kg"
