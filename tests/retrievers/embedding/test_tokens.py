from concurrent.futures import ThreadPoolExecutor

import pytest

from retrievers.embedding.tokens import stem, tokens


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Running Shoes of the runners", ["run", "shoe", "runner"]),
        ("HP dv7-1211ea", ["hp", "dv71211ea", "dv7", "1211ea"]),
        ("wi-fi WiFi", ["wifi", "wi", "fi", "wifi"]),
        ("4,000 mAh and 2.4 GHz", ["4000", "mah", "2.4", "ghz"]),
        ("Intel® Core™2 Duo", ["intel", "core", "2", "duo"]),
        ("Ｆｕｌｌｗｉｄｔｈ １０㎏", ["fullwidth", "10kg"]),
        ("무선마우스", ["무선", "선마", "마우", "우스"]),
        ("A4용지 팩", ["a4", "용지", "팩"]),
        ("not without", ["not", "without"]),
        ("men’s coat", ["men", "coat"]),
        ("12-day", ["12day", "12", "day"]),
        ("", []),
        ("—?!_", []),
    ],
)
def test_tokens_of(text, expected):
    assert tokens(text) == expected


def test_plural_and_singular_meet():
    assert tokens("printers")[0] == tokens("Printer")[0]


def test_stemming_is_safe_on_many_threads():
    words = [
        f"{prefix}{suffix}" for prefix in ("print", "run", "walk", "charg", "hik") for suffix in ("ing", "ers", "ed")
    ]
    alone = {word: stem(word) for word in words}
    for _ in range(20):
        stem.cache_clear()
        with ThreadPoolExecutor(8) as pool:
            assert dict(zip(words * 8, pool.map(stem, words * 8), strict=True)) == alone
