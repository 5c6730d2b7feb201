"""The records that cross walls: frozen, typed, with closed enumerations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from retrievers.catalogue import DocumentType

Clock = Callable[[], datetime]  # timezone-aware, UTC

FeatureStatus = Literal["online", "default", "onboarding", "stale", "missing"]
FilterOp = Literal["lte", "gte", "eq", "in", "not_in"]
FilterOrigin = Literal["stated", "declared", "behavioural", "policy"]
Part = Literal["features", "index", "items", "rerank", "model", "memory", "traces", "rail"]
DegradationKind = Literal["slow", "error", "down", "empty", "stale", "mismatch"]


@dataclass(frozen=True, slots=True)
class FeatureValue:
    """One feature as it was read. `name` is Feast's reference, `view:feature`.

    A stale value keeps its number for display but `used` is False: nothing may be decided by it.
    """

    name: str
    value: Any
    status: FeatureStatus
    event_time: datetime | None = None
    age_s: float | None = None
    used: bool = False  # whether it decided anything this turn; set by the plan and the re-rank

    @property
    def readable(self) -> bool:
        """Whether a decision may rest on this value."""
        return self.value is not None and self.status in ("online", "default", "onboarding")


ShopperFeatures = Mapping[str, FeatureValue]  # keyed by `view:feature`


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """Live facts about one product. Each field is None when unknown or past its hard age."""

    product_id: str
    price: float | None = None
    stock: int | None = None
    rating: float | None = None
    rating_count: int | None = None
    popularity: float | None = None
    event_time: datetime | None = None
    age_s: float | None = None
    stale: bool = False  # a row existed but is past its hard age: "price to be confirmed"
    order_share: float | None = None  # of recent orders, [0, 1]
    trend: float | None = None  # recent orders against its usual ones; 1 is as ever
    repurchase_rate: float | None = None  # share of its buyers' later orders that held it again, [0, 1]
    bought_together: Mapping[str, float] | None = None  # product_id -> strength, (0, 1]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage the answer may cite. `id` is the document's and stable over reindexing.

    For products `metadata` is the catalogue row as plain JSON (see `retrievers.catalogue.Product`); for chunks of
    documents it holds `document_id`, `product_id`, `rating`, `lang`, and the chunk's `start` and `end` in the document.
    """

    id: str
    type: DocumentType
    source: str
    title: str
    text: str
    score: float
    metadata: Mapping[str, Any] = field(default_factory=dict)
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class FilterItem:
    """One condition. `value` is a number, a string, or a tuple of strings (in, not_in).

    `field` is a payload field, or `attribute:a|b`: a figure of any of these attributes, whether one is "yes", or one of
    the values it may have.
    """

    field: str
    op: FilterOp
    value: float | str | tuple[str, ...]
    origin: FilterOrigin
    reason: str = ""  # why it is here, or why it was relaxed or dropped
    feature: str | None = None  # the `view:feature` it came from, if any
    unit: str | None = None  # of a figure about an attribute, as named in `retrievers.measures`
    set_aside: bool = False  # dropped because the shopper wants this answer without it


@dataclass(frozen=True, slots=True)
class FilterPlan:
    honoured: tuple[FilterItem, ...] = ()
    relaxed: tuple[FilterItem, ...] = ()
    dropped: tuple[FilterItem, ...] = ()


@dataclass(frozen=True, slots=True)
class Degradation:
    """A part that did not do its work this turn. `detail` is for operators, never a stack trace."""

    part: Part
    kind: DegradationKind
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a product stands where it stands. Exists only if removing `feature` worsens its place or its presence.

    `kind` names a phrase in the language files; `params` fills it in.
    """

    kind: str
    feature: str
    params: Mapping[str, Any] = field(default_factory=dict)


Intent = Literal["open", "product", "compare", "policy", "courtesy", "action"]
Courtesy = Literal["greeting", "thanks", "farewell"]


@dataclass(frozen=True, slots=True)
class SortBy:
    """`field` is one of price, rating, popularity, updated_at, or `attribute:name`."""

    field: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What the shopper said, read without a model.

    `terms` are the words to search for, limits and courtesies taken out. `open` questions name no product at all,
    those that `compare` without `named` products compare the best of one kind.
    `asks_how`: the form asks about something rather than for it; what the search finds decides which it was.
    """

    question: str
    intent: Intent
    terms: str
    head: str | None = None  # stem of what is asked for: "printer" in "A4 laser printer under 200"
    limits: tuple[FilterItem, ...] = ()  # stated conditions
    foreign: tuple[FilterItem, ...] = ()  # stated prices in a currency that is not the catalogue's
    sort: SortBy | None = None
    named: tuple[str, ...] = ()  # product names to compare, as said
    asks_how: bool = False
    unread: tuple[FilterItem, ...] = ()  # stated conditions on what this catalogue does not tell, with that reason
    quantity: int | None = None  # how many are wanted; limits nothing
    fits: str | None = None  # what the thing must go on or into: "CopyCentre C65" in "toner for CopyCentre C65"
    recipient: str | None = None  # whom a present is for: its wishes are not the shopper's own taste
    goes_with: str | None = None  # what the shopper has and wants company for; `terms` are its words
    courtesy: Courtesy | None = None  # of a message that asks for nothing
    only: tuple[str, ...] = ()  # product ids the request is about: found in this order, whatever limits they keep
    again: bool = False  # `only` was found before by these very limits: shown in the order of `sort`, or fewer of them
    explains: bool = False  # asks why `only` was shown
    show: int | None = None  # how many products are to be shown, where that was said: "the top 3"
    without: tuple[str, ...] = ()  # product ids that are not to be shown again
    corrected: tuple[tuple[str, str], ...] = ()  # misspelt words and the kinds' words they were read as


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A product offered because none keeps every limit, with the limits it breaks."""

    evidence: Evidence
    broken: tuple[FilterItem, ...]


@dataclass(frozen=True, slots=True)
class UnifiedContext:
    """Everything known for this shopper and this question. What `/api/context` returns."""

    user_id: str
    features: ShopperFeatures
    evidence: tuple[Evidence, ...]
    plan: FilterPlan
    timings_ms: Mapping[str, float]
    degraded: tuple[Degradation, ...] = ()
    reading: Reading | None = None
    items: Mapping[str, ItemFacts] = field(default_factory=dict)  # by product_id
    reasons: Mapping[str, tuple[Reason, ...]] = field(default_factory=dict)  # by product_id
    nearest: tuple[NearMiss, ...] = ()  # never among the evidence: these break a stated or declared limit
    notices: tuple[str, ...] = ()  # keys of the language files, e.g. "limits_unreadable"
    index_generation: str | None = None
    currency: str = "USD"
    defaults_level: Literal["segment", "population", "shipped"] | None = None  # set when features are defaults
