from __future__ import annotations

from retrievers.catalogue import DocumentType
from retrievers.index.protocol import Hit, IndexUnavailable
from retrievers.records import Evidence
from tools.records import Session
from tools.reviews import ReviewsDigestTool, digest

REVIEWS = (
    (5, "The zip runs smoothly every time. I wore it all winter."),
    (4, "A smooth zip that never caught. The hood is too small, but warm."),
    (5, "It keeps me warm at minus ten."),
    (1, "The seam tore after two weeks."),
    (2, "One seam came open in the wash. The zip is smooth though."),
    (3, "It is a coat and it does coat things."),
)


def _review(number: int, rating: float, text: str) -> Evidence:
    metadata = {"product_id": "coat-1", "rating": rating}
    return Evidence(f"review/{number}", DocumentType.REVIEW, f"reviews/{number}", "Review", text, 0.0, metadata)


ALL = [_review(number, rating, text) for number, (rating, text) in enumerate(REVIEWS)]
PRODUCT = Evidence("product/coat-1", DocumentType.PRODUCT, "x", "Fjell winter coat", "", 0.0, {"product_id": "coat-1"})


class Reviews:
    def __init__(self, reviews=ALL, down: bool = False) -> None:
        self.reviews, self.down = reviews, down

    def fetch(self, ids):
        if self.down:
            raise IndexUnavailable("switched off")
        return [PRODUCT] if ids == ["product/coat-1"] else []

    def search(self, queries):
        (query,) = queries
        wanted = [(item.field, item.value) for item in query.filters]
        own = [review for review in self.reviews if ("product_id", review.metadata["product_id"]) in wanted]
        return [[Hit(review, None) for review in own]]


async def _digest(index, product_id: str = "coat-1"):
    tool = ReviewsDigestTool(index)
    return await tool(tool.arguments.model_validate({"product_id": product_id}), Session("mina", "t", "1"))


def test_what_most_reviews_share_comes_first() -> None:
    points = digest(ALL, frozenset())
    first, voices = points["praise"][0]
    assert "zip" in first.text
    assert voices >= 2
    complaint, voices = points["complaints"][0]
    assert "seam" in complaint.text
    assert voices == 2


def test_a_turn_in_a_good_review_is_a_complaint_and_the_other_way_round() -> None:
    said = {one.text: stance for stance, chosen in digest(ALL, frozenset()).items() for one, _ in chosen}
    assert said.get("The hood is too small, but warm.", "complaints") == "complaints"
    assert said.get("The zip is smooth though.", "praise") == "praise"


def test_no_review_is_quoted_twice_for_one_stance_and_lukewarm_ones_never() -> None:
    for chosen in digest(ALL, frozenset()).values():
        ids = [one.review.id for one, _ in chosen]
        assert len(ids) == len(set(ids))
        assert "review/5" not in ids


async def test_every_point_names_a_review_that_comes_along() -> None:
    outcome = await _digest(Reviews())
    receipt = outcome.action.receipt
    assert receipt["reviews"] == len(ALL)
    quoted = [point for stance in ("praise", "complaints") for point in receipt[stance]]
    texts = {item.id: item.text for item in outcome.evidence}
    assert quoted
    assert all(point["quote"] in texts[point["source"]] for point in quoted)


async def test_no_reviews_no_product_no_index() -> None:
    assert (await _digest(Reviews([]))).action.receipt["praise"] == []
    assert (await _digest(Reviews(), "coat-9")).action.receipt["reason"] == "unknown_product"
    assert (await _digest(Reviews(down=True))).action.status == "failed"
