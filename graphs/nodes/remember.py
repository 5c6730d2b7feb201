"""Keeps what the next turn may refer to."""

from __future__ import annotations

from collections.abc import Mapping

from langgraph.graph import END
from langgraph.runtime import Runtime

from graphs.conversation.memory import Limit, Memory, PastTurn, Reason, ShownProduct
from graphs.conversation.remember import remember as remembering
from graphs.conversation.shown import known as latest
from graphs.conversation.shown import shown_product
from graphs.state import Context, State, Update
from retrievers.records import Evidence, UnifiedContext


async def remember(state: State, runtime: Runtime[Context]) -> Update:
    """A refused turn leaves nothing behind but what still waits for the shopper's word."""
    context = runtime.context
    memory = Memory.model_validate(state.get("memory") or {})
    if "known" in state and state["guard"].action != "refuse":
        memory = remembering(memory, _past(state, latest(memory)), context.turn.lang)
    waiting = await context.parts.toolbox.waiting(context.session)
    ids = tuple(outcome.action.action_id for outcome in waiting if outcome.action.action_id)
    return {"memory": memory.model_copy(update={"pending": ids}).model_dump(mode="json")}


def after_memory(state: State) -> str:
    """Paused for as long as something proposed can be confirmed."""
    return "await_decision" if state["memory"]["pending"] else END


def _past(state: State, before: Mapping[str, ShownProduct]) -> PastTurn:
    """A list shown again is a list like the first one; the nearest to what was asked for are one too."""
    known, reading, outcomes = state["known"], state["reading"], state["outcomes"]
    offered = (*known.evidence, *(miss.evidence for miss in known.nearest))
    receipts = [receipt for outcome in outcomes if (receipt := outcome.action.receipt or {})]
    spoken_of = (each.get("order_id") for each in receipts if each.get("reason") != "unknown_order")
    return PastTurn(
        said=state["said"],
        question=state["question"],
        intent=reading.intent,
        head=reading.head,
        terms=reading.terms,
        limits=tuple(Limit(field=i.field, op=i.op, value=i.value, unit=i.unit) for i in reading.limits),
        products=tuple(_shown(item, known, before) for item in offered if item.type == "product"),
        show=None if reading.again else reading.show,
        only=() if reading.again else reading.only,
        orders=tuple(dict.fromkeys(str(order) for order in spoken_of if order)),
        items=tuple(dict.fromkeys(product for outcome in outcomes for product in outcome.products)),
        tool=outcomes[-1].action.tool if outcomes else None,
    )


def _shown(item: Evidence, known: UnifiedContext, before: Mapping[str, ShownProduct]) -> ShownProduct:
    """With the live price and rating, or none; what is only shown again is still there for the reasons it had."""
    shown = shown_product(item)
    live, earlier = known.items.get(shown.product_id), before.get(shown.product_id)
    found = known.reasons.get(shown.product_id, ())
    reasons = tuple(Reason(kind=r.kind, feature=r.feature, params=r.params) for r in found)
    if known.reading and known.reading.only and earlier:
        reasons = earlier.reasons
    return shown.model_copy(update={"price": live and live.price, "rating": live and live.rating, "reasons": reasons})
