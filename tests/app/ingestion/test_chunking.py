from __future__ import annotations

import random
from itertools import pairwise

import pytest

from app.ingestion.chunking import chunks
from retrievers.catalogue import Document, DocumentType

POLICY = (
    """# Returns

Bring it back within 30 days. 영수증이 필요합니다.

## How\tlong do refunds take?

Five working days.

## Exceptions

"""
    + "Gift cards cannot be returned. Underwear cannot be returned. " * 30
)

WORDS = [
    "Bring",
    "it",
    "back.",
    "Really?",
    "Yes!",
    "3.5",
    "kg",
    "\n\n",
    "##",
    "\n# Head\n",
    "\t",
    "…",
    "반품은",
    "```\n",
    "e.g.",
    "a" * 300,
]


def document(text: str, kind: DocumentType = DocumentType.POLICY) -> Document:
    return Document(document_id="d", type=kind, title="Returns", text=text, source="returns.md")


@pytest.mark.parametrize("kind", list(DocumentType))
def test_offsets_locate_the_text(kind):
    found = chunks(document(POLICY, kind))
    assert len(found) > 1
    assert all(POLICY[chunk.start : chunk.end] == chunk.text for chunk in found)


def test_offsets_locate_the_text_whatever_it_is():
    draw = random.Random(5)
    for _ in range(200):
        text = "x" + " ".join(draw.choices(WORDS, k=draw.randrange(1, 250)))
        found = chunks(document(text, draw.choice(list(DocumentType))))
        assert found
        assert all(text[chunk.start : chunk.end] == chunk.text for chunk in found)
        assert [chunk.start for chunk in found] == sorted(chunk.start for chunk in found)


def test_every_word_of_prose_is_in_a_chunk():
    found = chunks(document(POLICY))
    covered = {position for chunk in found for position in range(chunk.start, chunk.end)}
    lost = "".join(c for position, c in enumerate(POLICY) if position not in covered)
    assert lost.replace("#", "").split() == ["Returns", "How", "long", "do", "refunds", "take?", "Exceptions"]


def test_sections_carry_their_heading_and_not_in_their_text():
    first, second, *_ = chunks(document(POLICY))
    assert (first.heading, first.text.split(".")[0]) == ("Returns", "Bring it back within 30 days")
    assert (second.heading, second.text) == ("How long do refunds take?", "Five working days.")


def test_one_question_is_one_chunk():
    faq = "# Orders\n\n## Can I cancel?\n\nYes, until it ships.\n\n## Can I change it?\n\nNo. Order anew."
    found = chunks(document(faq, DocumentType.FAQ))
    assert [(chunk.heading, chunk.text) for chunk in found] == [
        ("Can I cancel?", "Yes, until it ships."),
        ("Can I change it?", "No. Order anew."),
    ]


def test_long_policies_overlap_and_answers_do_not():
    long = "## Rules\n" + " ".join(f"Rule {n} says that item {n} stays." for n in range(60))
    policy, faq = chunks(document(long)), chunks(document(long, DocumentType.FAQ))
    assert all(after.start < before.end for before, after in pairwise(policy))
    assert all(after.start >= before.end for before, after in pairwise(faq))
    assert len(faq) > 1


def test_a_review_is_not_cut_at_what_looks_like_a_heading():
    (chunk,) = chunks(document("# 1 in my kitchen\n\nBoils fast.", DocumentType.REVIEW))
    assert chunk.text == "# 1 in my kitchen\n\nBoils fast."


def test_a_document_of_nothing_but_a_heading_is_kept():
    (chunk,) = chunks(document("# Closed on Sundays"))
    assert chunk.text == "# Closed on Sundays"
