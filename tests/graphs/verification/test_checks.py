"""Each row would pass without the check it names."""

from __future__ import annotations

from dataclasses import replace

import pytest

from graphs.sources import Sources
from graphs.turn import Lang
from graphs.verification.checks import CHECKS
from graphs.verification.examine import examine

SUPPORTED = [
    ("en", "Veloce Tempo 3 Running Shoe costs $129.00 and is rated 4.6 stars [1]."),
    ("en", "I would look at Veloce Tempo 3 Running Shoe first: from Running, your favourite category [1][F1]."),
    ("en", "The Veloce Tempo 3 weighs 241 g and has a 9 mm drop [1]."),
    ("en", "The Veloce Tempo 3 weighs 0.241 kg [1]."),
    ("en", "The Veloce Tempo 3 is not waterproof [1]."),
    ("en", "The Fjell Parka is waterproof and filled with goose down [2]."),
    ("en", "The Fjell Parka is out of stock [2]."),
    ("en", "Only 4 left in stock of the Veloce Tempo 3 [1]."),
    ("en", "It stays under $200 [1]."),
    ("en", "It is within your $500 budget [1][F4]."),
    ("en", "Veloce Tempo 3 costs $129 and Norrland Fjell Parka costs $289 [1][2]."),
    ("en", "The Veloce Tempo 3 is cheaper than the Norrland Fjell Parka [1][2]."),
    ("en", "It costs $129, within the $200 you set, and you browsed winter coats for 20 minutes [1][F3]."),
    ("en", "A buyer of Veloce Tempo 3 says: “I ran a marathon in these and my feet were fine” [3][1]."),
    ("en", "A review says: “my feet were fine.” [3]."),
    ("en", "You spend over $49 and shipping is free on orders [6]."),
    ("en", "The Hush Non-Slip Silent Kettle is not silent, with colour display: black [7]."),
    ("en", "The Hush Non-Slip Silent Kettle has a Non-Electric base [7]."),
    ("en", "The Hush Non-Slip Silent Kettle keeps −5 °C [7]."),
    ("en", "Stale Lamp: price to be confirmed [5]."),
    ("en", "You can return unworn items within 30 days of delivery [4]."),
    ("en", "Refunds are paid within 5 business days [4]."),
    ("en", "Shipping is free on orders over $49 [4]."),
    ("en", "A review says: “Runs half a size small.” [3]."),
    ("en", "You have been looking at winter coats for 20 minutes [F3]."),
    ("en", "You usually spend about $85 [F2]."),
    ("en", "You usually spend $84.60 [F2]."),
    ("en", "You bought 7 days ago [F6]."),
    ("en", "The Fjell Parka is not by Acme, as you prefer [2][F5]."),
    ("ko", "Winter coats 상품을 20분 동안 둘러보셨습니다 [F3]."),
    ("ko", "Veloce Tempo 3 Running Shoe – 가격 $129.00, 평점 4.6 [1]."),
    ("ko", "Norrland Fjell Parka는 방수 제품입니다 [2]."),
    ("ko", "Norrland Fjell Parka는 품절입니다 [2]."),
    ("ko", "예산 한도는 $500.00입니다 [F4]."),
    ("ko", "Veloce Tempo 3 Running Shoe, 무게 241 g, waterproof 없는 상품입니다 [1]."),
    ("ko", "Veloce Tempo 3 Running Shoe, 방수 아닌 상품입니다 [1]."),
]

