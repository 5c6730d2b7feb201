from __future__ import annotations

import pytest

from graphs.sources import Sources
from graphs.verification.examine import examine, examined
from graphs.verification.repair import mend

CORRECTED = [
    ("Veloce Tempo 3 costs $119 [1].", "Veloce Tempo 3 costs $129.00 [1]."),
    ("- Norrland Fjell Parka: $1,199.00 [2]", "- Norrland Fjell Parka: $289.00 [2]"),
    ("Veloce Tempo 3 is rated 4.9 stars [1].", "Veloce Tempo 3 is rated 4.57 stars [1]."),
    ("Veloce Tempo 3 has 500 reviews [1].", "Veloce Tempo 3 has 312 reviews [1]."),
    ("The Veloce Tempo 3 weighs 300 g [1].", "The Veloce Tempo 3 weighs 241 g [1]."),
    ("The Veloce Tempo 3 weighs 0.3 kg [1].", "The Veloce Tempo 3 weighs 0.241 kg [1]."),
]
REATTRIBUTED = [
    ("Shipping is free on orders over $49 [3].", "Shipping is free on orders over $49 [4]."),
    ("A review says: “my feet were fine.” [4].", "A review says: “my feet were fine.” [3]."),
    ("Norrland Fjell Parka costs $289 [1].", "Norrland Fjell Parka costs $289 [2]."),
    ("You usually spend $84.60 [F1].", "You usually spend $84.60 [F2]."),
    ("The Fjell Parka is waterproof [9].", "The Fjell Parka is waterproof [2]."),
    ("The Fjell Parka is waterproof [4][3].", "The Fjell Parka is waterproof [2]."),
]
ATTRIBUTED = [
    ("These run half a size small [3].", "A buyer says: “Runs half a size small.” [3]."),
    ("The Veloce Tempo 3 runs half a size small [1][3].", "A buyer says: “Runs half a size small.” [3]."),
]
LOST = [
    "The Fjell Parka is waterproof.",  # nothing cited: there is no marker to be wrong
    "It costs $289 [1].",  # "it" is the shoe: the parka's price must not be put under it, nor its marker
    "This shoe cures knee pain [1].",
    "Veloce Tempo 3 costs €129 [1].",
    "It stays under $100 [1].",
    "The Fjell Parka is in stock [2].",
    "You usually buy size 9 [F1].",
    "Veloce Tempo 3 costs $119, and that is $119 well spent [1].",
]


def _mended(sentence: str, sources: Sources) -> tuple[str, str] | None:
    failed = examined(sentence, sources, "en")
    assert failed.claim.verdict not in ("supported", "not_a_claim")
    mended = mend(failed, sources, "en")
    if mended is None:
        return None
    assert examine(mended.claim.text, sources, "en").verdict == "supported"
    return mended.repair, mended.claim.text


@pytest.mark.parametrize(("sentence", "right"), CORRECTED)
def test_a_wrong_value_becomes_the_records(sentence: str, right: str, sources: Sources) -> None:
    assert _mended(sentence, sources) == ("corrected", right)


@pytest.mark.parametrize(("sentence", "right"), REATTRIBUTED)
def test_a_right_fact_gets_its_own_marker(sentence: str, right: str, sources: Sources) -> None:
    assert _mended(sentence, sources) == ("reattributed", right)


@pytest.mark.parametrize(("sentence", "right"), ATTRIBUTED)
def test_what_only_a_review_says_is_told_in_its_words(sentence: str, right: str, sources: Sources) -> None:
    assert _mended(sentence, sources) == ("attributed", right)


@pytest.mark.parametrize("sentence", LOST)
def test_nothing_is_made_of_what_the_sources_do_not_say(sentence: str, sources: Sources) -> None:
    mended = _mended(sentence, sources)
    assert mended is None or mended == ("corrected", "It costs $129.00 [1].")
