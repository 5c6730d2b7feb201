from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from typer.testing import CliRunner

from app.cli.main import cli

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)


@pytest.fixture
def logs(tmp_path):
    """As `stream export` writes them: 400 shoppers who click the first card more than the second."""
    rng, shown, events = Random(1), [], []
    for number in range(400):
        run, user = f"r{number}", f"u{number}"
        shown.append({"run_id": run, "user_id": user, "time": NOON.isoformat(), "products": ["P1", "P2"], "arm": None})
        for place in range(2):
            if rng.random() < 0.4 / (place + 1):
                event = {"event_id": f"{run}{place}", "kind": "click", "user_id": user, "product_id": f"P{place + 1}"}
                events.append(event | {"time": (NOON + timedelta(minutes=2)).isoformat()})
    (tmp_path / "shown.jsonl").write_text("\n".join(map(json.dumps, shown)))
    (tmp_path / "events.jsonl.gz").write_bytes(gzip.compress("\n".join(map(json.dumps, events)).encode()))
    return "--exposures", str(tmp_path / "shown.jsonl"), "--events", str(tmp_path / "events.jsonl.gz")


def _run(tmp_path, *args):
    return CliRunner().invoke(cli, ["--data", str(tmp_path), "eval", "online", *args])


def test_real_logs_are_judged_and_a_difference_that_is_not_there_is_not_found(tmp_path, logs):
    done = _run(tmp_path, *logs, "--json", "--out", str(tmp_path / "report.html"))
    assert done.exit_code == 0, done.output
    report = json.loads(done.stdout)
    assert report["control"] == "everything"
    assert sum(arm["shoppers"] for arm in report["arms"].values()) == 400
    assert report["sample_ratio_p"] > 0.001
    assert report["a_a"]["ok"] is True
    assert all("nothing shows that it matters" in line for line in report["verdicts"])
    assert report["verdicts"][0] in (tmp_path / "report.html").read_text()


def test_the_table_is_for_people(tmp_path, logs):
    done = _run(tmp_path, *logs)
    assert done.exit_code == 0
    assert "shoppers dealt as they should be" in done.stdout
    assert "events name no answer that showed their product" in done.stdout
    assert "400 of 400 answers were kept without their arm" in done.stdout
    assert "the control against itself, 500 times" in done.stdout


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ((), "say either --simulate N or both"),
        (("--events", "x"), "say either --simulate N or both"),
        (("--simulate", "50", "--events", "x", "--exposures", "y"), "say either --simulate N or both"),
        (("--events", "none", "--exposures", "none"), "none: no such file"),
        (("--simulate", "50", "--arms", "none.toml"), "none.toml: no such file"),
        (("--simulate", "50"), "holds no catalogue"),
    ],
)
def test_what_cannot_be_judged_is_one_line(tmp_path, args, said):
    done = _run(tmp_path, *args)
    assert done.exit_code == 2
    assert said in done.stderr
    assert done.stdout == ""
