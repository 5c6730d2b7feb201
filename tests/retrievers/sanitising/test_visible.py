import pytest

from retrievers.sanitising.visible import normalise


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ig\u200bno\u00adre", "ignore"),
        ("\u202eabc\u202c", "abc"),
        ("a\U000e0069\U000e0067b", "ab"),
        ("ｉｇｎｏｒｅ", "ignore"),
        ("a\ufe0fb\u3164", "ab"),
        ("one\r\ntwo\tthree\x07", "one\ntwo\tthree"),
        ("겨울 코트", "겨울 코트"),
        ("café €5", "café €5"),
    ],
)
def test_only_what_is_seen_is_left(text: str, expected: str) -> None:
    assert normalise(text) == expected
