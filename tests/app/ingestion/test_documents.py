from __future__ import annotations

import os
from datetime import UTC, datetime

import pytest

from app.ingestion.documents import read_documents
from app.ingestion.errors import IngestError
from retrievers.catalogue import DocumentType

HTML = """<html><head><title>Shipping</title><style>p {color: red}</style></head><body><nav>Home</nav>
<h1>Shipping <em>abroad</em></h1><p>We ship to
   12 <b>countries</b>.</p><ul><li>France</li><li>Korea</li></ul><script>track()</script></body></html>"""


def pdf(text: str) -> bytes:
    """A one-page PDF, written by hand."""
    stream = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /MediaBox [0 0 612 792] "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length " + str(len(stream)).encode() + b" >>\nstream\n" + stream + b"\nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    body, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    table = b"".join(f"{offset:010d} 00000 n \n".encode() for offset in offsets)
    trailer = f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF".encode()
    return body + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode() + table + trailer


def read(path, kind=DocumentType.POLICY, **options):
    return read_documents(path, kind, **options)


def test_html_keeps_its_structure_and_drops_its_furniture(write):
    (document,) = read(write("shipping.html", HTML)).documents
    assert document.title == "Shipping"
    assert "# Shipping abroad\n" in document.text
    assert "We ship to 12 countries." in document.text
    assert "France\n" in document.text
    assert not any(word in document.text for word in ("track", "Home", "color"))


def test_pdf(write):
    (document,) = read(write("care.pdf", pdf("Wash at 30 degrees.")), DocumentType.TECHNICAL).documents
    assert "Wash at 30 degrees." in document.text
    assert document.document_id == "care.pdf"


def test_markdown_and_text_are_titled_by_heading_or_name(write):
    (markdown,) = read(write("a.md.gz", "# Returns\n\nWithin 30 days.")).documents
    (text,) = read(write("gift-cards.txt", "They never expire.")).documents
    assert (markdown.title, text.title) == ("Returns", "Gift cards")
    assert markdown.text.startswith("# Returns")


def test_a_folder_is_read_whole_with_names_as_ids(write, tmp_path):
    write("shop/returns.md", "# Returns\n\nWithin 30 days.")
    write("shop/ko/returns.ko.md", "# 반품\n\n30일 안에.")
    write("shop/broken.pdf", b"not a pdf")
    write("shop/logo.png", b"\x89PNG")
    files = read(tmp_path / "shop")
    assert [(d.document_id, d.source, d.lang) for d in files.documents] == [
        ("ko/returns.ko.md", "ko/returns.ko.md", "ko"),
        ("returns.md", "returns.md", "en"),
    ]
    assert len(files.rejected) == 1
    assert str(files.rejected[0]).startswith("broken.pdf: ")


def test_rows_with_columns(write):
    rows = [
        {"id": "r1", "product_id": 7, "stars": 4, "review_text": "Boils fast.\r\nLoud.", "date": "2026-05-01"},
        {"id": "r2", "product_id": 7, "stars": 9, "review_text": "Great"},
        {"id": "r3", "stars": 3, "review_text": " "},
        {"id": "r1", "product_id": 7, "stars": 2, "review_text": "Broke after a week."},
    ]
    files = read(write("reviews.jsonl", rows), DocumentType.REVIEW)
    (review,) = files.documents
    assert (review.document_id, review.product_id, review.rating) == ("r1", "7", 2.0)
    assert review.text == "Broke after a week."
    assert files.rows == 4
    reasons = [str(item) for item in files.rejected]
    assert reasons[0].startswith("reviews.jsonl, line 2: rating")
    assert reasons[1] == "reviews.jsonl, line 3: no text"
    assert "'r1'" in reasons[2]


def test_questions_and_answers(write):
    row = {"question": "Can I cancel?", "answer": "Yes, until it ships.", "url": "https://shop/faq#cancel"}
    (document,) = read(write("faq.jsonl", [row]), DocumentType.FAQ).documents
    assert (document.title, document.text, document.source) == (row["question"], row["answer"], row["url"])


def test_since_leaves_older_documents_alone(write):
    old, new = write("shop/old.md", "Old."), write("shop/new.md", "New.")
    os.utime(old, (0, 0))
    files = read(new.parent, since=datetime(2020, 1, 1, tzinfo=UTC))
    assert [document.document_id for document in files.documents] == ["new.md"]
    assert (files.skipped, files.rows) == (1, 2)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.pdf", b"not a pdf", "not a readable PDF"),
        ("a.png", b"\x89PNG", "unknown kind of file"),
        ("a.md", "  \n", "holds no text"),
        ("a.txt", b"\0\1\2", "binary"),
        ("a.jsonl", [{"id": "1", "price": 3}], "no column for the text"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_line_naming_it(write, name, content, says):
    path = write(name, content)
    with pytest.raises(IngestError, match=says) as caught:
        read(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_nothing_there(tmp_path):
    with pytest.raises(IngestError, match="no such file"):
        read(tmp_path / "none.md")
    with pytest.raises(IngestError, match="holds no document"):
        read(tmp_path)
