from __future__ import annotations

import pytest

from app.evaluation.evaluators.spent import cost, latency
from graphs.models.prices import Prices

PRICES = Prices.model_validate({"as_of": "2026-11-01", "source": "here", "models": {"tiny": {"input": 2, "output": 8}}})


def test_milliseconds_of_the_turn() -> None:
    assert latency({}, {"latency_ms": 12.5}, {})["score"] == 12.5
    assert latency({}, {}, {})["score"] is None


def test_dollars_by_the_table_however_few() -> None:
    usage = {"tiny": {"input_tokens": 100, "output_tokens": 10, "total_tokens": 110}}
    assert cost(PRICES)({}, {"usage": usage}, {})["score"] == pytest.approx((100 * 2 + 10 * 8) / 1_000_000)
    assert cost(PRICES)({}, {"usage": {}}, {})["score"] == 0


def test_an_unknown_price_is_no_price_of_nothing() -> None:
    usage = {"nobody-knows": {"input_tokens": 100, "output_tokens": 10, "total_tokens": 110}}
    result = cost(PRICES)({}, {"usage": usage}, {})
    assert (result["score"], result["comment"]) == (None, "no price for nobody-knows")
    assert cost(PRICES)({}, {}, {})["score"] is None
