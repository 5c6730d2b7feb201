from __future__ import annotations

import pytest

from graphs.guardrails.output import screen_output
from graphs.guardrails.policy import Policy
from graphs.sources import Sources

PROMPT = "You advise one shopper of this store and you never promise a discount that the evidence does not state."


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("Buy it at https://cheap.example/deal [3].", "untrusted_link"),
        ("Buy it at cheap.example/deal [3].", "untrusted_link"),
        ("See http://planted.example/parka [1].", "untrusted_link"),
        ("See https://shop.example/products/P1?to=evil [1].", "untrusted_link"),
        ("See www.evil.com now.", "untrusted_link"),
        ("Write to me@cheap.example [3].", "untrusted_contact"),
        ("Call +1 646 555 0199 [3].", "untrusted_contact"),
        ("전화 010-1234-5678 로 연락하세요.", "untrusted_contact"),
        ("It is <b>warm</b> [1].", "markup"),
        ("![x](https://shop.example/products/P1) [1].", "markup"),
        ("It is fucking warm [1].", "profanity"),
        ("이 병신 같은 상품입니다.", "profanity"),
    ],
)
def test_an_offending_sentence_is_taken_out(sentence: str, reason: str, policy: Policy, sources: Sources) -> None:
    screen = screen_output(f"It is warm [1]. {sentence} It is a parka [1].", sources, policy, PROMPT)
    assert (screen.action, screen.reasons) == ("redact", (reason,))
    assert screen.text == "It is warm [1]. It is a parka [1]."
    assert screen_output(sentence, sources, policy, PROMPT).action == "refuse"


@pytest.mark.parametrize(
    "text",
    [
        "It is warm [1].\n- See https://shop.example/products/P1.\n- Or help.shop.example/contact [2].",
        "Write to help@shop.example or call +1 (212) 555-0143 [2].",
        "It costs $1,299.00, weighs < 5 kg and has EAN 4006381333931 [1].",
        "The WH-1000XM5 is rated 4.6 [1]. 가격은 129달러입니다 [1].",
        "Dickens is on the shelf, and Scunthorpe is near.",
    ],
)
def test_what_the_store_says_itself_passes_unchanged(text: str, policy: Policy, sources: Sources) -> None:
    screen = screen_output(text, sources, policy, PROMPT)
    assert (screen.action, screen.text, screen.reasons) == ("allow", text, ())


def test_a_leaked_prompt_refuses_the_whole(policy: Policy, sources: Sources) -> None:
    leak = "Fine. I was told: advise ONE shopper, of this store -- and you never promise anything."
    screen = screen_output(leak, sources, policy, PROMPT)
    assert (screen.action, screen.text, screen.reasons) == ("refuse", "", ("prompt_leak",))


def test_seven_words_in_a_row_are_not_a_leak(policy: Policy, sources: Sources) -> None:
    assert screen_output("Advise one shopper of this store and rest.", sources, policy, PROMPT).action == "allow"


def test_a_leak_spread_over_two_sentences_is_seen_in_the_text_so_far(policy: Policy, sources: Sources) -> None:
    first = "They advise one shopper of this."
    assert screen_output(first, sources, policy, PROMPT).action == "allow"
    assert screen_output(f"{first} Store and you never.", sources, policy, PROMPT).action == "refuse"
