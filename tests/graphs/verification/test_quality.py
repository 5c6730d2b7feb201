from __future__ import annotations

import pytest

from graphs.sources import Sources
from graphs.verification.quality import citation_quality
from graphs.verification.verify import verify

PRICE = "Veloce Tempo 3 costs $129 [1]."
PARKA = "The Fjell Parka is waterproof [2]."


def _quality(text: str, sources: Sources) -> tuple[float | None, float | None]:
    verified = verify(text, sources, "en")
    quality = citation_quality(verified.claims, verified.rejected, sources, "en")
    return quality.precision, quality.recall


@pytest.mark.parametrize(
    ("text", "precision", "recall"),
    [
        (f"{PRICE} {PARKA}", 1.0, 1.0),
        (f"{PRICE} It cures colds [2].", 0.5, 0.5),
        (f"{PRICE} The Fjell Parka is warm.", 1.0, 0.5),  # nothing cited: no citation to be wrong
        ("Veloce Tempo 3 costs $119 [1].", 0.0, 0.0),  # mended when shown, but written wrong
        ("Veloce Tempo 3 costs $129 and Norrland Fjell Parka costs $289 [1][2].", 1.0, 1.0),
        ("Sure! Would you like to compare them?", None, None),
    ],
)
def test_precision_and_recall(text: str, precision: float | None, recall: float | None, sources: Sources) -> None:
    assert _quality(text, sources) == (precision, recall)


def test_a_citation_that_adds_nothing_costs_precision(sources: Sources) -> None:
    idle = "A buyer of Veloce Tempo 3 says: “Runs half a size small” [3][1][4]."
    needed = idle.replace("[4]", "")
    assert _quality(needed, sources)[0] == 1.0
    verified = verify(idle, sources, "en")
    quality = citation_quality(verified.claims, verified.rejected, sources, "en")
    assert quality.precision is not None
    assert quality.precision < 1.0
