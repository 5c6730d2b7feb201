"""The shop's policies, frequent questions and guides, read from the Markdown written for them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.resources.abc import Traversable

from app.demo.content import CONTENT
from retrievers.catalogue import Document, DocumentType

_REVISED = datetime(2026, 9, 1, tzinfo=UTC)
_SECTION = re.compile(r"^## +(.+)$", re.MULTILINE)


def help_pages() -> tuple[Document, ...]:
    """One document a policy and a guide, one a question."""
    policies = [_page(path, DocumentType.POLICY, "policies") for path in _pages("policies")]
    guides = [_page(path, DocumentType.TECHNICAL, "guides") for path in _pages("guides")]
    questions = [document for path in _pages("faq") for document in _questions(path)]
    return (*policies, *questions, *guides)


def _pages(folder: str) -> list[Traversable]:
    return sorted((CONTENT / folder).iterdir(), key=lambda path: path.name)


def _page(path: Traversable, kind: DocumentType, folder: str) -> Document:
    title, body = _titled(path)
    stem = path.name.removesuffix(".md")
    return _document(f"{folder}-{stem}", kind, title, body, f"/{folder}/{stem}")


def _questions(path: Traversable) -> Iterator[Document]:
    _, body = _titled(path)
    stem = path.name.removesuffix(".md")
    _, *parts = _SECTION.split(body)
    for question, answer in zip(parts[::2], parts[1::2], strict=True):
        slug = _slug(question)
        yield _document(f"faq-{stem}-{slug}", DocumentType.FAQ, question.strip(), answer.strip(), f"/faq/{stem}#{slug}")


def _titled(path: Traversable) -> tuple[str, str]:
    title, _, body = path.read_text("utf-8").partition("\n")
    return title.removeprefix("# ").strip(), body.strip()


def _document(document_id: str, kind: DocumentType, title: str, text: str, source: str) -> Document:
    return Document(document_id=document_id, type=kind, title=title, text=text, source=source, updated_at=_REVISED)


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
