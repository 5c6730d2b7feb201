from graphs.guardrails.leak import leaks, shares_words
from graphs.guardrails.policy import Policy


def test_words_in_a_row_count_whatever_stands_between_them() -> None:
    assert shares_words("One, two... THREE", "zero one two three four", 3)
    assert not shares_words("one two and three", "zero one two three four", 3)


def test_a_mark_in_other_letters_is_still_one(policy: Policy) -> None:
    assert leaks("ｐｒｏｍｐｔ-0123456789abcdef", "", policy)
    assert not leaks("evidence-based design, prompt-delivery", "", policy)
