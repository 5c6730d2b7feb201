"""An assistant that follows a script: real records and events, no stores."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from app.api import ShopperOption
from graphs.answer import Action, Citation, Claim, Filters, FinalAnswer, Guard, NearMiss, ProductCard, Receipt
from graphs.changing import SET_ASIDE
from graphs.conversation.history import PastExchange, ThreadSummary, UnknownThread
from graphs.conversation.rerun import NotRepeatable
from graphs.prompts.phrases import Phrases
from graphs.turn import Changes, Readiness, Turn, Used
from graphs.verification.markers import without_markers
from retrievers.catalogue import DocumentType, Product
from retrievers.records import Degradation, Evidence, FeatureValue, FilterItem, FilterPlan, UnifiedContext
from tests.support.scripted_counter import Counter, cited, told
from tools.records import Outcome, Session, ToolCall

NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)
HOSTILE = '<img src=x onerror="document.title=1"><script>document.title=2</script>'

SHOPPERS = (
    ShopperOption(
        "maya",
        "Maya",
        {"en": "Training for a marathon, bought running shoes last week", "ko": "마라톤 준비 중, 지난주 러닝화 구매"},
        {
            "en": ["What should I buy?", "Which socks prevent blisters?", "What is your return policy?"],
            "ko": ["무엇을 사면 좋을까요?", "반품 규정이 어떻게 되나요?"],
        },
    ),
    ShopperOption(
        "jonas",
        "Jonas",
        {"en": "Looked at winter coats for 20 minutes yesterday", "ko": "어제 겨울 코트를 20분 동안 둘러봄"},
        {"en": ["What should I buy?"]},
    ),
    ShopperOption("priya", "Priya", {"en": "Has set a $500 limit", "ko": "예산 한도 500달러"}),
)

_TITLES = (
    ("RUN-0101", "Tarn Cushioned Crew Running Socks, 3 pairs", 24.0, 4.7, 31),
    ("RUN-0102", "Halden Pace 3 GPS Running Watch", 189.0, 4.5, 8),
    ("RUN-0103", "Fenwick Soft Flask 500 ml", 18.5, 4.4, None),
    ("RUN-0104", "Corrie Reflective Race Belt", None, None, 0),
)
PRODUCTS = {
    identifier: Product(
        product_id=identifier,
        title=title,
        brand=title.split()[0],
        category=("Running", "Running accessories"),
        description="Made for long runs: light, quick to dry and easy to care for.",
        price=price,
        stock=stock,
        rating=rating,
        rating_count=128 if rating else None,
        attributes={"weight_g": 62, "material": "merino wool", "reflective": True},
        image_url=f"/images/{identifier}.svg",
        url=f"/products/{identifier}",
    )
    for identifier, title, price, rating, stock in _TITLES
}
FEATURES = (
    FeatureValue("user_behavior:favorite_category", "Running", "online", NOW - timedelta(hours=3), 10800.0, True),
    FeatureValue("user_behavior:avg_order_value", 86.4, "online", NOW - timedelta(hours=3), 10800.0, False),
    FeatureValue(
        "user_clicks_last_24h:browse_minutes",
        {"Running shoes": 4.0, "Running socks": 12.0},
        "online",
        NOW - timedelta(minutes=26),
        1560.0,
        False,
    ),
    FeatureValue("user_behavior:price_sensitivity_score", 0.42, "default"),
    FeatureValue("user_session:last_purchase_product", "RUN-0103", "online", NOW - timedelta(hours=3), 10800.0, True),
    FeatureValue("user_session:last_viewed_product", "GONE-1", "stale", NOW - timedelta(days=3), 259200.0),
    FeatureValue("user_profile:budget_limit", 500.0, "online", NOW - timedelta(days=2), 172800.0, True),
    FeatureValue("user_profile:excluded_brands", None, "missing"),
)
_NAMES = {
    "user_behavior:favorite_category": ("Favourite category", "category"),
    "user_behavior:avg_order_value": ("Average order", "currency"),
    "user_clicks_last_24h:browse_minutes": ("Minutes browsed by category", "minutes"),
    "user_behavior:price_sensitivity_score": ("Price sensitivity", "score"),
    "user_session:last_purchase_product": ("Product bought last", "product"),
    "user_session:last_viewed_product": ("Product viewed last", "product"),
    "user_profile:budget_limit": ("Budget limit", "currency"),
    "user_profile:excluded_brands": ("Excluded brands", "brand"),
}
SENTENCES = (
    "Running is where you shop most [F1], so these go with the shoes you bought last week. ",
    "The Tarn Cushioned Crew Running Socks come in a pack of three for $24.00, rated 4.7 [1]. ",
    "Reviewers say the padded heel kept them free of blisters over a whole marathon [2].",
    "\n- The Halden Pace 3 GPS Running Watch costs $189.00 [3].",
    "\n- The Fenwick Soft Flask holds 500 ml and costs $18.50 [4].",
)
CITATIONS = (
    Citation(
        marker="F1",
        id="user_behavior:favorite_category",
        source="feature:user_behavior:favorite_category",
        title="Favourite category",
        quote="Running",
        start=0,
        end=7,
        age_s=10800.0,
    ),
    Citation(
        marker="1",
        id="product/RUN-0101",
        source="catalogue",
        title=PRODUCTS["RUN-0101"].title,
        quote="Tarn Cushioned Crew Running Socks, 3 pairs",
        start=0,
        end=42,
        url="/products/RUN-0101",
    ),
    Citation(
        marker="2",
        id="review/R-77",
        source="reviews",
        title="No blisters after 42 km",
        quote="The padded heel is why I finished my marathon without a single blister.",
        start=12,
        end=83,
    ),
    Citation(
        marker="3", id="product/RUN-0102", source="catalogue", title=PRODUCTS["RUN-0102"].title, quote="Pace 3",
        start=7, end=13, url="/products/RUN-0102",
    ),
    Citation(
        marker="4", id="product/RUN-0103", source="catalogue", title=PRODUCTS["RUN-0103"].title, quote="500 ml",
        start=19, end=25, url="javascript:alert(1)",
    ),
)  # fmt: skip
FILTERS = Filters(
    honoured=(
        FilterItem("price", "lte", 500.0, "declared", "the limit you set", "user_profile:budget_limit"),
        FilterItem("stock", "gte", 1.0, "policy", "in stock"),
        FilterItem("rating", "gte", 4.0, "stated", "4 stars"),
    ),
    relaxed=(FilterItem("category", "in", ("running shoes",), "behavioural", "too few products were left"),),
    dropped=(FilterItem("price", "lte", 80.0, "stated", "unter 80 Euro: not the currency of this shop"),),
)
WHY = ("goes with the running shoes you bought", "rated 4.5 stars", "from Running, your favourite category", "")


async def find_product(product_id: str) -> Product | None:
    return PRODUCTS.get(product_id)


def cards() -> tuple[ProductCard, ...]:
    return tuple(
        ProductCard(
            product_id=product.product_id,
            title=product.title,
            price=product.price,
            currency="USD",
            rating=product.rating,
            in_stock=None if product.stock is None else product.stock > 0,
            image_url=product.image_url,
            url=product.url,
            why=(why, "popular with other shoppers") if why else (),
        )
        for product, why in zip(PRODUCTS.values(), WHY, strict=True)
    )


def without(changes: Changes) -> tuple[tuple[ProductCard, ...], Filters]:
    """What a search finds without what is named: the first product is gone, the last two change places."""
    if not changes.without:
        return cards(), FILTERS
    _, second, third, fourth = cards()
    named = {item: item.feature or f"{item.field} {item.op}" for item in FILTERS.honoured}
    aside = [item for item in FILTERS.honoured if named[item] in changes.without]
    stated = (item for item in aside if item.origin == "stated")
    told = (replace(item, reason=f"{item.reason}: {SET_ASIDE}", set_aside=True) for item in stated)
    kept = tuple(item for item in FILTERS.honoured if item not in aside)
    return (second, fourth, third), Filters(honoured=kept, relaxed=FILTERS.relaxed, dropped=(*FILTERS.dropped, *told))


def near_miss() -> NearMiss:
    """A product above a limit of $150."""
    return NearMiss(product=cards()[1], breaks=("price at most $150.00",))


def final_answer(
    turn: Turn,
    sentences: Sequence[str] = SENTENCES,
    *,
    products: tuple[ProductCard, ...] = (),
    citations: tuple[Citation, ...] = (),
    degraded: tuple[Degradation, ...] = (),
    guard: Guard = Guard(),  # noqa: B008 - frozen
    actions: tuple[Action, ...] = (),
    filters: Filters = Filters(),  # noqa: B008 - frozen
    nearest: tuple[NearMiss, ...] = (),
    run_id: str = "run-1",
) -> FinalAnswer:
    answer = "".join(sentences)
    missing = {name for name in turn.changes.without if ":" in name}
    return FinalAnswer(
        answer=answer,
        citations=citations,
        products=products,
        nearest=nearest,
        filters=filters,
        features=tuple(_left(feature, missing) for feature in FEATURES),
        claims=(Claim(text=answer, start=0, end=len(answer), verdict="supported"),),
        degraded=degraded,
        guard=guard,
        actions=actions,
        model="composer",
        timings_ms={"total": 41.0},
        trace_id=run_id,
        thread_id=turn.thread_id or "thread-1",
        receipt=Receipt(
            prompt_sha256="0" * 64,
            index_generation="g1",
            evidence={},
            features={},
            notices=("limits_unreadable",) if degraded else (),
        ),
    )


class ScriptedAssistant:
    """Says what the question asks for: `fail`, `wait`, `hostile`, `slow`, `refuse`, `nearest`, else a full answer.

    With a counter a tool's name and arguments as a question, such as `add_to_cart item_id=RUN-0101`, use the tool, and
    so do the requests of the page.
    """

    def __init__(self, counter: Counter | None = None) -> None:
        self.counter = counter
        self.turns: list[Turn] = []
        self.used: list[tuple[ToolCall, str, str | None]] = []
        self.answers: dict[str, Used] = {}
        self.past: dict[str, tuple[str, list[PastExchange]]] = {}  # thread id -> its shopper, and what was said
        self.forgotten: list[str] = []
        self.stops: list[str] = []
        self.stopped = threading.Event()
        self.released = threading.Event()  # lets a waiting turn go on
        self.ready = Readiness(True, generation="g1", documents={"product": 4})

    async def use(self, call, user_id, lang, key, run_id=None):
        self.used.append((call, user_id, key))
        if self.counter is None or call.tool in self.answers:
            return self.answers.get(call.tool, Used("refused", {"reason": "unknown_tool"}, "I cannot do that here."))
        outcome = await self.counter.toolbox.call(call, Session(user_id, "", key or f"use-{len(self.used)}", lang))
        said = " ".join(map(without_markers, told(outcome, lang)))
        return Used(outcome.action.status, dict(outcome.action.receipt or {}), said)

    async def again(self, run_id, user_id, lang, changes):
        for thread_id, (owner, exchanges) in self.past.items():
            runs = [exchange.run_id for exchange in exchanges]
            if owner != user_id or run_id not in runs:
                continue
            if runs[-1] != run_id:
                raise NotRepeatable("Only the latest answer of a conversation can be looked for again.")
            return Turn(exchanges[-1].said, user_id, lang, thread_id, changes=changes, memory={}, replaces=run_id)
        raise UnknownThread("There is no such answer.")

    def stop(self, run_id, user_id):
        self.stops.append(run_id)
        return (run_id, user_id) == ("run-1", "maya")

    def remember(self, user_id, thread_id, said, answer, replaces=None):
        owner, exchanges = self.past.setdefault(thread_id, (user_id, []))
        assert owner == user_id
        if replaces:
            exchanges[:] = [exchange for exchange in exchanges if exchange.run_id != replaces]
        run_id = answer.get("trace_id", f"run-{len(exchanges) + 1}")
        exchanges.append(PastExchange(run_id, said, answer, NOW))

    async def threads(self, user_id):
        own = [(name, said) for name, (owner, said) in reversed(self.past.items()) if owner == user_id]
        return [ThreadSummary(name, said[0].said, len(said), NOW, NOW) for name, said in own]

    async def exchanges(self, thread_id, user_id):
        owner, exchanges = self.past.get(thread_id, (None, []))
        if owner != user_id:
            raise UnknownThread("There is no such conversation.")
        return exchanges

    async def forget(self, thread_id, user_id):
        await self.exchanges(thread_id, user_id)
        self.forgotten.append(thread_id)
        del self.past[thread_id]

    def readiness(self) -> Readiness:
        return self.ready

    async def ask(self, turn: Turn) -> FinalAnswer:
        return final_answer(turn)

    async def context(self, user_id: str, question: str, top_k: int) -> UnifiedContext:
        evidence = tuple(
            Evidence(f"product/{name}", DocumentType.PRODUCT, "catalogue", product.title, product.description, 0.5)
            for name, product in PRODUCTS.items()
        )
        limit = FilterItem("price", "lte", 500.0, "declared", "your limit", "user_profile:budget_limit")
        return UnifiedContext(
            user_id,
            {feature.name: feature for feature in FEATURES},
            evidence[:top_k],
            FilterPlan(honoured=(limit,)),
            {"features": 1.5, "index": 4.0},
        )

    async def stream(self, turn: Turn) -> AsyncIterator[tuple[str, dict[str, Any]]]:
        self.turns.append(turn)
        thread_id = turn.thread_id or f"thread-{sum(each.thread_id is None for each in self.turns)}"
        turn = replace(turn, thread_id=thread_id)
        try:
            async for event, payload in self._events(turn):
                if event == "final":
                    self.remember(turn.user_id, thread_id, _said(turn), payload, turn.replaces)
                yield event, payload
        except (asyncio.CancelledError, GeneratorExit):
            self.stopped.set()
            raise

    async def _events(self, turn: Turn) -> AsyncIterator[tuple[str, dict[str, Any]]]:
        run_id = f"run-{len(self.turns)}"
        run = {"run_id": run_id, "thread_id": turn.thread_id, "user_id": turn.user_id}
        yield "run", {**run, "model": "composer"}
        features = [_left(feature, turn.changes.without) for feature in FEATURES]
        yield "features", {"features": [described(feature) for feature in features]}
        if "refuse" in turn.message:
            text = "I cannot help with that, but I am happy to find you something in the store."
            yield "sentence", {"index": 0, "text": text}
            guard = Guard(action="refuse", reasons=("injection",))
            yield "final", final_answer(turn, [text], guard=guard, run_id=run_id).model_dump(mode="json")
            return
        outcome = await self._outcome(turn)
        if outcome is not None:
            async for event in self._acted(turn, outcome):
                yield event
            return
        found, filters = without(turn.changes) if "nearest" not in turn.message else ((), Filters())
        near = (near_miss(),) if "nearest" in turn.message else ()
        yield "products", {"products": [card.model_dump(mode="json") for card in found]}
        sentences = [HOSTILE] if "hostile" in turn.message else SENTENCES
        for index, text in enumerate(sentences):
            if index == 1:
                await self._interlude(turn)
            yield "sentence", {"index": index, "text": text}
        yield "citations", {"citations": [citation.model_dump(mode="json") for citation in CITATIONS], "rejected": 1}
        slow = (Degradation("features", "slow", "no answer in 50 ms"),) if "slow" in turn.message else ()
        notices = ["Your saved limits could not be read, so please check the choices against them."] if slow else []
        yield "degraded", {"degraded": [asdict(part) for part in slow], "notices": notices}
        answer = final_answer(
            turn,
            sentences,
            products=found,
            citations=CITATIONS,
            degraded=slow,
            filters=filters,
            nearest=near,
            run_id=run_id,
        )
        yield "final", answer.model_dump(mode="json")

    async def _outcome(self, turn: Turn) -> Outcome | None:
        """What came of a request or a decision; None when the turn is a question."""
        session = Session(turn.user_id, turn.thread_id or "", f"turn-{len(self.turns)}", turn.lang)
        if turn.decision is not None and self.counter is not None:
            return await self.counter.toolbox.decide(turn.decision.action_id, turn.decision.accept, session)
        tool, *given = turn.message.split(" ")
        if self.counter is None or tool not in {each.name for each in self.counter.toolbox.tools}:
            return None
        arguments = dict(each.split("=", 1) for each in given)
        lists = {name: [value] if name.endswith("_ids") else value for name, value in arguments.items()}
        return await self.counter.toolbox.call(ToolCall(tool, lists), session)

    async def _acted(self, turn: Turn, outcome: Outcome) -> AsyncIterator[tuple[str, dict[str, Any]]]:
        sentences = [f"{text} " for text in told(outcome, turn.lang)]
        for index, text in enumerate(sentences):
            yield "sentence", {"index": index, "text": text}
        citations = (cited(outcome),)
        yield "citations", {"citations": [each.model_dump(mode="json") for each in citations], "rejected": 0}
        action = Action(**asdict(outcome.action))
        if action.status == "proposed":
            yield "confirm", {"actions": [action.model_dump(mode="json")]}
        run_id = f"run-{len(self.turns)}"
        answer = final_answer(turn, sentences, citations=citations, actions=(action,), run_id=run_id)
        yield "final", answer.model_dump(mode="json")

    async def _interlude(self, turn: Turn) -> None:
        if "fail" in turn.message:
            raise RuntimeError("secret detail of a broken store")
        if "wait" in turn.message:
            while not self.released.is_set():
                await asyncio.sleep(0.005)


def _said(turn: Turn) -> str:
    if turn.decision is None:
        return turn.message
    return Phrases.load(turn.lang).text("actions", "accepted" if turn.decision.accept else "declined")


def _left(feature: FeatureValue, aside: Collection[str]) -> FeatureValue:
    return FeatureValue(feature.name, None, "missing") if feature.name in aside else feature


def described(feature: FeatureValue) -> dict[str, Any]:
    name, unit = _NAMES[feature.name]
    return {**asdict(feature), "display_name": name, "unit": unit}
