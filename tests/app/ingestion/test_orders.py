from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from app.ingestion.errors import IngestError
from app.ingestion.orders import read_orders

HEADER = "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID\n"
ROWS = [
    "2,22000,LATE CUP,1,2010-01-02 10:00:00,2.5,13085.0",
    "1,85123A,WHITE HEART,6,2010-01-01 09:30:00,2.55,13085.0",
    "1,85123A,WHITE HEART,2,2010-01-01 09:30:00,2.55,13085.0",
    "1,22000,EARLY CUP,1,2010-01-01 09:30:00,2.5,13085.0",
    "C3,22000,RETURNED,-1,2010-01-03 10:00:00,2.5,13085.0",
    "4,22000,A GIFT,1,2010-01-03 10:00:00,0,13085.0",
    "5,22000,NOBODY KNOWN,1,2010-01-03 10:00:00,2.5,",
    "6,POST,POSTAGE,1,2010-01-03 10:00:00,18,13085.0",
]


def written(tmp_path: Path, rows: list[str] = ROWS, header: str = HEADER, name: str = "orders.csv") -> Path:
    path = tmp_path / name
    text = (header + "\n".join(rows) + "\n").encode()
    path.write_bytes(gzip.compress(text) if name.endswith(".gz") else text)
    return path


@pytest.mark.parametrize("name", ["orders.csv", "orders.csv.gz"])
def test_sales_to_known_shoppers_become_orders_by_time(tmp_path: Path, name: str) -> None:
    found = read_orders(written(tmp_path, name=name), r"\d{5}")
    assert (found.rows, found.kept) == (8, 4)
    assert [(order.order_id, order.products) for order in found.orders] == [
        ("1", ("85123A", "22000")),
        ("2", ("22000",)),
    ]
    assert found.orders[0].time == datetime(2010, 1, 1, 9, 30, tzinfo=UTC)
    assert found.titles == {"85123A": "WHITE HEART", "22000": "LATE CUP"}
    assert {order.shopper_id for order in found.orders} == {"13085.0"}


def test_parquet_says_the_same_as_csv(tmp_path: Path) -> None:
    csv = written(tmp_path)
    frame = pd.read_csv(csv, dtype={"Invoice": str, "StockCode": str, "Customer ID": str}, parse_dates=["InvoiceDate"])
    frame.to_parquet(tmp_path / "orders.parquet")
    assert read_orders(tmp_path / "orders.parquet").orders == read_orders(csv).orders


def test_without_a_pattern_every_product_counts(tmp_path: Path) -> None:
    assert read_orders(written(tmp_path)).orders[-1].products == ("POST",)


def test_columns_go_by_the_names_other_shops_use(tmp_path: Path) -> None:
    path = written(tmp_path, ["o1,ann,tea,2026-03-01T10:00:00Z"], "order_id,user_id,sku,created_at\n")
    (order,) = read_orders(path).orders
    assert (order.shopper_id, order.products) == ("ann", ("tea",))


@pytest.mark.parametrize(
    ("header", "rows", "message"),
    [
        ("Invoice,StockCode,Price\n", ["1,2,3"], r"no column for shopper_id, time; it has Invoice, StockCode, Price"),
        (HEADER, ROWS[4:7], r"none of its 3 rows is a sale to a known shopper$"),
        (HEADER, ["1,22000,CUP,1,1/13/2010 9:30,2,7"], r"times such as '1/13/2010 9:30' cannot be read"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_in_one_line(
    tmp_path: Path, header: str, rows: list[str], message: str
) -> None:
    with pytest.raises(IngestError, match=message) as caught:
        read_orders(written(tmp_path, rows, header))
    assert "\n" not in str(caught.value)


def test_a_pattern_that_is_none_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(IngestError, match=r"'\[' is no pattern for codes: .*; write it like \[0-9\]\{5\}$"):
        read_orders(written(tmp_path), "[")
