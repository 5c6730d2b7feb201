"""Keeps what the next turn may refer to."""

from __future__ import annotations

from langgraph.graph import END
from langgraph.runtime import Runtime

from graphs.conversation.memory import Limit, Memory, PastTurn, ShownProduct
from graphs.conversation.remember import remember as remembering
from graphs.conversation.shown import shown_product
from graphs.state import Context, State, Update
from retrievers.records import Evidence, UnifiedContext


async def remember(state: State, runtime: Runtime[Context]) -> Update:
    """A refused turn leaves nothing behind but what still waits for the shopper's word."""
    context = runtime.context
    memory = Memory.model_validate(state.get("memory") or {})
    if "known" in state and state["guard"].action != "refuse":
        memory = remembering(memory, _past(state), context.turn.lang)
    waiting = await context.parts.toolbox.waiting(context.session)
    ids = tuple(outcome.action.action_id for outcome in waiting if outcome.action.action_id)
    return {"memory": memory.model_copy(update={"pending": ids}).model_dump(mode="json")}


def after_memory(state: State) -> str:
    """Paused for as long as something proposed can be confirmed."""
    return "await_decision" if state["memory"]["pending"] else END


def _past(state: State) -> PastTurn:
    known, reading, outcomes = state["known"], state["reading"], state["outcomes"]
    receipts = [receipt for outcome in outcomes if (receipt := outcome.action.receipt or {})]
    spoken_of = (each.get("order_id") for each in receipts if each.get("reason") != "unknown_order")
    return PastTurn(
        said=state["said"],
        question=state["question"],
        intent=reading.intent,
        head=reading.head,
        limits=tuple(Limit(field=i.field, op=i.op, value=i.value, unit=i.unit) for i in reading.limits),
        products=tuple(_shown(item, known) for item in known.evidence if item.type == "product"),
        only=reading.only,
        orders=tuple(dict.fromkeys(str(order) for order in spoken_of if order)),
        items=tuple(dict.fromkeys(product for outcome in outcomes for product in outcome.products)),
        tool=outcomes[-1].action.tool if outcomes else None,
    )


def _shown(item: Evidence, known: UnifiedContext) -> ShownProduct:
    """With the live price and rating, or none."""
    shown = shown_product(item)
    live = known.items.get(shown.product_id)
    return shown.model_copy(update={"price": live and live.price, "rating": live and live.rating})
