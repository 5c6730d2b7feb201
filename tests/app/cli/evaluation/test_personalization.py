from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli.main import cli
from tests.app.evaluation.personalization.conftest import shop_orders


@pytest.fixture
def transactions(tmp_path: Path) -> Path:
    rows = [
        f"{order.order_id},{product},Thing {product},1,{order.time:%Y-%m-%d %H:%M:%S},2.5,{order.shopper_id}"
        for order in shop_orders()
        for product in order.products
    ]
    path = tmp_path / "orders.csv"
    header = "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID"
    path.write_text("\n".join([header, *rows]), encoding="utf-8")
    return path


def test_one_object_is_printed_and_progress_goes_elsewhere(transactions: Path) -> None:
    result = CliRunner().invoke(cli, ["eval", "personalization", "--transactions", str(transactions), "--json"])
    assert result.exit_code == 0, result.stderr
    report = json.loads(result.stdout)
    assert report["personalized"]["hit@10"] > report["control"]["shuffled"]["hit@10"]
    assert report["control"]["leak"] == {"examined": 3, "leaking": 0, "planted_leak_found": 3}
    assert "Shoppers" in result.stderr


def test_people_get_a_table(transactions: Path) -> None:
    result = CliRunner().invoke(cli, ["eval", "personalization", "--transactions", str(transactions)])
    assert result.exit_code == 0
    assert result.stdout.splitlines()[1].split() == ["hit@10", "ndcg@10"]
    assert "the planted one found in 3" in result.stdout


def test_a_file_without_shoppers_is_refused_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("Invoice,StockCode,InvoiceDate\n1,22000,2010-01-01\n", encoding="utf-8")
    result = CliRunner().invoke(cli, ["eval", "personalization", "--transactions", str(path)])
    assert result.exit_code == 2
    assert "no column for shopper_id" in result.stderr.strip().splitlines()[-1]
    assert "Traceback" not in result.output
