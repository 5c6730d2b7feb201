"""`shelfwise eval retrieval` on a small shelf."""

import json

import pytest
from typer.testing import CliRunner

from app.cli.main import cli

SHELF = [
    ("lamp", "Nord desk lamp", "Bright light for reading."),
    ("mug", "Clay mug", "Holds coffee and tea."),
    ("kettle", "Steel kettle", "Boils a litre of water."),
]


@pytest.fixture
def shelf(tmp_path):
    products, judgments = tmp_path / "products.jsonl", tmp_path / "judgments.csv"
    rows = [{"product_id": key, "title": title, "description": text} for key, title, text in SHELF]
    products.write_text("\n".join(json.dumps(row) for row in rows))
    judgments.write_text("query,product_id,grade\nreading lamp,lamp,3\nreading lamp,mug,0\ncoffee cup,mug,2\n")
    return products, judgments


def run(products, judgments, *options, data="unused"):
    arguments = ["--data", str(data), "eval", "retrieval", "--products", str(products), "--judgments", str(judgments)]
    return CliRunner().invoke(cli, [*arguments, *options])


def test_prints_one_object_and_leaves_the_data_directory_alone(shelf, tmp_path):
    result = run(*shelf, "--json", data=tmp_path / "data")
    assert result.exit_code == 0, result.output
    report = json.loads(result.stdout)
    assert report["queries"] == 2
    assert set(report) >= {"queries", "hybrid", "bm25", "dense", "control"}
    assert report["hybrid"]["ndcg@10"] == report["hybrid"]["mrr"] == 1.0
    assert report["control"]["mrr"] < 0.6
    assert report["absent"] == {"judgments": 0, "queries": 0}
    assert "not in the catalogue" not in result.stderr
    assert not (tmp_path / "data").exists()


def test_judged_products_that_the_catalogue_lacks_are_counted(shelf):
    products, judgments = shelf
    with judgments.open("a") as file:
        file.write("coffee cup,gone,3\ncoffee cup,gone too,1\n")
    result = run(products, judgments, "--json")
    assert json.loads(result.stdout)["absent"] == {"judgments": 2, "queries": 1}
    assert "products of 2 judgments, in 1 of 2 queries" in result.stderr


def test_prints_a_table_for_people(shelf):
    result = run(*shelf)
    assert result.exit_code == 0
    assert "hybrid" in result.stdout


@pytest.mark.parametrize("broken", [0, 1])
def test_a_file_that_is_not_there_is_one_line_and_exit_code_two(shelf, tmp_path, broken):
    files = list(shelf)
    files[broken] = tmp_path / "none"
    result = run(*files)
    assert result.exit_code == 2
    assert "none" in result.stderr.splitlines()[-1]
