"""One page of prose from Markdown, text, HTML or PDF, its headings written as Markdown."""

from __future__ import annotations

import re
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.ingestion.errors import IngestError
from app.ingestion.files import decode, format_of, read_bytes

# Each loader takes a second to import: what reads one format imports one.

_HTML = frozenset((".html", ".htm"))
PAGE_FORMATS = frozenset((".md", ".markdown", ".txt", ".pdf")) | _HTML
_BLOCKS = ("p", "div", "section", "article", "ul", "ol", "li", "table", "tr", "blockquote", "pre", "dl", "dt", "dd")
_FURNITURE = ("script", "style", "nav", "header", "footer", "noscript", "template", "form")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_FIRST_HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Page:
    title: str
    text: str


def read_page(path: Path) -> Page:
    """Title and text of one file, `.gz` or not. Raises IngestError when it cannot be read or holds no text."""
    data, suffix = read_bytes(path), format_of(path)
    if suffix != ".pdf":
        data = _prepared(decode(path, data), suffix).encode()
    with _temporary(data, suffix) as copy:
        title, text = _load(path, copy, suffix)
    text = re.sub(r"\n{3,}", "\n\n", text.replace("\r\n", "\n")).strip()
    if not text:
        raise IngestError(f"{path} holds no text" + (" (a scan?)" if suffix == ".pdf" else ""))
    heading = _FIRST_HEADING.search(text)
    return Page(title or (heading[1] if heading else _name_as_title(path)), text)


def _load(path: Path, copy: Path, suffix: str) -> tuple[str, str]:
    if suffix == ".pdf":
        return _load_pdf(path, copy)
    if suffix in _HTML:
        with _no_notice():
            from langchain_community.document_loaders import BSHTMLLoader
        page = BSHTMLLoader(str(copy), open_encoding="utf-8", bs_kwargs={"features": "html.parser"}).load()[0]
        return str(page.metadata.get("title") or "").strip(), _tidy(page.page_content)
    with _no_notice():
        from langchain_community.document_loaders import TextLoader
    return "", str(TextLoader(str(copy), encoding="utf-8").load()[0].page_content)


def _load_pdf(path: Path, copy: Path) -> tuple[str, str]:
    from pypdf.errors import PyPdfError

    with _no_notice():
        from langchain_community.document_loaders import PyPDFLoader
    try:
        pages = PyPDFLoader(str(copy)).load()
    except (PyPdfError, ValueError) as error:
        raise IngestError(f"{path} is not a readable PDF: {error}") from None
    title = str(pages[0].metadata.get("title") or "").strip() if pages else ""
    return title, "\n\n".join(page.page_content.strip() for page in pages)


def _prepared(text: str, suffix: str) -> str:
    """HTML with its structure written out, because the loader keeps only the text between tags."""
    if suffix not in _HTML:
        return text
    from bs4 import BeautifulSoup
    from bs4.element import NavigableString

    soup = BeautifulSoup(text, "html.parser")
    for element in soup(_FURNITURE):
        element.decompose()
    for string in soup.find_all(string=True):
        if type(string) is NavigableString and string.find_parent("pre") is None:
            string.replace_with(re.sub(r"\s+", " ", string))
    for heading in soup(_HEADINGS):
        heading.string = f"\n\n{'#' * int(heading.name[1])} {heading.get_text(' ', strip=True)}\n\n"
    for line_break in soup("br"):
        line_break.replace_with("\n")
    for block in soup(_BLOCKS):
        block.insert_before("\n\n" if block.name == "p" else "\n")
        block.insert_after("\n\n" if block.name == "p" else "\n")
    if soup.title is not None:  # the loader reads it from here into the metadata and again into the text
        soup.title.insert_after("\n\n")
    return str(soup)


def _tidy(text: str) -> str:
    return "\n".join(line.strip() for line in text.splitlines())


def _name_as_title(path: Path) -> str:
    stem = path.name.split(".", 1)[0]
    return re.sub(r"[-_]+", " ", stem).strip().capitalize()


@contextmanager
def _no_notice() -> Iterator[None]:
    """The loaders' notice of retirement is for developers, not for people loading a file."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        yield


@contextmanager
def _temporary(data: bytes, suffix: str) -> Iterator[Path]:
    """A file for loaders that take nothing but a path; also what undoes `.gz`."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"page{suffix}"
        path.write_bytes(data)
        yield path
