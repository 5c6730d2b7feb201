"""What a catalogue and a document collection look like once loaded, whatever file they came from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from retrievers.document_type import DocumentType as DocumentType

AttributeValue = str | float | bool | list[str]


class Product(BaseModel):
    """One row of a catalogue. Only id and title are required; what is unknown is None, never zero."""

    model_config = ConfigDict(frozen=True)

    product_id: Annotated[str, Field(min_length=1)]
    title: Annotated[str, Field(min_length=1)]
    brand: str | None = None
    category: tuple[str, ...] = ()  # broad to narrow, e.g. ("Running", "Running shoes")
    kind: str | None = (
        None  # what the thing is, singular, lower case: "running shoe"; inferred at ingestion when absent
    )
    description: str = ""
    price: Annotated[float, Field(ge=0)] | None = None  # in units of `currency`
    currency: str = "USD"
    stock: Annotated[int, Field(ge=0)] | None = None
    rating: Annotated[float, Field(ge=0, le=5)] | None = None
    rating_count: Annotated[int, Field(ge=0)] | None = None
    popularity: float | None = None  # any non-negative scale; only its order within the catalogue is used
    attributes: Mapping[str, AttributeValue] = Field(default_factory=dict)
    identifiers: tuple[str, ...] = ()  # EAN, SKU, model number
    image_url: str | None = None
    url: str | None = None
    updated_at: datetime | None = None


class Document(BaseModel):
    """A text that is not a product card: a review, an answer to a frequent question, a policy, a manual."""

    model_config = ConfigDict(frozen=True)

    document_id: Annotated[str, Field(min_length=1)]  # stable over reloads; unique within its type
    type: DocumentType
    title: str
    text: Annotated[str, Field(min_length=1)]
    source: str  # where a reader can open it: a path or URL the shop trusts
    product_id: str | None = None  # for reviews and technical documents
    rating: Annotated[float, Field(ge=0, le=5)] | None = None  # for reviews
    lang: str = "en"
    updated_at: datetime | None = None
