from __future__ import annotations

from app.evaluation.evaluators.citations import citation_quality, cited_sources, unsupported_claims

PAGE = {"marker": "1", "id": "policy/returns-1", "source": "/policies/returns"}
SHOPPER = {"marker": "F1", "id": "user_profile:budget_limit", "source": "your budget"}


def test_precision_and_recall_are_the_receipts() -> None:
    outputs = {"receipt": {"citation_quality": {"precision": 0.5, "recall": 1.0}}}
    assert [each["score"] for each in citation_quality({}, outputs, {})] == [0.5, 1.0]
    assert [each["score"] for each in citation_quality({}, {}, {})] == [None, None]


def test_claims_without_support_are_a_share_of_the_claims() -> None:
    said = [("It costs $5", "supported"), ("It is warm", "uncertain"), ("Hello", "not_a_claim")]
    outputs = {"claims": [{"text": text, "verdict": verdict} for text, verdict in said]}
    result = unsupported_claims({}, outputs, {})
    assert (result["score"], result["comment"]) == (0.5, "It is warm")
    assert unsupported_claims({}, {"claims": outputs["claims"][:1]}, {})["score"] == 0
    assert unsupported_claims({}, {"claims": outputs["claims"][2:]}, {})["score"] is None


def test_the_pages_and_kinds_that_had_to_be_cited() -> None:
    outputs = {"citations": [PAGE, SHOPPER]}
    reference = {"cites": {"sources": ["/faq/returns|/policies/returns"], "kinds": ["policy", "feature"]}}
    assert cited_sources({}, outputs, reference)["score"] == 1
    half = cited_sources({}, {"citations": [PAGE]}, {"cites": {"kinds": ["policy", "review"]}})
    assert (half["score"], half["comment"]) == (0.5, "missing review; cited /policies/returns")
    assert cited_sources({}, {"citations": []}, reference)["score"] == 0
    assert cited_sources({}, outputs, {})["score"] is None
