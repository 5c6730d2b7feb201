from __future__ import annotations

from graphs.models.composer.extract import best_extract, cited, quotations
from retrievers.catalogue import DocumentType
from retrievers.embedding.tokens import tokens
from retrievers.records import Evidence


def document(text, title="Help"):
    return Evidence("policy/p", DocumentType.POLICY, "p.md", title, text, 0.5)


def asked(question):
    return frozenset(tokens(question))


def test_takes_the_document_and_the_sentences_about_the_question():
    far = document("We ship on weekdays. Parcels are insured.")
    near = document("Warranty claims need the receipt. The warranty of bags lasts 24 months. We like bags.")
    extract = best_extract([("1", far), ("2", near)], asked("warranty bags months"), 1)
    assert (extract.marker, extract.sentences) == ("2", ("The warranty of bags lasts 24 months.",))
    assert extract.coverage == 1.0


def test_wrapped_lines_are_joined_and_headings_list_marks_and_questions_left_out():
    text = "# Returns\n\nHow do returns work?\n\n- Return **unworn** shoes\nin their box.\n"
    extract = best_extract([("1", document(text))], asked("return shoes"), 3)
    assert extract.sentences == ("Return unworn shoes in their box.",)


def test_markers_written_into_a_document_are_taken_out():
    extract = best_extract([("1", document("Returns are free [7]."))], asked("returns"), 1)
    assert extract.sentences == ("Returns are free.",)


def test_no_document_no_extract():
    assert best_extract([], asked("returns"), 3) is None
    assert best_extract([("1", document("# Only a heading"))], asked("returns"), 3) is None


def test_quotations_read_well_by_themselves():
    assert quotations("Nice. Bad!") == []
    assert quotations("Nice. The zip broke after two weeks of use!") == ["The zip broke after two weeks of use"]


def test_answer_to_the_same_question_comes_before_what_says_more():
    rule = document("We match prices of shops. We do not match prices that need a coupon.", "Price match")
    answer = Evidence(
        "faq/p", DocumentType.FAQ, "f.md", "Do you match prices?", "Yes, within 14 days. Ask by chat.", 0.4
    )
    extract = best_extract([("1", rule), ("2", answer)], asked("match prices"), 3)
    assert (extract.marker, extract.sentences) == ("2", ("Yes, within 14 days.", "Ask by chat."))
    other = best_extract([("1", rule), ("2", answer)], asked("match prices coupon"), 1)
    assert (other.marker, other.direct) == ("1", False)


def test_marker_stands_before_the_full_stop():
    assert cited("It is free.", "3") == "It is free [3]."
    assert cited("It is free", "3") == "It is free [3]."
