"""Lasting wishes."""

from __future__ import annotations

import pytest

from tools.preferences import SetPreference


@pytest.mark.parametrize(
    ("message", "name", "value"),
    [
        ("my budget is 80", "budget_limit", 80.0), ("my budget is $80", "budget_limit", 80.0),
        ("My budget is now 1,200 dollars", "budget_limit", 1200.0),
        ("set my budget to 150", "budget_limit", 150.0), ("raise my limit to $300", "budget_limit", 300.0),
        ("I have a budget of 80 dollars", "budget_limit", 80.0),
        ("never show me anything over $100", "budget_limit", 100.0), ("forget my budget", "budget_limit", None),
        ("remove my budget limit", "budget_limit", None), ("내 예산은 80달러야", "budget_limit", 80.0),
        ("제 예산은 80달러예요", "budget_limit", 80.0),
        ("예산 잊어줘", "budget_limit", None),
        ("never show me leather", "excluded_materials", ("leather",)),
        ("don't show me leather again", "excluded_materials", ("leather",)),
        ("I don't like leather", "excluded_materials", ("leather",)),
        ("I never wear wool", "excluded_materials", ("wool",)),
        ("I'm allergic to wool", "excluded_materials", ("wool",)),
        ("no more leather", "excluded_materials", ("leather",)),
        ("never show me leather or wool", "excluded_materials", ("leather", "wool")),
        ("가죽은 절대 보여주지 마", "excluded_materials", ("leather",)),
        ("가죽은 싫어요", "excluded_materials", ("leather",)),
        ("I don't want brand Tonhaus", "excluded_brands", ("tonhaus",)),
        ("never recommend Lyra", "excluded_brands", ("lyra",)),
        ("don't ever show me anything from Penny", "excluded_brands", ("penny",)),
        ("I hate Tonhaus", "excluded_brands", ("tonhaus",)),
        ("I don't want brand Zorg", "excluded_brands", ("zorg",)),
        ("Tonhaus 제품은 다시는 보여주지 마세요", "excluded_brands", ("tonhaus",)),
    ],
)  # fmt: skip
def test_a_lasting_wish(talk, message: str, name: str, value: object) -> None:  # type: ignore[no-untyped-def]
    call = talk().say(message).call
    assert call is not None
    change = "forget" if value is None else "set" if name == "budget_limit" else "add"
    expected = {"name": name, "change": change} | ({} if value is None else {"value": value})
    assert (call.tool, dict(call.arguments)) == ("set_preference", expected)
    SetPreference.model_validate(dict(call.arguments))


@pytest.mark.parametrize("message", ["show me leather again", "leather is fine again", "가죽도 다시 보여줘"])
def test_a_wish_taken_back(talk, message: str) -> None:  # type: ignore[no-untyped-def]
    call = talk().say(message).call
    assert call is not None
    assert dict(call.arguments) == {"name": "excluded_materials", "change": "remove", "value": ("leather",)}


@pytest.mark.parametrize(
    "message",
    ["my budget is 80 for headphones", "headphones, my budget is 80", "my budget is tight",
     "never show me the second one", "I don't like them",
     "I don't want to spend much", "my budget is 300 euros", "what is my budget?", "I hate shopping", "not leather",
     "headphones without leather"],
)  # fmt: skip
def test_what_is_no_lasting_wish(headphones, message: str) -> None:  # type: ignore[no-untyped-def]
    call = headphones.say(message).call
    assert call is None or call.tool != "set_preference"
