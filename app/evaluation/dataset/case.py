"""A case: what a shopper says, turn by turn, and what must hold of the last answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, get_args

from pydantic import Field, model_validator

from app.evaluation.dataset.limits import Limits
from app.evaluation.journeys.expectation import AsksBack, ExpectedAction, SourceKind
from app.evaluation.journeys.journey import Given
from app.evaluation.journeys.values import Count, Shown, Stating, Strict, Text, turns_named
from graphs.turn import Lang
from retrievers.records import Part

Capability = Literal[
    "search",
    "constraints",
    "attributes",
    "comparison",
    "personal",
    "cold start",
    "policy",
    "reviews",
    "follow-ups",
    "clarification",
    "orders",
    "refusals",
    "degraded",
]
Source = Literal["query", "profile", "clarification", "policy"]
Mode = Literal["strict", "unordered", "subset", "superset"]
Order = Literal["price", "-price", "rating", "-rating", "popularity", "-popularity"]
Grade = Annotated[int, Field(ge=1, le=10)]
_SAY_NOTHING = frozenset({"exists", "source", "thresholds"})  # on their own


class Shows(Stating):
    """Of the products: exactly these, in any order, or none that an earlier turn showed."""

    ids: list[Text] | None = Field(default=None, min_length=1)
    earlier: list[Shown] | None = Field(default=None, min_length=1, description="By where they were shown.")
    unseen: Literal[True] | None = None


class ProductFact(Strict):
    product: Text
    field: Text = Field(description="price, rating, ... or an attribute.")


class PageFact(Strict):
    """One of these wordings has to be told; at least one of them stands on the page."""

    source: Text
    says: list[Text] = Field(min_length=1)


class Cites(Stating):
    sources: list[Text] | None = Field(default=None, min_length=1, description="/faq/orders|/policies/orders: either.")
    kinds: list[SourceKind] | None = Field(default=None, min_length=1)


class Features(Stating):
    """By Feast's reference, `view:feature`. `may`: all that may be used; without it, whatever is the shopper's own."""

    may: list[Text] | None = None
    must: list[Text] | None = Field(default=None, min_length=1)


class Actions(Stating):
    include: list[ExpectedAction] | None = Field(default=None, min_length=1)
    forbidden: list[Text] | None = Field(default=None, min_length=1, description="Tools that may not get anywhere.")


class Reference(Strict):
    """What must hold of the last answer; `requires` by who asks it."""

    requires: Mapping[Source, Limits] = {}
    source: Source | None = Field(default=None, description="Who asks for the rest, where nothing is in `requires`.")
    exists: bool = Field(default=True, description="Whether the shop has a product that keeps all of `requires`.")
    count: Count | None = None
    order_by: Order | None = Field(default=None, description="A minus: the highest first.")
    shows: Shows | None = None
    relevant: Mapping[str, Grade] | Limits | None = Field(default=None, description="Grades by id, or whatever keeps.")
    tells: list[ProductFact | PageFact] | None = Field(default=None, min_length=1)
    cites: Cites | None = None
    features: Features | None = None
    trajectory: Mapping[Mode, list[Text | list[Text]]] | None = Field(default=None, min_length=1)
    refuses: bool | None = None
    actions: Actions | None = None
    asks_back: AsksBack | None = None
    degraded: list[Part] | None = Field(default=None, min_length=1, description="Exactly these parts.")
    thresholds: Mapping[Text, float] = Field(default={}, description="What is only measured else, or need not be 1.")

    @model_validator(mode="after")
    def _requires_something(self) -> Reference:
        stated = {name for name in self.model_fields_set - _SAY_NOTHING if getattr(self, name) not in (None, {})}
        if not stated and not self.thresholds:
            raise ValueError("requires nothing: give it at least one expectation")
        if bool(self.requires) == bool(self.source):
            raise ValueError("needs either requires or source, which say who asks for it")
        if not self.exists and not self.requires:
            raise ValueError("exists: false needs requires: what no product keeps")
        return self

    @property
    def sources(self) -> tuple[Source, ...]:
        return tuple(self.requires) or ((self.source,) if self.source else ())


class DatasetCase(Strict):
    """`turns` are said one after the other; the last answer is judged."""

    id: Text
    capability: Capability
    tags: list[Text] = Field(default=[])
    shopper: Text = Field(description="A shopper's id, or new.")
    lang: Lang = "en"
    given: Given = Given()
    turns: list[Text] = Field(min_length=1)
    expect: Reference

    @model_validator(mode="after")
    def _compares_with_what_was_before(self) -> DatasetCase:
        shows = self.expect.shows
        later = [turn for turn in turns_named([shows, self.expect.actions]) if turn >= len(self.turns)]
        if later:
            raise ValueError(f"expect names turn {later[0]}, which is not before the last")
        if shows and shows.unseen and len(self.turns) == 1:
            raise ValueError("shows.unseen needs a turn before the last")
        return self

    @property
    def called(self) -> str:
        return f"case {self.id!r}"

    @property
    def breaks_the_model(self) -> bool:
        return "model" in self.given.down


CAPABILITIES: tuple[Capability, ...] = get_args(Capability)
