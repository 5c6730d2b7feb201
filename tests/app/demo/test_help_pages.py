from __future__ import annotations

from collections import Counter

from app.demo.help_pages import help_pages
from retrievers.catalogue import DocumentType


def test_every_policy_question_and_guide_is_a_document() -> None:
    counts = Counter(page.type for page in help_pages())
    assert counts[DocumentType.POLICY] >= 12
    assert counts[DocumentType.FAQ] >= 55
    assert counts[DocumentType.TECHNICAL] >= 6


def test_pages_have_unique_ids_and_open_where_they_say() -> None:
    pages = help_pages()
    assert len({page.document_id for page in pages}) == len(pages)
    assert len({page.source for page in pages}) == len(pages)
    assert all(page.source.startswith(("/policies/", "/faq/", "/guides/")) for page in pages)


def test_titles_leave_the_text_and_questions_keep_their_answers() -> None:
    returns = next(page for page in help_pages() if page.source == "/policies/returns")
    assert returns.title == "Returns"
    assert returns.text.startswith("You can return")
    questions = [page for page in help_pages() if page.type is DocumentType.FAQ]
    assert all("#" not in page.title and "## " not in page.text for page in questions)
