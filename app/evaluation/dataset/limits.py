"""What a requirement may ask of a product, in the catalogue's own fields."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from app.evaluation.journeys.values import Stating, Text

Several = Text | list[Text]


class Span(Stating):
    min: float | None = None
    max: float | None = None


class Limits(Stating):
    """All of them at once; of a list of texts any one."""

    price: Span | None = None
    rating: Span | None = None
    in_stock: bool | None = None
    currency: Text | None = None
    brand: Several | None = None
    category: Several | None = Field(default=None, description="Any step of the path from broad to narrow.")
    kind: Several | None = Field(default=None, description="What the thing is, singular: 'running shoe'.")
    title: list[Text] | None = Field(default=None, min_length=1, description="Words that all occur in the title.")
    ids: list[Text] | None = Field(default=None, min_length=1)
    attributes: Mapping[str, bool | float | str | list[Text] | Span] | None = Field(default=None, min_length=1)
    but: Limits | None = Field(default=None, description="None of these may be so.")
