from __future__ import annotations

import asyncio
import gzip
import json
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli.main import cli
from app.conversations.store import StoredHistory
from app.evaluation.online.arms import read_experiment
from app.streaming.log import EventLog
from graphs.turn import DealtArm, Turn
from tools.ports import ShopperEvent
from tools.shop.database import open_database

NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    with closing(open_database(tmp_path / "shop.db")) as database:
        EventLog(database).append(
            [
                ShopperEvent("e1", "view", "maya", "shoe", NOW, run_id="r1", position=0, dwell_s=3.5),
                ShopperEvent("e2", "purchase", "maya", "shoe", NOW, price=120.0, quantity=2),
            ]
        )
        history = StoredHistory(database, lambda: NOW)

        async def talk() -> None:
            await history.enter("t1", "maya")
            shown = [{"product_id": "shoe"}, {"product_id": "sock"}]
            for run, products in (("r1", shown), ("r2", [])):
                await history.append(Turn("shoes", "maya"), "t1", "shoes", {"trace_id": run, "products": products})

        asyncio.run(talk())
    return tmp_path


def _export(data: Path, *args: str):
    return CliRunner().invoke(cli, ["--data", str(data), "stream", "export", *args])


def test_events_and_what_was_shown_are_lines_of_json(data: Path) -> None:
    events, exposures = data / "events.jsonl", data / "exposures.jsonl.gz"
    done = _export(data, "--events", str(events), "--exposures", str(exposures), "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout) == {"events": 2, "exposures": 1}
    first, second = map(json.loads, events.read_text().splitlines())
    assert (first["event_id"], first["run_id"], first["position"], first["dwell_s"]) == ("e1", "r1", 0, 3.5)
    assert (second["kind"], second["price"], second["quantity"]) == ("purchase", 120.0, 2)
    assert datetime.fromisoformat(first["time"]) == NOW
    (shown,) = map(json.loads, gzip.decompress(exposures.read_bytes()).splitlines())
    assert (shown["run_id"], shown["user_id"], shown["products"]) == ("r1", "maya", ["shoe", "sock"])
    assert datetime.fromisoformat(shown["time"]) == NOW
    assert shown["arm"] is None


def test_where_nothing_can_be_written_nothing_is_left(data: Path) -> None:
    refused = _export(data, "--events", str(data / "no" / "e.jsonl"), "--exposures", str(data / "x.jsonl"))
    assert refused.exit_code == 2
    assert refused.stderr.count("\n") == 1
    assert "cannot be written" in refused.stderr
    assert not list(data.glob("*.tmp")) + list(data.glob(".*.tmp"))


def test_one_file_for_both_is_refused_and_stays_as_it_was(data: Path) -> None:
    (data / "both.jsonl").write_text("kept")
    refused = _export(data, "--events", str(data / "both.jsonl"), "--exposures", str(data / "." / "both.jsonl"))
    assert (refused.exit_code, refused.stderr.count("\n")) == (2, 1)
    assert "another file with --exposures" in refused.stderr
    assert (data / "both.jsonl").read_text() == "kept"


def test_a_folder_without_a_shop_is_told_and_stays_as_it_is(tmp_path: Path) -> None:
    refused = _export(tmp_path / "none", "--events", str(tmp_path / "e"), "--exposures", str(tmp_path / "x"))
    assert refused.exit_code == 2
    assert "no shop's database yet" in refused.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_answer_is_told_with_its_shoppers_arm(data: Path) -> None:
    arms = data / "arms.toml"
    arms.write_text(
        'name = "brands"\ncontrol = "all"\n[arms.all]\n[arms.fewer]\nwithout = ["user_session:last_viewed_brand"]\n'
    )
    files = "--events", str(data / "e.jsonl"), "--exposures", str(data / "x.jsonl")
    done = _export(data, *files, "--arms", str(arms))
    assert done.exit_code == 0, done.output
    shown = json.loads((data / "x.jsonl").read_text())
    assert shown["arm"] == read_experiment(arms).arm_of("maya")
    assert shown["arm"] in ("all", "fewer")

    assert (shown["recorded"], shown["experiment"]) == (False, None)

    arms.write_text("name = ")
    refused = _export(data, *files, "--arms", str(arms))
    assert (refused.exit_code, refused.stderr.count("\n")) == (2, 1)


def test_the_arm_an_answer_was_given_in_counts_whatever_experiment_is_named_afterwards(data: Path) -> None:
    with closing(open_database(data / "shop.db")) as database:
        history = StoredHistory(database, lambda: NOW)
        turn = Turn("socks", "maya", arm=DealtArm("last autumn", "fewer"))
        answer = {"trace_id": "r3", "products": [{"product_id": "sock"}]}
        asyncio.run(history.append(turn, "t1", "socks", answer))
    assert _export(data, "--events", str(data / "e.jsonl"), "--exposures", str(data / "x.jsonl")).exit_code == 0
    before, after = map(json.loads, (data / "x.jsonl").read_text().splitlines())
    assert (before["recorded"], before["arm"]) == (False, None)
    assert (after["recorded"], after["experiment"], after["arm"]) == (True, "last autumn", "fewer")
