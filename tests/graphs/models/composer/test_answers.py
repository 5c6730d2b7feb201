"""What the composer says for each kind of question, in both languages."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from graphs.prompts.phrases import Phrases
from graphs.sources import Sources
from graphs.verification.verify import verify
from retrievers.records import FilterItem, FilterPlan, ItemFacts, Reading, Reason, SortBy
from tests.graphs.models.composer.conftest import COATS, EVERY_REASON

MARKER = re.compile(r"\[(F?\d+)\]")
LANGUAGES = pytest.mark.parametrize("lang", ["en", "ko"])
KINDS = pytest.mark.parametrize("kind", ["jonas", "matching", "comparing", "returning"])


def sources_text(context):
    """Every figure an answer may hold, as the sources write it."""
    sources = Sources.of(context)
    parts = [f"{item.text} {item.title} {item.metadata}" for item in sources.evidence.values()]
    parts += [str(value.value) for value in sources.features.values()]
    parts += [f"{facts.price:.2f} {facts.rating}" for facts in sources.items.values()]
    parts += [f"{item.value:.2f}" for item in context.plan.honoured]
    return " ".join(parts)


@KINDS
@LANGUAGES
def test_every_marker_exists_and_every_figure_comes_from_a_source(kind, lang, say, request):
    context = request.getfixturevalue(kind)
    answer = say(context, lang)
    sources = Sources.of(context)
    markers = MARKER.findall(answer)
    assert markers
    assert set(markers) <= {*sources.evidence, *sources.features}
    figures = re.findall(r"\d+(?:\.\d+)?", MARKER.sub("", answer))
    assert figures
    assert [figure for figure in figures if figure.removesuffix(".00") not in sources_text(context)] == []


@KINDS
@LANGUAGES
def test_same_turn_same_answer_and_short(kind, lang, say, request):
    context = request.getfixturevalue(kind)
    assert say(context, lang) == say(context, lang)
    assert len(say(context, lang).split()) <= 120


def test_open_question_starts_with_the_fact_behind_the_products(say, jonas):
    answer = say(jonas)
    assert answer.startswith("You recently browsed winter coats for 20 minutes, so I looked there first [F1][F2].")
    assert "Fjellrev Aurora Parka: it costs $289.00, rated 4.7 stars, within your $300 budget [1][F3]." in answer
    assert answer.count("budget") == 1


def test_opening_follows_the_reasons_not_the_features(say, jonas):
    budget = tuple(reason for reason in jonas.reasons["COAT-1"] if reason.kind == "budget_limit")
    assert say(replace(jonas, reasons={"COAT-1": budget})).startswith("Your budget is $300, so I kept to it [F3].")
    assert say(replace(jonas, reasons={})).startswith("Here is what I would look at.")


def test_defaults_are_marked_and_never_told_as_the_shoppers_own(say, jonas):
    typical = {name: replace(value, status="default") for name, value in jonas.features.items()}
    answer = say(replace(jonas, features=typical, notices=("defaults_used",)))
    assert answer.startswith("I do not know your tastes yet")
    assert "[F" not in answer


def test_amount_that_the_fact_does_not_hold_is_not_cited(say, jonas):
    ceiling = Reason("budget_limit", "user_profile:budget_limit", {"amount": 450.0, "currency": "USD"})
    answer = say(replace(jonas, reasons={"COAT-1": (ceiling,)}))
    assert "450" not in answer
    assert answer.startswith("Your budget is $300, so I kept to it [F3].")


@LANGUAGES
def test_price_past_its_age_is_to_be_confirmed(lang, say, jonas):
    stale = {**jonas.items, "COAT-1": ItemFacts("COAT-1", 289.0, 5, 4.7, stale=True), "COAT-2": ItemFacts("COAT-2")}
    answer = say(replace(jonas, items=stale), lang)
    assert answer.count({"en": "price to be confirmed", "ko": "가격 확인 필요"}[lang]) == 2
    assert "289" not in answer
    assert "189" not in answer
    assert answer.count("$300") == answer.count("[3][F3]") == 1  # only a known price can keep to the budget


def test_sold_out_is_said(say, jonas):
    gone = {**jonas.items, "COAT-2": replace(jonas.items["COAT-2"], stock=0)}
    assert "Nordlys Wool Overcoat costs $189.50, rated 4.2 stars, out of stock [2]" in say(replace(jonas, items=gone))


def test_match_names_the_limit_the_attribute_and_a_review(say, matching):
    answer = say(matching)
    assert answer.startswith("Here is what I found within $300 [1][2][3].")
    assert "weight 480 g" in answer
    assert "fill" not in answer
    quote = "“The hood kept the wind out on every morning walk with the dog”"
    assert f"A buyer of Fjellrev Aurora Parka says: {quote} [4][1]." in answer


@pytest.mark.parametrize(
    "text", ["I bought it in the sale. Great!", "A solid winter coat all told.", "I wear a size 40."]
)
def test_review_that_says_nothing_of_the_product_is_not_quoted(text, say, matching):
    empty = replace(matching.evidence[3], text=text)
    assert "says" not in say(replace(matching, evidence=(*matching.evidence[:3], empty)))


def test_rating_is_said_with_one_decimal(say, jonas):
    rated = {key: replace(facts, rating=4.25) for key, facts in jonas.items.items()}
    answer = say(replace(jonas, items=rated))
    assert answer.count("rated 4.3 stars") == 3
    assert verify(answer, Sources.of(jonas), "en").rejected
    assert not verify(answer, Sources.of(replace(jonas, items=rated)), "en").rejected


def test_every_product_shown_is_cited(say, jonas):
    more = tuple(replace(jonas.evidence[0], id=f"product/X-{number}") for number in range(2))
    answer = say(replace(jonas, evidence=(*jonas.evidence, *more)))
    assert all(f"[{marker}]" in answer for marker in range(1, len(jonas.evidence) + 3))
    assert "Also worth a look" not in say(jonas)


def test_limit_is_not_claimed_by_a_product_that_breaks_it(say, matching):
    dear = {**matching.items, "COAT-1": replace(matching.items["COAT-1"], price=310.0)}
    assert "within" not in say(replace(matching, items=dear))


def test_another_kind_of_product_is_offered_as_nearest(say, matching):
    def begins(question, **reading):
        return say(replace(matching, reading=Reading(question, "product", question, **reading)))

    assert begins("umbrella", head="umbrella").startswith("I could not find exactly that")
    assert begins("coat", head="coat").startswith("Here is what I found")
    assert begins("elephant").startswith("I could not find exactly that")
    assert begins("겨울 코트").startswith("Here is what I found")


def test_what_only_goes_with_the_thing_asked_for_is_left_out(say, matching):
    coat, *others = matching.evidence[:3]
    hanger = replace(coat, title="Coat hanger", metadata={**coat.metadata, "kind": "coat hanger"})
    asked = replace(matching.reading, head="coat")
    mixed = replace(matching, evidence=(hanger, *others), reading=asked)
    assert "hanger" not in say(mixed)
    assert "Coat hanger" in say(replace(mixed, evidence=(hanger,)))


def test_what_is_far_less_relevant_is_left_out(say, matching):
    coat, far, *_ = matching.evidence
    answer = say(replace(matching, evidence=(coat, replace(far, score=coat.score / 3))))
    assert coat.title in answer
    assert far.title not in answer


def test_relaxed_and_replaced_limits_are_told(say, jonas):
    usual = FilterItem("price", "lte", 120.0, "behavioural", "too few products were left")
    saved = FilterItem("price", "lte", 300.0, "declared", "replaced by what you asked for now")
    assert "so I looked further" in say(replace(jonas, plan=FilterPlan(relaxed=(usual,))))
    replaced = replace(jonas, plan=FilterPlan(dropped=(saved,)))
    assert "since you gave another one" in say(replaced)
    assert "since you gave another one" not in say(replace(replaced, notices=("limits_unreadable",)))


def test_comparison_gives_both_the_same_attributes_and_says_whom_each_suits(say, comparing):
    answer = say(comparing)
    assert "Fjellrev Aurora Parka costs $289.00, rated 4.7 stars, weight 1200 g [1]." in answer
    assert "Nordlys Wool Overcoat costs $189.50, rated 4.2 stars, weight 1650 g [2]." in answer
    assert "For the best price, take Nordlys Wool Overcoat [2]." in answer
    assert "For the best rating, take Fjellrev Aurora Parka [1]." in answer


def test_comparison_claims_no_best_price_on_a_tie_or_without_a_price(say, comparing):
    tie = {key: replace(facts, price=200.0) for key, facts in comparing.items.items()}
    unknown = {**comparing.items, "COAT-2": replace(comparing.items["COAT-2"], price=None)}
    assert "best price" not in say(replace(comparing, items=tie))
    assert "best price" not in say(replace(comparing, items=unknown))


def test_comparison_of_one_says_so(say, comparing):
    assert "could not find a second product" in say(replace(comparing, evidence=comparing.evidence[:1]))


def test_policy_is_quoted_from_the_document_that_answers(say, returning):
    assert say(returning) == "You can return unworn items within 30 days of delivery [2]."
    shipping = replace(returning.reading, question="How much is express shipping?")
    assert "Express shipping costs $12 [1]." in say(replace(returning, reading=shipping))


def test_partial_answer_is_marked_as_closest_and_no_answer_is_said(say, returning):
    partly = replace(returning.reading, question="Do refunds cover yoga studio classes?")
    far = tuple(replace(item, score=0.3) for item in returning.evidence)  # not near in meaning either
    answer = say(replace(returning, reading=partly, evidence=far))
    assert answer.startswith("I could not find a direct answer")
    assert "Refunds reach your card within 5 business days [2]." in answer
    nothing = replace(returning.reading, question="Do you teach yoga?")
    answer = say(replace(returning, reading=nothing, evidence=far))
    assert answer.startswith("The store's information does not answer that.")


def test_korean_question_is_answered_by_the_english_words_its_reading_gave(say, returning):
    korean = replace(returning.reading, question="반품은 며칠 안에 해야 하나요?", terms="반품은 return")
    answer = say(replace(returning, reading=korean, evidence=returning.evidence[::-1]), "ko")
    assert answer.startswith("You can return unworn items within 30 days of delivery [1].")


def test_korean_question_without_known_words_gets_the_best_ranked_english_document_as_closest(say, returning):
    korean = replace(returning.reading, question="반품은 며칠 안에 해야 하나요?", terms="반품은")
    answer = say(replace(returning, reading=korean, evidence=returning.evidence[::-1]), "ko")
    assert answer.startswith("바로 답이 되는 내용을 찾지 못했습니다.")
    assert "[1]" in answer


def test_without_any_evidence_it_says_so_and_suggests(say, jonas):
    answer = say(replace(jonas, evidence=(), reading=Reading("what is love?", "product", "love")))
    assert answer.startswith("The store's information does not answer that.")
    assert answer.endswith("?")


def test_notices_come_first(say, jonas):
    answer = say(replace(jonas, notices=("features_down", "limits_unreadable")))
    assert answer.startswith("I cannot read your profile right now")


def test_title_that_looks_like_a_citation_cites_nothing(say, jonas):
    tricky = replace(jonas.evidence[0], title="Parka [2] [F1]")
    answer = say(replace(jonas, evidence=(tricky, *jonas.evidence[1:])))
    assert "Parka (2) (F1)" in answer


@KINDS
@LANGUAGES
def test_every_sentence_passes_the_verifier(kind, lang, say, request):
    context = request.getfixturevalue(kind)
    answer = say(context, lang)
    verification = verify(answer, Sources.of(context), lang)
    assert [(claim.text, claim.checks) for claim in (each.claim for each in verification.rejected)] == []
    assert verification.answer == answer
    assert verification.citations


@LANGUAGES
@pytest.mark.parametrize("reason", EVERY_REASON, ids=lambda reason: reason.kind)
def test_every_reason_passes_the_verifier_in_the_opening_and_beside_a_product(reason, lang, say, shopper, jonas):
    """The second product's reason is told beside it, because the opening tells the first one's."""
    other = Reason("last_viewed_category", "user_session:last_viewed_category", {"category": "Bedding"})
    first = other if reason.kind != other.kind else EVERY_REASON[0]
    for reasons in ({"COAT-1": (reason,)}, {"COAT-1": (first,), "COAT-2": (reason,)}):
        context = replace(jonas, features=shopper, reasons=reasons)
        verification = verify(say(context, lang), Sources.of(context), lang)
        assert [(claim.text, claim.checks) for claim in (each.claim for each in verification.rejected)] == []


@LANGUAGES
@pytest.mark.parametrize(
    "notice",
    ["features_down", "index_down", "both_down", "model_down", "limits_unreadable", "no_match", "defaults_used"],
)
def test_notices_survive_the_verifier(notice, lang, say, jonas):
    context = replace(
        jonas,
        notices=(notice,),
        plan=FilterPlan(
            relaxed=(FilterItem("price", "lte", 120.0, "behavioural"),),
            dropped=(FilterItem("price", "lte", 300.0, "declared"),),
        ),
    )
    answer = say(context, lang)
    assert Phrases.load(lang).notice(notice) in answer
    assert verify(answer, Sources.of(context), lang).answer == answer


@LANGUAGES
def test_admissions_survive_the_verifier(lang, say, jonas, comparing, returning):
    nothing = replace(returning.reading, question="Do you teach yoga?")
    partly = replace(returning.reading, question="Do refunds cover yoga studio classes?")
    contexts = [
        replace(jonas, evidence=(), notices=("no_match",)),
        replace(jonas, evidence=()),
        replace(comparing, evidence=comparing.evidence[:1]),
        replace(returning, reading=nothing),
        replace(returning, reading=partly),
        replace(jonas, reading=Reading("an umbrella", "product", "umbrella", head="umbrella")),
        replace(jonas, items={}),
    ]
    for context in contexts:
        answer = say(context, lang)
        assert verify(answer, Sources.of(context), lang).answer == answer


@LANGUAGES
def test_fewer_than_asked_for_is_said(lang, say, matching):
    few = Phrases.load(lang).say("too_few")
    for show, told in ((4, True), (3, False), (None, False)):
        context = replace(matching, reading=replace(matching.reading, show=show))
        answer = say(context, lang)
        assert (few in answer) is told
        assert verify(answer, Sources.of(context), lang).answer == answer


@LANGUAGES
@pytest.mark.parametrize("intent", ["product", "open"])
def test_a_list_in_another_order_is_introduced_as_one(intent, lang, say, matching):
    reading = replace(
        matching.reading, intent=intent, only=("COAT-1", "COAT-2", "COAT-3"), again=True, sort=SortBy("price")
    )
    context = replace(matching, reading=reading)
    answer = say(context, lang)
    assert Phrases.load(lang).say("arranged") in answer
    assert verify(answer, Sources.of(context), lang).answer == answer


def test_the_best_price_is_the_best_of_all_that_are_compared(say, comparing):
    cheap = replace(COATS[2], id="product/COAT-9", metadata={**COATS[2].metadata, "product_id": "COAT-9"})
    shelf = {**comparing.items, "COAT-9": replace(comparing.items["COAT-3"], product_id="COAT-9", price=12.0)}
    answer = say(
        replace(comparing, evidence=(*COATS, cheap), items=shelf, reading=replace(comparing.reading, named=()))
    )
    assert "For the best price, take Skarv Storm Shell [4]" in answer
