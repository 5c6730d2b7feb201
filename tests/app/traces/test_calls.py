"""Runs below a node: what is told of tools and models, and when there is no price."""

from __future__ import annotations

import pytest
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage

from app.traces.calls import Detail, calls_of, usage_of
from graphs.models.prices import Prices
from graphs.models.watching import ModelRun
from tools.records import Action, Outcome, ToolCall, ToolRun

PRICES = Prices.model_validate(
    {"as_of": "2026-01-02", "source": "test", "models": {"m": {"input": 1.0, "output": 2.0}}}
)


def _asked(model: str = "m", counted: bool = True, **fields) -> ModelRun:
    usage = {"input_tokens": 100, "output_tokens": 10, "total_tokens": 110} if counted else None
    reply = AIMessage("It is warm.", usage_metadata=usage, response_metadata={"finish_reason": "stop"})
    messages = [SystemMessage("Be kind."), HumanMessage("Is it warm?")]
    return ModelRun("generate", model, "openai", messages, 2_000, 500, **({"first_ns": 2_100, "reply": reply} | fields))


def test_money_is_told_only_when_every_request_has_a_price():
    priced = usage_of([_asked(), _asked()], PRICES)
    assert priced["total_tokens"] == 220
    assert priced["input_cost"] == pytest.approx(2e-4)
    assert priced["total_cost"] == pytest.approx(2.4e-4)
    assert "total_cost" not in usage_of([_asked(), _asked("unknown")], PRICES)
    assert "total_cost" not in usage_of([_asked(), _asked(counted=False)], PRICES)
    assert usage_of([_asked(counted=False)], PRICES) == {}
    assert usage_of([], PRICES) == {}


def test_a_request_that_failed_at_once_costs_nothing_and_one_cut_short_has_no_price():
    refused = _asked(reply=None, first_ns=None, error="RateLimitError: 429")
    cut = _asked(reply=None, error="ReadError: gone")
    assert "total_cost" in usage_of([_asked(), refused], PRICES)
    assert "total_cost" not in usage_of([_asked(), cut], PRICES)


def test_texts_are_told_only_on_demand():
    (quiet,) = calls_of((), [_asked()], Detail(PRICES))
    assert quiet.inputs.keys() == {"prompt_sha256", "messages"}
    assert quiet.inputs["messages"] == 2
    assert "warm" not in str(quiet)
    (told,) = calls_of((), [_asked()], Detail(PRICES, texts=True))
    assert told.inputs["messages"][1] == {"role": "human", "content": "Is it warm?"}
    assert told.outputs["text"] == "It is warm."


def test_tools_stand_between_models_in_the_order_they_began():
    call = ToolCall("look", {"word": "coat"})
    done = ToolRun(call, 1_000, 5, 1, Outcome(Action("look", call.arguments, "done", {"rows": 3})))
    failed = ToolRun(call, 3_000, 5, 2, Outcome(Action("look", {}, "failed", {"reason": "slow"})))
    stopped = ToolRun(call, 4_000, 5, 1)
    calls = calls_of([done, failed, stopped], [_asked()], Detail(PRICES))
    assert [each.run_type for each in calls] == ["tool", "llm", "tool", "tool"]
    assert calls[0].outputs == {"status": "done", "receipt": {"rows": 3}}
    assert (calls[2].error, calls[2].metadata) == ("slow", {"attempts": 2})
    assert (calls[3].error, calls[3].outputs) == ("stopped before its answer", {})
