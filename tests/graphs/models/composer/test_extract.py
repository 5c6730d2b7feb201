from __future__ import annotations

from dataclasses import replace

from graphs.models.composer.extract import Extract, cited, quotations, ranked_extracts
from retrievers.catalogue import DocumentType
from retrievers.embedding.tokens import tokens
from retrievers.records import Evidence


def document(text, title="Help"):
    return Evidence("policy/p", DocumentType.POLICY, "p.md", title, text, 0.5)


def asked(question):
    return frozenset(tokens(question))


def best_extract(documents, asked_for, count) -> Extract | None:
    return next(iter(ranked_extracts(documents, asked_for, count)), None)


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


def test_the_nearer_passage_answers_though_another_shares_more_words():
    near = replace(document("A change of mind costs $4.95."), score=0.6)
    far = replace(document("If it arrives damaged we send it back to you and send another."), score=0.33)
    assert best_extract([("1", far), ("2", near)], asked("cost send back"), 2).marker == "2"


def test_the_word_that_makes_it_a_question_to_the_store_counts():
    sizes = replace(document("Gloves fit a palm of 18 cm."), score=0.4)
    returns = replace(document("You can return what is unworn."), score=0.35)
    found = ranked_extracts([("1", sizes), ("2", returns)], asked("return gloves"), 1, subject=asked("return"))
    assert [extract.marker for extract in found] == ["2", "1"]


def test_instructions_are_read_on_and_a_passage_without_the_words_from_its_beginning():
    guide = replace(
        document("Empty pockets. Close zips. Mend tears before the wash. Rinse."), type=DocumentType.TECHNICAL
    )
    assert best_extract([("1", guide)], asked("wash"), 3).sentences[0] == "Empty pockets."
    page = document("We pay within 5 days. Your bank may need 3 more. We write to you.")
    assert best_extract([("1", page)], asked("money"), 1).sentences[0] == "We pay within 5 days."


def test_what_few_passages_say_tells_more_than_what_all_of_them_say():
    prices = replace(document("We match prices of other shops and answer quickly."), score=0.5)
    ours = replace(document("Our own lower prices match too."), score=0.5)
    sellers = replace(document("Prices of marketplace sellers are not for us to match."), score=0.42)
    found = ranked_extracts([("1", prices), ("2", ours), ("3", sellers)], asked("match prices marketplace"), 1)
    assert found[0].marker == "3"


def test_a_frequent_answer_is_told_from_its_yes_or_no():
    answer = Evidence("faq/1", DocumentType.FAQ, "f", "Weekends?", "No, from Monday to Friday. Saturday is none.", 0.5)
    said = best_extract([("1", answer)], asked("is Saturday a day"), 2).sentences
    assert said == ("No, from Monday to Friday.", "Saturday is none.")
