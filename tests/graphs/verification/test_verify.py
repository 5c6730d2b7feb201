from __future__ import annotations

import random

import pytest

from graphs.sources import Sources
from graphs.verification.verify import settle, verify

PARTS = [
    "Sure!",
    "Here are a few options:",
    "- Veloce Tempo 3 Running Shoe: $129.00, rated 4.6 stars [1]",
    "- Norrland Fjell Parka: $199.00 [2]",
    "The Fjell Parka is waterproof [2].",
    "It is sold in the U.S.",
    "It cures colds [2].",
    "Shipping is free on orders over $49. [4]",
    "You can return unworn items within 30 days of delivery [4].",
    "You have been looking at winter coats for 20 minutes [F3].",
    "You usually buy size 9.",
    "Would you like to compare any of these?",
]


def test_failing_sentences_go_and_the_rest_keeps_its_order(sources: Sources) -> None:
    verified = verify("\n".join(PARTS[:5]) + "  " + " ".join(PARTS[6:8]), sources, "en")
    mended = PARTS[3].replace("$199.00", "$289.00")
    assert verified.answer == "\n".join([*PARTS[:3], mended, PARTS[4]]) + " " + PARTS[7]
    assert [(each.claim.text, each.action) for each in verified.rejected] == [
        (PARTS[3], "corrected"),
        (PARTS[6], "dropped"),
    ]
    assert verified.rejected[0].became == mended
    assert not verified.failed


def test_offsets_locate_claims_in_the_answer_and_quotes_in_their_sources(sources: Sources) -> None:
    verified = verify("추천합니다! " + " ".join(PARTS), sources, "en")
    assert verified.claims
    assert all(verified.answer[claim.start : claim.end] == claim.text for claim in verified.claims)
    quoted = [citation for citation in verified.citations if citation.marker in sources.evidence]
    assert quoted
    for citation in quoted:
        text = sources.evidence[citation.marker].text
        assert text[citation.start : citation.end] == citation.quote


def test_a_citation_quotes_the_sentence_that_supports(sources: Sources) -> None:
    (citation,) = verify("Shipping is free on orders over $49 [4].", sources, "en").citations
    assert citation.quote == "Shipping is free on orders over $49."
    assert (citation.id, citation.source) == ("policy/returns", "/policies/returns")


def test_a_citation_of_a_fact_quotes_its_value(sources: Sources) -> None:
    (citation,) = verify("It is your favourite category, Running [F1].", sources, "en").citations
    assert (citation.quote, citation.source) == ("Running", "feature:user_behavior:favorite_category")


@pytest.mark.parametrize("text", ["It cures colds [1].", "Sure! It cures colds [1].", "", "  \n"])
def test_an_answer_without_anything_supported_fails(text: str, sources: Sources) -> None:
    assert verify(text, sources, "en").failed


def test_an_answer_that_claims_nothing_does_not_fail(sources: Sources) -> None:
    verified = verify("I could not find anything that fits.", sources, "en")
    assert verified.answer
    assert not verified.failed


@pytest.mark.parametrize("seed", range(40))
def test_verifying_an_answer_again_changes_nothing(seed: int, sources: Sources) -> None:
    chance = random.Random(seed)
    text = "".join(part + chance.choice([" ", "\n", "\n\n", "   "]) for part in chance.choices(PARTS, k=8))
    first = verify(text, sources, "en")
    again = verify(first.answer, sources, "en")
    assert again.answer == first.answer
    assert again.rejected == ()
    assert again.claims == first.claims
    assert again.citations == first.citations


@pytest.mark.parametrize("part", PARTS)
def test_one_sentence_is_settled_alone_as_in_an_answer(part: str, sources: Sources) -> None:
    alone = settle(part, sources, "en")
    together = verify(part, sources, "en")
    assert (alone.shown.text if alone.shown else "") == together.answer
