from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime

import pytest
from pydantic import TypeAdapter

from app.evaluation.online.logs import read_events, read_exposures
from app.evaluation.rows import EvaluationError
from tools.ports import ShopperEvent

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)
EVENT = ShopperEvent("e1", "click", "maya", "P1", NOON, "r1", 0)
SHOWN = {"run_id": "r1", "user_id": "maya", "thread_id": "t", "time": "2026-11-03T11:00:00Z", "products": ["P1"]}


def test_what_the_shop_exports_is_read_back(tmp_path):
    told = TypeAdapter(ShopperEvent).dump_json(EVENT)
    (tmp_path / "events.jsonl.gz").write_bytes(gzip.compress(told + b"\n"))
    assert read_events(tmp_path / "events.jsonl.gz") == [EVENT]
    rows = [SHOWN | {"run_id": "r2", "arm": None}, SHOWN | {"time": "2026-11-03T10:00:00+00:00", "arm": "a"}]
    (tmp_path / "shown.jsonl").write_text("\n".join(map(json.dumps, rows)))
    first, second = read_exposures(tmp_path / "shown.jsonl")
    assert (first.run_id, first.arm, second.run_id, second.products) == ("r1", "a", "r2", ("P1",))


@pytest.mark.parametrize(
    ("read", "text", "said"),
    [
        (read_exposures, "", "holds no rows"),
        (read_exposures, json.dumps(SHOWN) + "\n{", "line 2"),
        (read_exposures, json.dumps(SHOWN | {"products": []}), "line 1, products"),
        (read_events, '{"event_id": "e"}', "line 1, kind"),
        (
            read_events,
            '{"event_id": "e", "kind": "click", "user_id": "u", "product_id": "P", "time": "2026-11-03T12:00:00"}',
            "no zone",
        ),
    ],
)
def test_a_row_that_cannot_be_read_is_one_line(tmp_path, read, text, said):
    (tmp_path / "log.jsonl").write_text(text)
    with pytest.raises(EvaluationError) as caught:
        read(tmp_path / "log.jsonl")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
