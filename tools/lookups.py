"""What can be looked up: the search, products, and the store's own texts, cited like any other evidence."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from retrievers.catalogue import DocumentType
from retrievers.context import ContextReader
from retrievers.records import Reading, UnifiedContext
from tools.records import Action, ActionStatus, Outcome, Session
from tools.tool import Tool

_STORE = (DocumentType.FAQ, DocumentType.POLICY, DocumentType.TECHNICAL)


class _Arguments(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SearchProducts(_Arguments):
    query: str = Field(
        min_length=1,
        max_length=500,
        description="What is looked for, in words, with every limit: 'waterproof hiking boots under 150, not leather'.",
    )
    limit: int = Field(default=5, ge=1, le=10, description="How many products to return.")


class Products(_Arguments):
    product_ids: tuple[str, ...] = Field(min_length=1, max_length=10, description="Ids of products shown or found.")


class PolicyLookup(_Arguments):
    question: str = Field(min_length=1, max_length=500, description="The question, as a shopper would ask it.")


@dataclass(frozen=True, slots=True)
class Lookup:
    """A read whose results are passages and live facts."""

    name: str
    description: str
    arguments: type[BaseModel]
    look: Callable[[Any, Session], Awaitable[Outcome]]
    effect: Literal["read"] = "read"

    async def __call__(self, arguments: BaseModel, session: Session) -> Outcome:
        return await self.look(self.arguments.model_validate(arguments), session)


def lookup_tools(reader: ContextReader) -> tuple[Tool, ...]:
    looking = _Looking(reader)
    return (
        Lookup(
            "search_products",
            "Search the catalogue. Limits in the query hold, and the shopper's saved ones; prices and stock are live.",
            SearchProducts,
            looking.search,
        ),
        Lookup("get_products", "One or more products with live price, stock and rating.", Products, looking.products),
        Lookup(
            "compare_products",
            "Two or more products side by side: live price, rating, stock, and the attributes all of them state.",
            Products,
            looking.compare,
        ),
        Lookup(
            "stock_and_price",
            "Only the live price and stock of products, and how old they are.",
            Products,
            looking.stock,
        ),
        Lookup(
            "look_up_policy",
            "What the store itself says: returns, shipping, payment, warranty, and guides.",
            PolicyLookup,
            looking.policy,
        ),
    )


class _Looking:
    def __init__(self, reader: ContextReader) -> None:
        self._reader = reader

    async def search(self, asked: SearchProducts, session: Session) -> Outcome:
        known = await self._reader.everything_known(session.user_id, asked.query, asked.limit)
        plan = {name: len(getattr(known.plan, name)) for name in ("honoured", "relaxed", "dropped")}
        return _found("search_products", asked, known, (DocumentType.PRODUCT, DocumentType.REVIEW), limits=plan)

    async def products(self, asked: Products, session: Session) -> Outcome:
        return self._of("get_products", asked, await self._pinned(asked, session))

    async def compare(self, asked: Products, session: Session) -> Outcome:
        known = await self._pinned(asked, session)
        rows = [item.metadata for item in known.evidence if item.type is DocumentType.PRODUCT]
        return self._of("compare_products", asked, known, shared=_shared(rows))

    async def stock(self, asked: Products, session: Session) -> Outcome:
        known = await self._pinned(asked, session)
        items = [
            {"product_id": key, "price": facts.price, "stock": facts.stock, "age_s": facts.age_s}
            for key, facts in known.items.items()
        ]
        return self._of("stock_and_price", asked, known, items=items)

    async def policy(self, asked: PolicyLookup, session: Session) -> Outcome:
        known = await self._reader.everything_known(session.user_id, asked.question)
        return _found("look_up_policy", asked, known, _STORE)

    async def _pinned(self, asked: Products, session: Session) -> UnifiedContext:
        reading = Reading(" ".join(asked.product_ids), "product", "", only=asked.product_ids)
        return await self._reader.known_for(session.user_id, reading, len(asked.product_ids))

    def _of(self, tool: str, asked: Products, known: UnifiedContext, **told: Any) -> Outcome:
        """Refused when none of the products is there; those that are missing are named."""
        there = {str(item.metadata.get("product_id")) for item in known.evidence if item.type is DocumentType.PRODUCT}
        missing = [product for product in asked.product_ids if product not in there]
        if not there:
            return Outcome(Action(tool, asked.model_dump(), "refused", {"reason": "unknown_product"}))
        extra = {"missing": missing} if missing else {}
        return _found(tool, asked, known, (DocumentType.PRODUCT,), **told, **extra)


def _found(tool: str, asked: BaseModel, known: UnifiedContext, types: Sequence[DocumentType], **told: Any) -> Outcome:
    """`known` as an outcome; a part that was down makes the look-up fail only when nothing came of it."""
    evidence = tuple(item for item in known.evidence if item.type in types)
    status: ActionStatus = "failed" if known.degraded and not evidence else "done"
    receipt = {"found": len(evidence), **told} if status == "done" else {"reason": "unavailable"}
    products = tuple(str(item.metadata["product_id"]) for item in evidence if item.type is DocumentType.PRODUCT)
    return Outcome(Action(tool, asked.model_dump(), status, receipt), evidence, dict(known.items), products)


def _shared(rows: Sequence[Any]) -> list[str]:
    """Names of attributes that every product states."""
    stated = [frozenset(row.get("attributes") or {}) for row in rows]
    return sorted(frozenset.intersection(*stated)) if stated else []
