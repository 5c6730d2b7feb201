import random

import pytest

from graphs.verification.sentences import SentenceBuffer, split

TEXTS = [
    "The Foo X1 costs $129.00 [1]. It has 4.5 stars. [1][F1] Great value e.g. for runners. Is it good? Yes!",
    "가격은 129달러입니다 [1]. 재고가 있습니다.[2] 좋은 선택이에요!\n- 첫째 [1]\n- 둘째 [2]\n\n  끝",
    "Here:\n- A costs $5\n[1]\n- B costs $6. [2]\n\nBye... It is ok.  ",
    "Sold by Acme Inc. in the U.S. today. Foo [1, 2] and [3]. End [1",
    "  [1] starts it. A. B. C [",
    "",
]


def _pieces(text: str, sizes: random.Random | None) -> list[str]:
    buffer, pieces, position = SentenceBuffer(), [], 0
    while position < len(text):
        size = sizes.randint(1, 7) if sizes else len(text)
        pieces += buffer.feed(text[position : position + size])
        position += size
    return [*pieces, *buffer.flush()]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("seed", range(20))
def test_any_chunking_gives_the_same_sentences_and_loses_nothing(text: str, seed: int) -> None:
    pieces = _pieces(text, random.Random(seed))
    assert "".join(pieces) == text
    assert pieces == _pieces(text, None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It costs $4.50 [1]. Buy it!", ["It costs $4.50 [1].", "Buy it!"]),
        ("It is warm. [1] [F2] It is light.[2] Ok.", ["It is warm. [1] [F2]", "It is light.[2]", "Ok."]),
        ("- one [1]\n- two [2]", ["- one [1]", "- two [2]"]),
        ("Shoes, e.g. trainers, fit.", ["Shoes, e.g. trainers, fit."]),
        ("따뜻합니다 [1]. 가볍습니다. [2] 추천해요!", ["따뜻합니다 [1].", "가볍습니다. [2]", "추천해요!"]),
        ("1. First. Then more.", ["1. First.", "Then more."]),
    ],
)
def test_markers_stay_with_the_sentence_before_them(text: str, expected: list[str]) -> None:
    assert [sentence.text for sentence in split(text)] == expected


@pytest.mark.parametrize("text", TEXTS)
def test_offsets_locate_each_sentence(text: str) -> None:
    assert all(text[sentence.start : sentence.end] == sentence.text for sentence in split(text))


def test_a_sentence_waits_for_its_trailing_marker() -> None:
    buffer = SentenceBuffer()
    assert buffer.feed("It is warm. ") == []
    assert buffer.feed("[1") == []
    assert buffer.feed("] Next") == []
    assert buffer.feed(" one") == ["It is warm. [1]"]
    assert buffer.flush() == [" Next one"]
