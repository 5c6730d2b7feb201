from __future__ import annotations

from graphs.verification.language import language
from graphs.verification.passages import Needs, best_passage, sentences_of
from graphs.verification.statement import Statement

TEXT = "It is warm. It has pockets.\nNothing here. The zip is made of steel and 40 cm long. Runs small."
EN = language("en")


def _needs(sentence: str) -> Needs:
    return Statement(sentence, EN).needs


def test_the_shortest_and_earliest_passage_that_holds_most_is_found() -> None:
    passage = best_passage(TEXT, _needs("The steel zip is 40 cm long."), EN)
    assert passage is not None
    assert passage.text == "The zip is made of steel and 40 cm long."
    assert TEXT[passage.start : passage.end] == passage.text


def test_neighbouring_sentences_are_taken_together() -> None:
    passage = best_passage(TEXT, _needs("Warm with pockets."), EN)
    assert passage is not None
    assert passage.text == "It is warm. It has pockets."
    assert {"warm", "pocket"} <= passage.words


def test_a_text_with_nothing_of_it_has_no_passage() -> None:
    assert best_passage(TEXT, _needs("A waterproof hood."), EN) is None


def test_sentences_know_which_words_stand_side_by_side() -> None:
    (sentence,) = sentences_of("A warm winter coat.", EN)
    assert ("warm", "winter") in sentence.pairs
    assert ("winter", "warm") not in sentence.pairs
