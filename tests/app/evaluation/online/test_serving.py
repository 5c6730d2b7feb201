"""A shop that is told of an experiment answers each shopper as the arm has it; a measurement does not."""

from __future__ import annotations

import pytest

from app.evaluation.online.arms import read_experiment
from app.runtime import open_shop
from graphs.turn import Turn
from tests.support.opened_shop import unhurried
from tests.support.small_shop import LIMITED

BUDGET = "user_profile:budget_limit"
ARMS = f"""
name = "no budget"
control = "as ever"
[arms."as ever"]
weight = 0.000000001
[arms."no budget"]
without = ["{BUDGET}"]
"""


@pytest.mark.parametrize(("traced", "limited"), [(True, False), (False, True)])
async def test_answers_go_without_what_the_arm_goes_without(shop, tmp_path, traced, limited) -> None:
    (tmp_path / "arms.toml").write_text(ARMS)
    assert read_experiment(tmp_path / "arms.toml").arm_of(LIMITED) == "no budget"
    given = {"arms": tmp_path / "arms.toml", "traces": False}
    with open_shop(unhurried(shop.data).model_copy(update=given), traced=traced) as opened:
        final = await opened.ask_once(Turn("what should I buy?", LIMITED))
    told = {feature.name: feature.status for feature in final.features}
    assert (told[BUDGET] != "missing") is limited
    assert any(item.feature == BUDGET for item in final.filters.honoured) is limited