REFUSED = [
    ("marker_exists", "en", "The Fjell Parka is waterproof.", "unsupported"),
    ("marker_exists", "en", "The Fjell Parka is waterproof [9].", "unsupported"),
    ("marker_exists", "en", "The Fjell Parka is waterproof [2][F9].", "unsupported"),
    ("attributed", "en", "These run half a size small [3].", "unsupported"),
    ("attributed", "en", "The Veloce Tempo 3 runs half a size small [1][3].", "unsupported"),
    ("attributed", "ko", "“Runs half a size small.” [3].", "unsupported"),
    ("marker_exists", "en", "The Veloce Tempo 3 is for you since you usually bought mesh [1].", "unsupported"),
    ("marker_exists", "en", "You usually spend over $49 and shipping is free on orders [6].", "unsupported"),
    ("marker_exists", "en", "You spend over $49 [3].", "unsupported"),
    ("marker_exists", "ko", "Norrland Fjell Parka는 최근에 둘러보신 상품입니다 [2].", "unsupported"),
    ("span_exists", "en", "You get unlimited coupons [4].", "unsupported"),
    ("span_exists", "en", "The Fjell Parka is waterproof [2][4].", "unsupported"),
    ("span_supports", "en", "This shoe cures knee pain [1].", "unsupported"),
    ("span_supports", "en", "The Fjell Parka is a waterproof down parka with heated pockets [2].", "uncertain"),
    ("span_supports", "en", "Norrland Fjell Parka costs $129 [1].", "unsupported"),
    ("span_supports", "en", "You have been looking at hiking boots [F3].", "contradicted"),
    ("span_supports", "en", "Your favourite category is Winter coats [F1].", "contradicted"),
    ("span_supports", "ko", "Veloce Tempo 3은 무릎 통증을 치료합니다 [1].", "unsupported"),
    ("figures_match", "en", "Veloce Tempo 3 costs $119 [1].", "contradicted"),
    ("figures_match", "en", "Veloce Tempo 3 costs €129 [1].", "contradicted"),
    ("figures_match", "en", "Stale Lamp costs $40 [5].", "unsupported"),
    ("figures_match", "en", "Veloce Tempo 3 is rated 4.9 stars [1].", "contradicted"),
    ("figures_match", "en", "Veloce Tempo 3 is rated 5 stars [1].", "contradicted"),
    ("figures_match", "en", "Veloce Tempo 3 is rated 4.58 stars [1].", "contradicted"),
    ("figures_match", "en", "Veloce Tempo 3 is rated over 4.6 stars [1].", "contradicted"),
    ("figures_match", "en", "Veloce Tempo 3 has 500 reviews [1].", "contradicted"),
    ("figures_match", "en", "You usually spend 20 dollars on winter coats [F3].", "unsupported"),
    ("figures_match", "en", "The Hush Non-Slip Silent Kettle is electric [7].", "contradicted"),
    ("figures_match", "en", "The Hush Non-Slip Silent Kettle has colour [7].", "contradicted"),
    ("figures_match", "en", "The Hush Non-Slip Silent Kettle keeps 5 °C [7].", "unsupported"),
    ("figures_match", "en", "The Veloce Tempo 3 weighs 300 g [1].", "contradicted"),
    ("figures_match", "en", "The Veloce Tempo 3 has a 12 mm drop [1].", "unsupported"),
    ("figures_match", "en", "The Veloce Tempo 3 is waterproof [1].", "contradicted"),
    ("figures_match", "en", "The Fjell Parka is not waterproof [2].", "contradicted"),
    ("figures_match", "en", "The Fjell Parka is in stock [2].", "contradicted"),
    ("figures_match", "en", "Only 2 left in stock of the Veloce Tempo 3 [1].", "contradicted"),
    ("figures_match", "en", "It stays under $100 [1].", "contradicted"),
    ("figures_match", "en", "It is within your $400 budget [1][F4].", "contradicted"),
    ("figures_match", "en", "Veloce Tempo 3 costs $289 and Norrland Fjell Parka costs $129 [1][2].", "contradicted"),
    ("figures_match", "en", "Both cost $129 [1][2].", "contradicted"),
    ("figures_match", "en", "The Norrland Fjell Parka is cheaper than the Veloce Tempo 3 [1][2].", "contradicted"),
    ("figures_match", "en", "Paid $80 though [3].", "unsupported"),
    ("span_supports", "en", "You can return unworn items within 60 days of delivery [4].", "unsupported"),
    ("span_supports", "en", "Unworn items can be returned to Garmin within 30 days of delivery [4].", "unsupported"),
    ("figures_match", "en", "You have been looking at running shoes for 20 minutes [F3].", "contradicted"),
    ("figures_match", "en", "You usually spend $95 [F2].", "contradicted"),
    ("figures_match", "ko", "Winter coats 상품을 30분 동안 둘러보셨습니다 [F3].", "contradicted"),
    ("figures_match", "ko", "Veloce Tempo 3 Running Shoe – 가격 $139.00 [1].", "contradicted"),
    ("figures_match", "ko", "Norrland Fjell Parka는 재고가 있습니다 [2].", "contradicted"),
    ("figures_match", "ko", "Veloce Tempo 3 Running Shoe는 방수입니다 [1].", "contradicted"),
]


@pytest.mark.parametrize(("lang", "sentence"), SUPPORTED)
def test_what_the_sources_say_is_supported(lang: Lang, sentence: str, sources: Sources) -> None:
    claim = examine(sentence, sources, lang)
    assert claim.verdict == "supported", claim.checks
    assert [check.name for check in claim.checks] == [*CHECKS]


@pytest.mark.parametrize(("check", "lang", "sentence", "verdict"), REFUSED)
def test_each_check_refuses_what_it_is_for(
    check: str, lang: Lang, sentence: str, verdict: str, sources: Sources
) -> None:
    claim = examine(sentence, sources, lang)
    assert (claim.checks[-1].name, claim.verdict) == (check, verdict), claim.checks
    assert not claim.checks[-1].passed
    assert claim.checks[-1].detail
    assert all(earlier.passed for earlier in claim.checks[:-1])


def test_without_a_live_row_the_rating_is_the_catalogues_and_the_price_is_unknown(sources: Sources) -> None:
    down = replace(sources, items={})
    assert examine("Veloce Tempo 3 is rated 4.9 stars [1].", down, "en").verdict == "supported"
    assert examine("Veloce Tempo 3 costs $119 [1].", down, "en").verdict == "unsupported"
    assert examine("Veloce Tempo 3 is in stock [1].", down, "en").verdict == "unsupported"


def test_an_empty_source_has_no_span(sources: Sources) -> None:
    hollow = replace(sources.evidence["2"], text="")
    emptied = replace(sources, evidence={**sources.evidence, "2": hollow})
    claim = examine("The Fjell Parka is waterproof [2].", emptied, "en")
    assert claim.checks[-1].name == "span_exists"
