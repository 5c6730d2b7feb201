from __future__ import annotations

from app.traces.dead_letters import refusals_in
from app.traces.entries import erasures_in
from app.traces.spool import Spool


def test_half_a_line_that_a_crash_left_costs_no_line_after_it(tmp_path) -> None:
    path = tmp_path / "waiting.jsonl"
    path.write_text('{"forget": "t1"}\n{"forget": "t2", "refu', "utf-8")
    spool = Spool(path)

    assert spool.add(['{"forget": "t3"}', '{"forget": "t4"}']) == 2

    assert erasures_in(spool.lines()) == {"t1", "t3", "t4"}


def test_a_refusal_that_is_half_there_hides_no_other() -> None:
    lines = [
        '{"forget": "t1", "refused": "HTTP 4{"forget": "t2", "refused": "no"}',
        '{"forget": "t3", "refused": "no"}',
    ]

    assert refusals_in(lines) == {"t3": "no"}
