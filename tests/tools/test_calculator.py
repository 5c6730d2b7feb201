from __future__ import annotations

import pytest

from tools.calculator import Calculate, CalculateTool
from tools.records import Session

SESSION = Session("mina", "thread-1", "turn-1")


@pytest.mark.parametrize(
    ("expression", "result"),
    [("0.1 + 0.2", 0.3), ("302.63 - 285.66", 16.97), ("(12.30 + 4) * 2", 32.6), ("-3 * -(2)", 6.0), ("1 / 4", 0.25)],
)
async def test_sums_are_exact(expression, result):
    told = (await CalculateTool()(Calculate(expression=expression), SESSION)).action

    assert (told.status, told.receipt) == ("done", {"result": result})


@pytest.mark.parametrize(
    "expression",
    ["1 / 0", "2 ** 99999", "__import__('os')", "a + 1", "1 +", "(" * 400, "True + 1", "1e999999 * 1e999999"],
)
async def test_what_is_no_sum_is_refused(expression):
    told = (await CalculateTool()(Calculate(expression=expression), SESSION)).action

    assert (told.status, told.receipt) == ("refused", {"reason": "invalid_arguments", "fields": ["expression"]})
