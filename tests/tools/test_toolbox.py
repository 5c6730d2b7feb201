from __future__ import annotations

import asyncio

import pytest
from pydantic import BaseModel, ConfigDict, Field

from tools.records import Action, Outcome, Session, ToolCall
from tools.toolbox import Toolbox, told

SESSION = Session("mina", "thread-1", "turn-1")


class Greeting(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, description="Whom to greet.")
    times: int = 1


class Greet:
    """A tool that does as it is told, and counts."""

    name = "greet"
    description = "Greets somebody."
    arguments = Greeting

    def __init__(self, effect="read", failing: int = 0, error: Exception | None = None, slow: bool = False) -> None:
        self.effect, self.failing, self.error, self.slow, self.calls = effect, failing, error, slow, 0

    async def __call__(self, arguments: BaseModel, session: Session) -> Outcome:
        self.calls += 1
        if self.slow:
            await asyncio.Event().wait()
        if self.calls <= self.failing:
            if self.error:
                raise self.error
            return Outcome(Action("greet", {}, "failed", {"reason": "unavailable"}))
        return Outcome(Action("greet", arguments.model_dump(), "done", {"greeted": arguments.name}))


async def _call(tool: Greet, **arguments: object) -> Action:
    return (await Toolbox([tool], timeout_s=0.05).call(ToolCall("greet", arguments), SESSION)).action


async def test_a_call_is_carried_out_with_checked_arguments() -> None:
    action = await _call(Greet(), name="Noor")
    assert (action.status, action.receipt, action.arguments) == (
        "done",
        {"greeted": "Noor"},
        {"name": "Noor", "times": 1},
    )


@pytest.mark.parametrize(
    ("arguments", "fields"),
    [({}, ["name"]), ({"name": ""}, ["name"]), ({"name": "x", "colour": 1, "times": "many"}, ["times", "colour"])],
)
async def test_what_does_not_fit_is_refused_by_name(arguments, fields) -> None:
    tool = Greet()
    action = await _call(tool, **arguments)
    assert (action.status, action.receipt) == ("refused", {"reason": "invalid_arguments", "fields": fields})
    assert tool.calls == 0


async def test_an_unknown_tool_is_refused() -> None:
    outcome = await Toolbox().call(ToolCall("fly"), SESSION)
    assert (outcome.action.status, outcome.action.receipt) == ("refused", {"reason": "unknown_tool"})


@pytest.mark.parametrize("error", [None, RuntimeError("boom")])
async def test_a_read_is_tried_once_more_and_a_write_is_not(error) -> None:
    read, write = Greet(failing=1, error=error), Greet("write", failing=1, error=error)
    assert (await _call(read, name="Noor")).status == "done"
    assert (await _call(write, name="Noor")).status == "failed"
    assert (read.calls, write.calls) == (2, 1)


async def test_what_takes_too_long_has_failed() -> None:
    tool = Greet("write", slow=True)
    action = await _call(tool, name="Noor")
    assert (action.status, action.receipt) == ("failed", {"reason": "slow"})


async def test_without_a_store_nothing_waits() -> None:
    toolbox = Toolbox([Greet()])
    assert await toolbox.waiting(SESSION) == ()
    decided = await toolbox.decide("a-1", True, SESSION)
    assert (decided.action.status, decided.action.receipt) == ("refused", {"reason": "unknown_action"})


async def test_a_langchain_tool_tells_json_and_brings_the_outcome() -> None:
    (tool,) = Toolbox([Greet()]).as_langchain(SESSION)
    assert (tool.name, tool.description) == ("greet", "Greets somebody.")
    assert "Whom to greet." in str(tool.get_input_schema().model_json_schema())
    message = await tool.ainvoke({"type": "tool_call", "id": "1", "name": "greet", "args": {"name": "Noor"}})
    assert message.content == '{"status": "done", "receipt": {"greeted": "Noor"}}'
    assert message.artifact.action.status == "done"


def test_an_outcome_is_told_as_json() -> None:
    assert (
        told(Outcome(Action("x", {}, "refused", {"reason": "sold_out"})))
        == '{"status": "refused", "receipt": {"reason": "sold_out"}}'
    )
