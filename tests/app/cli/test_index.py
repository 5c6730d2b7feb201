import json
from datetime import UTC, datetime
from types import SimpleNamespace

import numpy as np
import pytest
from typer.testing import CliRunner

from app.cli.index import index_app
from retrievers.catalogue import DocumentType
from retrievers.index.protocol import Manifest, SparseVector
from retrievers.index.schema import point_of
from retrievers.index.writer import EdgeWriter
from retrievers.records import Evidence


def build(data):
    writer = EdgeWriter(data, dimensions=2)
    evidence = Evidence("product/A", DocumentType.PRODUCT, "shop", "A", "text", 0.0)
    writer.upsert([point_of(evidence, np.array([1, 0], np.float32), SparseVector((1,), (1.0,)))])
    writer.publish(Manifest(writer.generation, "minilm", 2, datetime.now(UTC), {"product": 1}, {}, {}))
    return writer.generation


@pytest.fixture
def run(tmp_path):
    def invoke(*arguments):
        return CliRunner().invoke(index_app, arguments, obj=SimpleNamespace(data=tmp_path))

    return invoke


def test_status_lists_the_generations(run, tmp_path):
    first, second = build(tmp_path), build(tmp_path)
    printed = json.loads(run("status", "--json").stdout)
    assert printed["generation"] == second
    assert printed["counts"] == {"product": 1}
    assert printed["embedder"] == "minilm"
    assert datetime.fromisoformat(printed["created_at"])
    assert [(each["generation"], each["state"]) for each in printed["generations"]] == [
        (second, "served"),
        (first, "previous"),
    ]
    table = run("status").stdout
    assert first in table
    assert "1 product" in table


def test_rollback_serves_the_previous_generation(run, tmp_path):
    first, second = build(tmp_path), build(tmp_path)
    assert json.loads(run("rollback", "--json").stdout) == {"generation": first}
    states = {each["generation"]: each["state"] for each in json.loads(run("status", "--json").stdout)["generations"]}
    assert states == {first: "served", second: "left by rollback"}


def test_nothing_to_roll_back_to_is_one_line(run, tmp_path):
    build(tmp_path)
    result = run("rollback")
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert "nothing was changed" in result.stderr


@pytest.mark.parametrize("command", ["status", "rollback"])
def test_without_an_index_it_says_how_to_make_one(run, command):
    result = run(command, "--json")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    assert "shelfwise ingest products FILE" in result.stderr
