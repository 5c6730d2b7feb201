from __future__ import annotations

from dataclasses import replace

import pytest
from scipy import stats

from app.evaluation.online.arms import FEATURES_FILE, Arm, OnlineExperiment, read_experiment, unit_hash
from app.evaluation.online.uplift import SRM_ALPHA, mismatch
from app.evaluation.rows import EvaluationError
from graphs.turn import Changes, DealtArm, Turn
from retrievers.features.descriptions import retail_descriptions

SHOPPERS = [f"shopper-{number}" for number in range(4_000)]
BUDGET = "user_profile:budget_limit"


def _experiment(name: str = "e", **weights: float) -> OnlineExperiment:
    arms = {arm: Arm(weight=weight) for arm, weight in (weights or {"a": 1, "b": 1}).items()}
    return OnlineExperiment(name=name, control=next(iter(arms)), arms=arms)


def test_hashes_are_uniform_and_never_change():
    assert unit_hash("key", "maya") == pytest.approx(0.143305, abs=5e-7)
    places = [unit_hash("key", shopper) for shopper in SHOPPERS]
    assert stats.kstest(places, "uniform").pvalue > 0.01


def test_a_shopper_stays_in_an_arm_and_experiments_deal_anew():
    one, other = _experiment("one"), _experiment("other")
    dealt = [(one.arm_of(shopper), other.arm_of(shopper)) for shopper in SHOPPERS]
    assert [one.arm_of(shopper) for shopper in SHOPPERS] == [arm for arm, _ in dealt]
    table = [[dealt.count((x, y)) for y in "ab"] for x in "ab"]
    assert stats.chi2_contingency(table).pvalue > 0.01


def test_weights_are_kept_and_a_shifted_sample_is_found():
    experiment = _experiment(a=1, b=1, c=2)
    weights = {name: arm.weight for name, arm in experiment.arms.items()}
    arms = [experiment.arm_of(shopper) for shopper in SHOPPERS]
    counts = {name: arms.count(name) for name in weights}
    assert mismatch(counts, weights) > 0.01
    assert mismatch({**counts, "c": counts["c"] - 400}, weights) < SRM_ALPHA


def test_the_shipped_experiment_leaves_out_features_a_turn_can_do_without():
    experiment = read_experiment(FEATURES_FILE)
    assert experiment.arms[experiment.control].changes == Changes()
    assert BUDGET in experiment.arms["without-budget"].changes.without
    known = {name for name, each in retail_descriptions().items() if each.entity == "user"}
    assert experiment.arms["without-anything"].without == known


def test_a_turn_is_dealt_by_its_shopper_and_keeps_what_it_went_without():
    arms = {"a": Arm(weight=1e-9), "b": Arm(without=frozenset({BUDGET}))}
    experiment = OnlineExperiment(name="e", control="a", arms=arms)
    asked = Turn("coat", "maya", changes=Changes(frozenset({"price"}), {"x": 1}))
    assert experiment.deal(asked).changes == Changes(frozenset({"price", BUDGET}), {"x": 1})
    assert experiment.deal(asked).arm == DealtArm("e", "b")
    assert replace(experiment.deal(asked), changes=asked.changes, arm=None) == asked


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name = ", "not TOML"),
        ('name = "x"\ncontrol = "c"\n[arms.a]\n[arms.b]', "the control 'c' is none of the arms"),
        ('name = "x"\ncontrol = "a"\n[arms.a]', "arms: "),
        ('name = "x"\ncontrol = "a"\n[arms.a]\n[arms.b]\nwithout = ["budget"]', "no shopper has a feature 'budget'"),
        ('name = "x"\ncontrol = "a"\n[arms.a]\n[arms.b]\nweight = 0', "arms.b.weight"),
    ],
)
def test_a_file_that_is_no_experiment_is_one_line(tmp_path, text, said):
    (tmp_path / "arms.toml").write_text(text)
    with pytest.raises(EvaluationError) as caught:
        read_experiment(tmp_path / "arms.toml")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
