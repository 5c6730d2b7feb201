from __future__ import annotations

from datetime import date

import pytest
from langchain_community.callbacks.openai_info import MODEL_COST_PER_1K_TOKENS

from graphs.models.prices import Cost, Prices, PricesError

TABLE = """
as_of = 2026-01-02
source = "the contract"
[models]
own = { input = 1.0, cached = 0.25, output = 4.0 }
plain = { input = 2, output = 3 }
"""


@pytest.fixture
def prices(tmp_path) -> Prices:
    (tmp_path / "prices.toml").write_text(TABLE)
    return Prices.load(tmp_path / "prices.toml")


def _usage(into: int, out: int, cached: int = 0):
    details = {"input_token_details": {"cache_read": cached}} if cached else {}
    return {"input_tokens": into, "output_tokens": out, "total_tokens": into + out, **details}


def test_tokens_cost_what_the_table_says(prices):
    assert prices.as_of == date(2026, 1, 2)
    assert prices.cost("own", _usage(1_000_000, 500_000)) == Cost(1.0, 2.0)
    assert prices.cost("own", _usage(1_000_000, 0, cached=800_000)) == Cost(pytest.approx(0.2 + 0.2), 0.0)
    assert prices.cost("plain", _usage(1_000_000, 0, cached=800_000)).total == 2.0


def test_a_dated_version_costs_what_its_model_does(prices):
    assert prices.price("own-2025-08-07") == prices.price("own")
    assert Prices.load().price("gpt-4o-2024-05-13").input == 5.0
    assert Prices.load().price("gpt-4o-2024-11-20").input == 2.5


def test_what_is_not_in_the_table_has_no_price(prices):
    assert prices.cost("own-mini", _usage(5, 5)) is None
    assert prices.cost("gpt-4o-mini", _usage(5, 5)) is None


def test_shipped_prices_are_those_of_their_source():
    shipped = Prices.load()
    assert len(shipped.models) > 5
    for name, price in shipped.models.items():
        assert price.input == pytest.approx(MODEL_COST_PER_1K_TOKENS[name] * 1000)
        assert price.output == pytest.approx(MODEL_COST_PER_1K_TOKENS[f"{name}-completion"] * 1000)
        cached = MODEL_COST_PER_1K_TOKENS.get(f"{name}-cached")
        assert price.cached == (None if cached is None else pytest.approx(cached * 1000))


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("as_of = ", "cannot be read"),
        (TABLE.replace("input = 2", "input = -2"), "models.plain.input"),
        (TABLE.replace("input = 2", "inptu = 2"), "models.plain.input"),
        (TABLE.replace('source = "the contract"', ""), "source"),
    ],
)
def test_a_malformed_table_says_where(tmp_path, table, said):
    (tmp_path / "p.toml").write_text(table)
    with pytest.raises(PricesError, match=said) as caught:
        Prices.load(tmp_path / "p.toml")
    assert "\n" not in str(caught.value)
    with pytest.raises(PricesError, match=r"missing\.toml"):
        Prices.load(tmp_path / "missing.toml")
