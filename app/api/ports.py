"""What the HTTP side needs from the rest; `app.runtime` hands it in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from app.api.sessions import Asked
from graphs.answer import FinalAnswer
from graphs.conversation.history import Feedback, PastExchange, ThreadSummary
from graphs.turn import Changes, Lang, Readiness, Turn, Used
from retrievers.catalogue import Product
from retrievers.records import Clock, ShopperFeatures, UnifiedContext
from tools.catalogue import ReviewText
from tools.ports import EventSink
from tools.records import ToolCall

Identity = Callable[[Mapping[str, str]], Asked]  # of the request's headers, by lower-case name
ProductLookup = Callable[[str], Awaitable[Product | None]]  # raises IndexUnavailable


class Answers(Protocol):
    """Answers as they were given, and what the shopper thinks of them. Raises UnknownThread for somebody else's."""

    async def exchange(self, run_id: str, user_id: str) -> PastExchange: ...

    async def rate(self, run_id: str, user_id: str, feedback: Feedback | None) -> None:
        """None takes back what was said before."""
        ...


class Profiles(Protocol):
    """What is known of a shopper. Everything raises FeaturesUnavailable."""

    async def known(self, user_id: str) -> ShopperFeatures: ...

    async def declare(self, user_id: str, values: Mapping[str, Any]) -> None:
        """By `view:feature`; None erases. Nothing is changed when one of them raises ValueError, which names it."""
        ...

    async def choices(self) -> Choices:
        """What a new shopper is offered to choose from. Raises IndexUnavailable."""
        ...

    async def forget(self, user_id: str) -> Forgotten:
        """Everything but orders, and reads back whether it is gone. Raises ShopStoreError, IndexUnavailable."""
        ...


@dataclass(frozen=True, slots=True)
class Choices:
    """The catalogue's largest departments, the largest first, and the currency of its prices."""

    categories: tuple[str, ...]
    currency: str


Outcome = Literal["deletion_asked", "deletion_waiting", "deletion_refused", "not_deleted"]


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Where something of the conversations went, and what became of it there.

    `deletion_asked` is no confirmation; what is `not_deleted` nobody can take back from here.
    """

    where: Literal["langsmith", "telemetry", "model"]
    host: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How much there was of each; `left` names in words what was found again afterwards."""

    erased: Mapping[str, int]
    kept: tuple[str, ...]
    left: tuple[str, ...] = ()
    elsewhere: tuple[Elsewhere, ...] = ()


class Reviews(Protocol):
    """What the index holds about products besides their cards. Raises IndexUnavailable."""

    async def reviews(self, product_id: str) -> list[ReviewText]: ...

    async def products_of(self, evidence_ids: Sequence[str]) -> Mapping[str, str]:
        """Which product each passage is about, of those that are about one."""
        ...


@dataclass(frozen=True, slots=True)
class Services:
    """What is behind the shopper's page besides the assistant; a server may do without."""

    events: EventSink
    answers: Answers
    profiles: Profiles
    reviews: Reviews
    clock: Clock


class Assistant(Protocol):
    """One turn at a time, as events or as a whole.

    Events, in order: `run {run_id, thread_id, user_id, model}`, `features {features}` (each feature also carries
    `display_name` and `unit`), `products {products}`, `sentence {index, text}` (released text, markers included),
    `citations {citations}`, `degraded {degraded, notices}`, `confirm {actions}` (what waits for the shopper's word),
    `final` (a FinalAnswer as JSON). Closing or cancelling the iterator stops the turn. Somebody else's conversation
    raises UnknownThread everywhere.
    """

    def stream(self, turn: Turn) -> AsyncIterator[tuple[str, dict[str, Any]]]: ...

    async def ask(self, turn: Turn) -> FinalAnswer: ...

    async def context(self, user_id: str, question: str, top_k: int) -> UnifiedContext: ...

    async def use(self, call: ToolCall, user_id: str, lang: Lang, key: str | None, run_id: str | None = None) -> Used:
        """A tool outside of any conversation; the same key makes a repeated write the same one.

        `run_id` is the answer that led to it, if one did.
        """
        ...

    async def again(self, run_id: str, user_id: str, lang: Lang, changes: Changes) -> Turn:
        """The turn to ask for once more; raises UnknownThread, and NotRepeatable with what to say."""
        ...

    def stop(self, run_id: str, user_id: str) -> bool:
        """Ends a turn that is being answered; False when there is none by this id, or it is somebody else's."""
        ...

    async def threads(self, user_id: str) -> list[ThreadSummary]: ...

    async def exchanges(self, thread_id: str, user_id: str) -> list[PastExchange]: ...

    async def forget(self, thread_id: str, user_id: str) -> None: ...

    def readiness(self) -> Readiness:
        """May open the index, so it is called on a thread."""
        ...


@dataclass(frozen=True, slots=True)
class ShopperOption:
    """Someone the page offers to shop as, with questions worth asking as them."""

    user_id: str
    name: str
    blurb: Mapping[Lang, str]
    suggestions: Mapping[Lang, Sequence[str]] = field(default_factory=dict)
