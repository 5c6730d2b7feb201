"""What turns come to as a trial: all of them count, and what one does not tell is not told of the whole."""

from __future__ import annotations

from typing import Any

import pytest
from langchain_core.messages import AIMessage

from app.evaluation.experiments.record import Fault
from app.evaluation.watched import Watch, trial_of
from graphs.models.prices import Prices
from graphs.models.watching import ModelRun
from graphs.observing import TurnRecord
from graphs.state import NodeRun, State, Update
from graphs.turn import Turn

PRICES = Prices.model_validate(
    {"as_of": "2026-01-02", "source": "test", "models": {"m": {"input": 1.0, "output": 2.0}}}
)
TURN = Turn("socks", "maya")


def asked(model: str = "m", counted: bool = True, provider: str = "openai", **more: Any) -> ModelRun:
    usage = {"input_tokens": 100, "output_tokens": 10, "total_tokens": 110} if counted else None
    reply = AIMessage("Here.", usage_metadata=usage)
    return ModelRun("generate", model, provider, [], 0, **{"first_ns": 5, "reply": reply, **more})


def turn(run_id: str, *models: ModelRun, took_ms: float = 5) -> TurnRecord:
    node = NodeRun("generate", 0, 1, State(), Update(), None, (), models)  # type: ignore[typeddict-item]
    return TurnRecord(run_id, "maya/main", TURN, "m", 0, int(took_ms * 1e6), [node])


def test_every_turn_counts() -> None:
    trial = trial_of([turn("1", asked(), took_ms=9), turn("2", asked(), asked()), turn("3")], PRICES)
    assert trial.passed
    assert trial.run_ids == ("1", "2", "3")
    assert trial.latency_ms == 9, "of the slowest"
    assert trial.total_tokens == 330
    assert trial.cost_usd == pytest.approx(3 * 120e-6)


@pytest.mark.parametrize(
    ("odd", "tokens", "cost"),
    [
        (asked(counted=False), None, None),
        (asked("unpriced"), 220, None),
        (asked(reply=None), None, None),
        (asked(reply=None, first_ns=None, error="RateLimitError: 429"), 110, 120e-6),
        (asked("composer", counted=False, provider="shelfwise"), 110, 120e-6),
    ],
)
def test_one_that_does_not_tell_leaves_the_sum_unknown(odd: ModelRun, tokens: int | None, cost: float | None) -> None:
    trial = trial_of([turn("1", asked()), turn("2", odd)], PRICES)
    assert trial.total_tokens == tokens
    assert trial.cost_usd == (None if cost is None else pytest.approx(cost))


def test_without_a_turn_nothing_is_known() -> None:
    fault = Fault(label="infrastructure", check="turn", detail="broke")
    trial = trial_of([], PRICES, [fault])
    assert (trial.passed, trial.faults) == (False, (fault,))
    assert (trial.latency_ms, trial.total_tokens, trial.cost_usd) == (None, None, None)


def test_a_watch_keeps_a_turn_once() -> None:
    watch = Watch()
    for record in (turn("1"), turn("2"), turn("1", asked())):
        watch.see(record)
    assert [record.run_id for record in watch.records] == ["1", "2"]
