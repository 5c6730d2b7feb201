from __future__ import annotations

import io

import pandas as pd
import pytest

from app.ingestion.errors import IngestError
from app.ingestion.tables import read_table

ROWS = [{"id": "a", "title": "Kettle"}, {"id": "b", "title": "Toaster"}]
FEED = """<?xml version="1.0"?>
<rss xmlns:g="http://base.google.com/ns/1.0"><channel><title>Shop</title>
<item><g:id>a</g:id><title>Kettle</title></item>
<item><g:id>b</g:id><title>Toaster</title></item>
</channel></rss>"""


def parquet() -> bytes:
    buffer = io.BytesIO()
    pd.DataFrame(ROWS).to_parquet(buffer)
    return buffer.getvalue()


FILES = {
    "rows.jsonl": ROWS,
    "rows.jsonl.gz": ROWS,
    "rows.json": '[{"id": "a", "title": "Kettle"}, {"id": "b", "title": "Toaster"}]',
    "named.json": '{"products": [{"id": "a", "title": "Kettle"}, {"id": "b", "title": "Toaster"}]}',
    "rows.csv": "id,title\na,Kettle\nb,Toaster\n",
    "semicolons.csv": "id;title\na;Kettle\nb;Toaster\n",
    "rows.tsv.gz": "id\ttitle\na\tKettle\nb\tToaster\n",
    "marked.csv": "\ufeffid,title\r\na,Kettle\r\nb,Toaster\r\n",
    "rows.parquet": parquet(),
    "rows.parquet.gz": parquet(),
    "carelessly_named.txt": ROWS,
    "feed.xml": FEED,
}


@pytest.mark.parametrize("name", FILES)
def test_every_format_gives_the_same_rows(write, name):
    table = read_table(write(name, FILES[name]))
    assert [dict(row.values) for row in table.rows] == ROWS
    assert table.columns == ("id", "title")
    assert table.bad == ()


def test_lines_count_from_the_top_of_the_file(write):
    table = read_table(write("a.jsonl", '{"id": 1}\n\n{broken\n[1]\n{"id": 2}\n'))
    assert [row.line for row in table.rows] == [1, 5]
    assert [str(bad) for bad in table.bad] == ["line 3: not valid JSON", "line 4: not a JSON object"]


def test_one_object_over_several_lines_is_one_row(write):
    table = read_table(write("a.json", '{\n  "id": "a",\n  "variants": [{"size": 42}]\n}\n'))
    assert [row.values for row in table.rows] == [{"id": "a", "variants": [{"size": 42}]}]
    assert table.bad == ()


def test_a_line_that_is_not_utf8_costs_only_itself(write):
    table = read_table(write("a.jsonl", b'{"id": "\xff"}\n{"id": "b"}\n'))
    assert [row.values["id"] for row in table.rows] == ["b"]
    assert len(table.bad) == 1


def test_csv_rows_of_the_wrong_width_are_bad(write):
    table = read_table(write("a.csv", 'id,title\na,"Kettle,\nlarge"\nb\nc,Toaster,extra\nd,\n'))
    assert [(row.line, dict(row.values)) for row in table.rows] == [
        (3, {"id": "a", "title": "Kettle,\nlarge"}),
        (6, {"id": "d", "title": None}),
    ]
    assert [str(bad) for bad in table.bad] == [
        "line 4: 1 columns where the header has 2",
        "line 5: 3 columns where the header has 2",
    ]


def test_a_feed_that_breaks_off_keeps_what_came_before(write):
    table = read_table(write("feed.xml", FEED[: FEED.index("<g:id>b")]))
    assert [row.values["id"] for row in table.rows] == ["a"]
    assert table.bad[0].reason.startswith("the XML breaks off here")


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.csv", "", "is empty"),
        ("binary.csv", b"\x89PNG\r\n\0\0\0", "binary"),
        ("binary.jsonl", b"\x89PNG\r\n\0\0\0", "binary"),
        ("unicode.csv", "id,title\na,Kettle".encode("utf-16"), "save it as UTF-8"),
        ("latin.csv", "id,title\na,Café".encode("latin-1"), "not UTF-8"),
        ("rows.parquet", b"PAR1 but no more", "not a readable Parquet file"),
        ("page.xml", "<html><p>Hello", "not a product feed"),
        ("bomb.xml", '<!DOCTYPE r [<!ENTITY a "aa">]><r>&a;</r>', "document type"),
        ("array.json", "[{]", "not valid JSON"),
    ],
)
def test_unreadable_files_are_one_line_naming_the_file(write, name, content, says):
    path = write(name, content)
    with pytest.raises(IngestError) as caught:
        read_table(path)
    assert says in str(caught.value)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_missing_folder_and_false_gzip(tmp_path):
    (tmp_path / "plain.jsonl.gz").write_text('{"id": 1}')
    (tmp_path / "cut.jsonl.gz").write_bytes(b"\x1f\x8b\x08\x00cut")
    for path, says in (("none.csv", "no such file"), (".", "folder"), ("plain.jsonl.gz", "not a gzip file")):
        with pytest.raises(IngestError, match=says):
            read_table(tmp_path / path)
    with pytest.raises(IngestError, match="damaged gzip"):
        read_table(tmp_path / "cut.jsonl.gz")
