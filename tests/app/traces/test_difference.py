"""What differs between two turns, told part by part."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

import pytest

from app.traces.difference import Change, Sentence, Timing, difference
from app.traces.run import RunUpload
from app.traces.stored_turn import StoredTurn, stored_turn

START = datetime(2026, 11, 3, 12, tzinfo=UTC)
BUDGET = {"name": "user_profile:budget_limit", "value": 500.0, "status": "online"}
LIMIT = {"field": "price", "op": "lte", "value": 500.0, "origin": "declared", "reason": "the limit you set"}
COAT, TENT = (
    {"title": title, "price": price, "currency": "USD", "why": []} for title, price in [("Coat", 9.5), ("Tent", 80)]
)


@pytest.fixture
def turn(store):
    """Writes a turn down and reads it back; the nodes' outputs are given by name."""

    def written(
        number: int, answer: str = "A coat [1].", took_s: float = 1.0, *, products=(COAT,), **nodes
    ) -> StoredTurn:
        trace = UUID(int=number)
        runs = [
            RunUpload(
                id=trace,
                name="turn",
                start_time=START,
                end_time=START + timedelta(seconds=took_s),
                inputs={"message": "a coat", "user_id": "maya", "lang": "en"},
                outputs={"answer": answer, "products": list(products), "guard": {"action": "allow"}},
                extra={"metadata": {"model": "composer", "prompt_sha256": "a" * 64}},
            )
        ]
        for name, outputs in nodes.items():
            runs.append(
                RunUpload(
                    id=uuid5(trace, name),
                    trace_id=trace,
                    parent_run_id=trace,
                    name=name,
                    start_time=START,
                    end_time=START + timedelta(milliseconds=20),
                    outputs=outputs,
                    extra={"metadata": {"node": name}},
                )
            )
        store.ingest([("post", run) for run in runs])
        told = stored_turn(store.trace(trace))
        assert told is not None
        return told

    return written


def test_turns_that_differ_in_time_alone_do_not_differ(turn) -> None:
    told = difference(turn(1, took_s=1.0, retrieve={}), turn(2, took_s=2.5, retrieve={}))
    assert told.is_empty
    assert told.timings == (Timing("turn", 1000.0, 2500.0), Timing("retrieve", 20.0, 20.0))


def test_answers_are_compared_by_sentence_whatever_their_markers(turn) -> None:
    told = difference(turn(1, "A coat [1]. It is warm [2]."), turn(2, "A coat [3]. It is cheap [1]."))
    assert told.answer == (
        Sentence("A coat.", "kept"),
        Sentence("It is warm.", "gone"),
        Sentence("It is cheap.", "new"),
    )
    assert difference(turn(3, "A coat [1]."), turn(4, "A coat [2].")).answer == ()


def test_products_come_go_and_move(turn) -> None:
    told = difference(turn(1, products=[COAT, TENT]), turn(2, products=[TENT | {"why": ["cheap"]}]))
    assert told.products == (
        Change("Coat", "1. 9.50 USD", None),
        Change("Tent", "2. 80.00 USD", "1. 80.00 USD (cheap)"),
    )


def test_two_of_one_name_are_told_apart(turn) -> None:
    told = difference(turn(1, products=[COAT, COAT]), turn(2, products=[COAT]))
    assert [change.name for change in told.products] == ["Coat (2)"]


def test_a_feature_tells_value_status_and_whether_it_decided_anything(turn) -> None:
    fetched, prompted = {"features": [BUDGET]}, {"used_features": [BUDGET["name"]], "plan": {"honoured": [LIMIT]}}
    before = turn(1, fetch_features=fetched, build_prompt=prompted)
    unknown = {"features": [BUDGET | {"value": None, "status": "missing"}]}
    told = difference(before, turn(2, fetch_features=unknown, build_prompt={"used_features": [], "plan": {}}))
    assert told.features == (Change(BUDGET["name"], "500.0 (online, used)", "nothing (missing)"),)
    assert told.filters == (Change("price lte 500.0 (declared)", "honoured: the limit you set", None),)


def test_a_limit_that_was_relaxed_says_so(turn) -> None:
    told = difference(
        turn(1, build_prompt={"plan": {"honoured": [LIMIT]}}),
        turn(2, build_prompt={"plan": {"relaxed": [LIMIT | {"reason": "too few results"}]}}),
    )
    assert told.filters[0].after == "relaxed: too few results"


def test_claims_tell_verdicts_that_changed_and_what_is_wrong_with_new_ones(turn) -> None:
    supported = {"text": "A coat [1].", "verdict": "supported", "checks": []}
    failed = {"verdict": "contradicted", "checks": [{"name": "figures", "passed": False}]}
    before = turn(1, verify_citations={"claims": [supported, supported | {"text": "Fine."}]})
    after = turn(2, verify_citations={"claims": [supported | failed, {"text": "Free.", **failed}]})
    assert difference(before, after).claims == (
        Change("A coat.", "supported", "contradicted: fails figures"),
        Change("Free.", None, "contradicted: fails figures"),
    )


def test_whatever_was_sent_under_our_names_is_compared_all_the_same(turn) -> None:
    odd = turn(
        1, fetch_features={"features": "none"}, build_prompt={"plan": [], "evidence": [3]}, receive={"question": 1}
    )
    assert not difference(odd, turn(2)).is_empty
