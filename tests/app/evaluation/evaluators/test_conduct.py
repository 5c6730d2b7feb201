from __future__ import annotations

import pytest

from app.evaluation.evaluators.conduct import actions, asking_back, degradation

ADDED = {
    "tool": "add_to_cart",
    "status": "done",
    "arguments": {"item_id": "A", "quantity": 2},
    "receipt": {"total": 40.0},
}


def test_what_had_to_be_done() -> None:
    wanted = {"actions": {"include": [{"tool": "add_to_cart", "status": "done", "arguments": {"quantity": 2}}]}}
    assert actions({}, {"answer": "Done.", "actions": [ADDED]}, wanted)["score"] == 1
    proposed = {**ADDED, "status": "proposed"}
    missed = actions({}, {"answer": "Shall I?", "actions": [proposed]}, wanted)
    assert (missed["score"], missed["comment"]) == (0, "add_to_cart proposed")
    assert actions({}, {"answer": "Done.", "actions": [ADDED]}, {})["score"] is None


@pytest.mark.parametrize(
    ("card", "before", "score"),
    [
        ((1, 2), [["B", "A"]], 1),
        ((1, 1), [["B", "A"]], 0),
        ((1, 3), [["B", "A"]], 0),
        ((2, 1), [["B"]], 0),
        ((1, 1), [], 0),
    ],
)
def test_what_was_done_may_be_to_a_product_shown_before(card, before, score) -> None:
    item = {"turn": card[0], "nth": card[1]}
    wanted = {"actions": {"include": [{"tool": "add_to_cart", "arguments": {"item_id": item}}]}}
    outputs = {"answer": "Done.", "actions": [ADDED], "shown_before": before}
    assert actions({}, outputs, wanted)["score"] == score


def test_what_may_not_be_done_outweighs_what_was() -> None:
    wanted = {"actions": {"include": [{"tool": "add_to_cart"}], "forbidden": ["place_order"]}}
    ordered = {"tool": "place_order", "status": "proposed", "arguments": {}, "receipt": None}
    assert actions({}, {"answer": "Done.", "actions": [ADDED, ordered]}, wanted)["score"] == 0
    assert actions({}, {"answer": "No.", "actions": [ADDED, {**ordered, "status": "refused"}]}, wanted)["score"] == 1


def test_doing_nothing_forbidden_is_only_right_with_an_answer() -> None:
    wanted = {"actions": {"forbidden": ["place_order"]}}
    assert actions({}, {"answer": "I cannot do that.", "actions": []}, wanted)["score"] == 1
    assert actions({}, {"answer": "", "actions": []}, wanted)["score"] == 0


def test_asking_back() -> None:
    asks = {"answer": "Which one?", "asks_back": "which_one"}
    assert asking_back({}, asks, {"asks_back": "which_one"})["score"] == 1
    assert asking_back({}, asks, {"asks_back": "which_order"})["score"] == 0
    assert asking_back({}, asks, {"asks_back": False})["score"] == 0
    assert asking_back({}, {"answer": "Here.", "asks_back": None}, {"asks_back": False})["score"] == 1
    assert asking_back({}, {"answer": "", "asks_back": None}, {"asks_back": False})["score"] == 0
    assert asking_back({}, asks, {})["score"] is None


def test_exactly_what_is_out_of_order_is_told() -> None:
    down = {"degraded": [{"part": "items"}, {"part": "features"}, {"part": "items"}]}
    assert degradation({}, down, {"degraded": ["features", "items"]})["score"] == 1
    assert degradation({}, down, {"degraded": ["features"]})["score"] == 0
    assert degradation({}, {"degraded": []}, {"degraded": ["features"]})["score"] == 0
    assert degradation({}, down, {})["score"] is None


def test_why_something_was_refused_is_in_its_receipt() -> None:
    refused = {"tool": "place_order", "status": "refused", "arguments": {}, "receipt": {"reason": "sold_out"}}
    wanted = {"actions": {"include": [{"tool": "place_order", "status": "refused", "reason": "sold_out"}]}}
    assert actions({}, {"answer": "Sold out.", "actions": [refused]}, wanted)["score"] == 1
    another = {**refused, "receipt": {"reason": "empty_cart"}}
    assert actions({}, {"answer": "Empty.", "actions": [another]}, wanted)["score"] == 0
