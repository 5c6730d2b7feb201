"""What buyers praise and complain about, each point with a review that says so."""

from __future__ import annotations

import asyncio
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from retrievers.catalogue import DocumentType
from retrievers.embedding.tokens import tokens
from retrievers.index.protocol import Index, IndexUnavailable, Query
from retrievers.records import Evidence, FilterItem
from tools.records import Action, Outcome, Session

_READ = 200  # reviews of one product; more repeat what these say
_POINTS = 3
_GOOD, _POOR = 4.0, 2.0  # stars from which a review is praise, up to which it is a complaint
_SENTENCE = re.compile(r"[^.!?…。]+[.!?…。]*")
_TURNS = re.compile(r"\b(?:but|however|although|though|except|unfortunately|only|wish)\b|지만|는데", re.IGNORECASE)
_WORDS = range(4, 31)  # in a sentence worth quoting

Stance = Literal["praise", "complaints"]


class ReviewsDigest(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    product_id: str = Field(description="A product that was shown or found.")


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence of a review, with the stems that tell what it is about."""

    text: str
    review: Evidence
    stance: Stance
    about: frozenset[str]


@dataclass(frozen=True, slots=True)
class ReviewsDigestTool:
    index: Index
    name: str = "reviews_digest"
    description: str = "What buyers of one product praise and complain about, with the reviews that say so."
    arguments: type[BaseModel] = ReviewsDigest
    effect: Literal["read"] = "read"

    async def __call__(self, arguments: BaseModel, session: Session) -> Outcome:
        product_id = ReviewsDigest.model_validate(arguments).product_id
        asked = {"product_id": product_id}
        try:
            product, reviews = await asyncio.to_thread(self._read, product_id)
        except IndexUnavailable:
            return Outcome(Action(self.name, asked, "failed", {"reason": "unavailable"}))
        if product is None:
            return Outcome(Action(self.name, asked, "refused", {"reason": "unknown_product", **asked}))
        points = digest(reviews, frozenset(tokens(product.title)))
        cited = {said.review.id: said.review for chosen in points.values() for said, _ in chosen}
        receipt = {**asked, "title": product.title, "reviews": len(reviews), **_told(points)}
        return Outcome(Action(self.name, asked, "done", receipt), tuple(cited.values()), products=(product_id,))

    def _read(self, product_id: str) -> tuple[Evidence | None, list[Evidence]]:
        found = self.index.fetch([f"{DocumentType.PRODUCT}/{product_id}"])
        about = FilterItem("product_id", "eq", product_id, "policy")
        (hits,) = self.index.search([Query(DocumentType.REVIEW, _READ, filters=(about,))])
        return (found[0] if found else None), [hit.evidence for hit in hits]


def digest(reviews: Sequence[Evidence], name: frozenset[str]) -> dict[Stance, list[tuple[Said, int]]]:
    """For each stance the sentences whose subject most reviews share, with the number of those reviews.

    No review and no subject is chosen twice. `name` are stems of the product's name, which every review holds.
    """
    said = [sentence for review in reviews for sentence in _sentences(review, name)]
    return {stance: _points([one for one in said if one.stance == stance]) for stance in ("praise", "complaints")}


def _points(said: Sequence[Said]) -> list[tuple[Said, int]]:
    voices = defaultdict[str, set[str]](set)
    for one in said:
        for stem in one.about:
            voices[stem].add(one.review.id)
    chosen: list[tuple[Said, int]] = []
    for stem in sorted(voices, key=lambda stem: (-len(voices[stem]), stem)):
        used = {one.review.id for one, _ in chosen}
        told = frozenset[str]().union(*(one.about for one, _ in chosen))
        fresh = [one for one in said if stem in one.about and one.review.id not in used]
        if stem not in told and fresh and len(chosen) < _POINTS:
            chosen.append((min(fresh, key=lambda one: (len(one.text), one.text)), len(voices[stem])))
    return chosen


def _sentences(review: Evidence, name: frozenset[str]) -> Iterator[Said]:
    rating = review.metadata.get("rating")
    if not isinstance(rating, int | float) or _POOR < rating < _GOOD:
        return
    for found in _SENTENCE.finditer(review.text):
        text = " ".join(found.group().split())
        about = frozenset(tokens(text)) - name
        if len(text.split()) in _WORDS and about:
            good = (rating >= _GOOD) != bool(_TURNS.search(text))
            yield Said(text, review, "praise" if good else "complaints", about)


def _told(points: dict[Stance, list[tuple[Said, int]]]) -> dict[str, list[dict[str, Any]]]:
    return {
        stance: [{"quote": said.text, "source": said.review.id, "voices": voices} for said, voices in chosen]
        for stance, chosen in points.items()
    }
