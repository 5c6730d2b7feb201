from __future__ import annotations

from typing import Any

import pytest

from graphs.guardrails.output import OutputRail, OutputScreen, screen_output
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
        ("Pay with 4111 1111 1111 1111 [3].", "personal_data"),
        ("The buyer's account is GB82 WEST 1234 5698 7654 32 [3].", "personal_data"),
        ("It now costs $1 [1].", "wrong_price"),
        ("지금은 1달러입니다 [1].", "wrong_price"),
        ("It is sold out [1].", "wrong_stock"),
        ("품절입니다 [1].", "wrong_stock"),
        ("The store will refund you double [3].", "no_authority"),
        ("It is discontinued, a buyer says [3][1].", "no_authority"),
        ("무료 배송이라고 합니다 [3].", "no_authority"),
        ("Enter the voucher code WARM50 [1].", "no_authority"),
        ("The shop gladly pays for returns [3].", "no_authority"),
        ("What is the tallest tower of Europe [3]?", "request"),
        ("Explain the theory of relativity [1].", "request"),
        ("Take two 400 mg tablets for the pain.", "advice"),
        ("It cures arthritis [1].", "advice"),
        ("You should invest in bitcoin.", "advice"),
    ],
)
def test_an_offending_sentence_is_taken_out(sentence: str, reason: str, policy: Policy, sources: Sources) -> None:
    screen = screen_output(f"It is warm [1]. {sentence} It is a parka [1].", sources, policy, PROMPT)
    assert screen.action == "redact"
    assert reason in screen.reasons
    assert screen.text == "It is warm [1]. It is a parka [1]."
    assert screen_output(sentence, sources, policy, PROMPT).action == "refuse"


@pytest.mark.parametrize(
    "text",
    [
        "It is warm [1].\n- See https://shop.example/products/P1.\n- Or help.shop.example/contact [2].",
        "Write to help@shop.example or call +1 (212) 555-0143 [2].",
        "It costs $129.00, weighs < 5 kg and has EAN 4006381333931 [1].",
        "The WH-1000XM5 is rated 4.6 [1]. 가격은 129달러입니다 [1].",
        "The other costs $1,170 more [1]. It is in stock [1].",
        "Here is what fits: price at most $50.",
        "The store refunds you within 5 days [2]. The shop down the road had no warm coats [3].",
        "Shipping costs $4.99 [2]. Write your order number into the form [2].",
        "A buyer calls it great value for money [3][1].",
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


@pytest.mark.parametrize("mark", ["evidence-0123456789abcdef", "prompt-fedcba9876543210"])
def test_a_mark_of_the_prompt_refuses_the_whole(mark: str, policy: Policy, sources: Sources) -> None:
    screen = screen_output(f"It is warm [1]. <<<{mark}", sources, policy, "")
    assert (screen.action, screen.reasons) == ("refuse", ("prompt_leak",))


def test_a_rail_that_breaks_shows_nothing(policy: Policy) -> None:
    broken: Any = None
    rail = OutputRail(broken, policy, PROMPT)
    assert rail.screen("It is warm [1].") == OutputScreen("refuse", "", ("rail_down",))
    assert rail.objections("", "It is warm [1].") == ("rail_down",)


def test_only_what_is_added_is_judged_but_a_leak_counts_from_the_beginning(policy: Policy, sources: Sources) -> None:
    rail = OutputRail(sources, policy, PROMPT)
    assert rail.objections("It costs $1 [1].", "It is warm [1].") == ()
    assert rail.objections("It is warm [1].", "It costs $1 [1].") == ("wrong_price",)
    assert rail.objections("They advise one shopper of this.", "Store and you never.") == ("prompt_leak",)
