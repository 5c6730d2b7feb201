from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime

from app.demo.help_pages import help_pages
from graphs.models.composer.extract import cited
from graphs.sources import Sources
from graphs.verification.examine import examine
from graphs.verification.sentences import split
from retrievers.catalogue import DocumentType
from retrievers.records import Evidence
from tools.shop.policy import ShopPolicy


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


def test_every_sentence_of_a_policy_may_be_told() -> None:
    """None of them is taken for something that was done for one shopper."""
    told = 0
    for page in help_pages():
        if page.type is not DocumentType.TECHNICAL:
            own = Evidence(page.document_id, page.type, page.source, page.title, page.text, 1.0)
            sources = Sources({"1": own}, {}, {}, "USD")
            for line in page.text.splitlines():
                for sentence in () if line.startswith("#") else split(line):
                    told += 1
                    assert examine(cited(sentence.text, "1"), sources, "en").verdict == "supported", sentence.text
    assert told > 300


_SENTENCE = re.compile(r"[^.]+")
_WINDOW = re.compile(r"\b(?:return|refuse|exchang)\w* .*?within (\d+) days of delivery")
_WINDOW_IS = re.compile(r"\b(return|exchange) window is (\d+) days")
_SEASON = re.compile(r"\bordered from (\d+ \w+) to (\d+ \w+)")
_REFUND = re.compile(r"\brefunds?\b[^.]*? within (\d+) business days after we receive")


def _told(pattern: re.Pattern[str]) -> list[re.Match[str]]:
    return [found for page in help_pages() for found in pattern.finditer(page.text)]


def test_every_page_tells_the_window_that_is_checked() -> None:
    policy = ShopPolicy.load()
    told = [found for sentence in _told(_SENTENCE) if (found := _WINDOW.search(sentence.group()))]
    assert len(told) >= 8
    for found in told:
        rule = policy.exchange if "exchang" in found.group() else policy.returning
        season = _SEASON.search(found.string)
        ordered = _day(season.group(1) if season else "1 June")
        assert int(found.group(1)) == rule.window(ordered), found.string
    for found in _told(_WINDOW_IS):
        rule = policy.exchange if found.group(1) == "exchange" else policy.returning
        assert int(found.group(2)) == rule.window_days


def test_the_season_told_is_the_one_that_is_checked() -> None:
    policy = ShopPolicy.load()
    told = _told(_SEASON)
    assert len(told) >= 4
    days = {(f"{_day(found.group(1)):%m-%d}", f"{_day(found.group(2)):%m-%d}") for found in told}
    assert days == {season.ordered for rule in (policy.returning, policy.exchange) for season in rule.seasons}


def test_every_page_tells_the_days_a_refund_takes() -> None:
    told = _told(_REFUND)
    assert len(told) >= 4
    days = ShopPolicy.load().refund_days
    assert {int(found.group(1)) for found in told} == {days["credit_card"][1]} == {days["paypal"][1]}


def test_what_has_shipped_can_no_longer_be_cancelled_as_the_page_says() -> None:
    page = next(page for page in help_pages() if page.source == "/policies/order-changes")
    assert "An order that has shipped cannot be changed or canceled." in page.text
    policy = ShopPolicy.load()
    assert not {"processed", "delivered"} & {*policy.cancel.statuses, *policy.change.statuses}


def _day(said: str) -> datetime:
    return datetime.strptime(f"{said} 2026", "%d %B %Y").replace(tzinfo=UTC)
