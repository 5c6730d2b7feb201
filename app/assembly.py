"""A shop put together from parts that are open already."""

from __future__ import annotations

import asyncio
import gc
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, get_args

from langchain_core.language_models import BaseChatModel

from app.clock import utc_now
from app.conversations.store import StoredHistory
from app.conversations.tombstones import is_buried
from app.places import features_dir
from app.settings import Settings
from graphs.answer import FinalAnswer
from graphs.conversation.checkpoints import Checkpoints
from graphs.conversation.memory import Memory
from graphs.conversation.rewrite import ModelRewriter
from graphs.conversation.understand import understand
from graphs.guardrails.input import screen_input
from graphs.guardrails.policy import Policy
from graphs.models.composer import Composer
from graphs.models.providers import ModelSettings, chat_model
from graphs.observing import Observer, Observers
from graphs.runner import Assistant
from graphs.state import Parts
from graphs.turn import Deal, Lang, Readiness, Turn, as_asked
from graphs.verification.judge import ModelJudge
from retrievers.catalogue import DocumentType
from retrievers.context import ContextReader
from retrievers.embedding.embedder import MiniLmEmbedder
from retrievers.embedding.sparse import Bm25Encoder
from retrievers.features.defaults import StoredDefaults, defaults_file
from retrievers.features.descriptions import retail_descriptions
from retrievers.features.protocol import FeatureDefaults, FeatureSource, FeaturesUnavailable
from retrievers.index.protocol import Index, IndexUnavailable
from retrievers.index.snapshot import load_snapshot
from retrievers.plan import Taste, own_taste
from retrievers.records import Clock
from retrievers.retriever import Retriever
from tools.lookups import lookup_tools
from tools.ports import FeatureWriter
from tools.preferences import Profile, preference_tools
from tools.reviews import ReviewsDigestTool
from tools.shop.store import ShopStore
from tools.shop_tools import shop_confirmations, shop_tools
from tools.toolbox import Toolbox

if TYPE_CHECKING:
    from app.streaming.shopper_events import ShopperEvents
    from app.traces.recorder import Recorder


@dataclass(frozen=True, slots=True)
class Features:
    """Where facts are read, and written so that the next turn reads them."""

    source: FeatureSource
    writer: FeatureWriter


@dataclass(frozen=True, slots=True)
class OpenParts:
    index: Index
    features: Features
    store: ShopStore
    embedder: MiniLmEmbedder
    checkpoints: Checkpoints


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What tells a shop that serves shoppers from one that is measured or run again.

    `defaults` stand in for those that are stored, `taste` says which facts may order products, and `deal` what a turn
    is to take as different.
    """

    observer: Observer = field(default_factory=Observers)
    recorder: Recorder | None = None
    events: ShopperEvents | None = None  # of shoppers; a measurement teaches the shop nothing
    defaults: FeatureDefaults | None = None
    taste: Taste = own_taste
    deal: Deal = as_asked
    clock: Clock = utc_now  # what turns go by; carts and orders are always of today


@dataclass(frozen=True, slots=True)
class Shop:
    """Everything one process needs to answer."""

    assistant: Assistant
    reader: ContextReader
    profile: Profile  # what shoppers declare, whether to the assistant or on the page
    parts: OpenParts
    around: Surroundings

    async def warm_up(self) -> None:
        """First reads load modules and pages; a cold one would miss the deadline of the first turn."""
        self.parts.embedder.query("warm up")
        screen_input("warm up whatever reads what a shopper says", Policy.load())
        for lang in get_args(Lang):
            understand("warm up", Memory(), await self.reader.vocabulary(), lang)
        with suppress(IndexUnavailable):
            await asyncio.to_thread(self.parts.index.manifest)
        with suppress(FeaturesUnavailable):
            await self.parts.features.source.shopper("", self.around.clock())
        if self.around.events:
            await self.around.events.projection.catch_up()
        gc.collect()
        gc.freeze()

    async def ask_once(self, turn: Turn) -> FinalAnswer:
        """One turn in a process of its own."""
        await self.warm_up()
        async with self.assistant.kept_open():
            return await self.assistant.ask(turn)


def assembled(settings: Settings, parts: OpenParts, around: Surroundings | None = None) -> Shop:
    """Of `settings.data` only the model, defaults and snapshot are read."""
    around = around or Surroundings()
    reader = _reader(settings, parts, around)
    history = StoredHistory(parts.store.database, utc_now)
    profile = Profile(parts.features.source, parts.features.writer, around.clock, history.is_forgotten)
    toolbox = _toolbox(reader, profile, parts, around.events)
    assistant = Assistant(
        _assistant_parts(settings, reader, toolbox, around.clock),
        lambda: readiness(parts.index, parts.embedder.name),
        parts.checkpoints,
        history,
        around.observer,
        around.deal,
    )
    return Shop(assistant, reader, profile, parts, around)


def _reader(settings: Settings, parts: OpenParts, around: Surroundings) -> ContextReader:
    source = parts.features.source
    retriever = Retriever(
        parts.index,
        parts.embedder,
        Bm25Encoder(),
        source,
        around.clock,
        feature_deadline_s=settings.feature_deadline_ms / 1000,
        taste=around.taste,
    )
    return ContextReader(
        retriever,
        source,
        around.defaults or StoredDefaults(defaults_file(features_dir(settings.data))),
        lambda: load_snapshot(settings.data),
        around.clock,
        timeout_s=settings.branch_timeout_ms / 1000,
        taste=around.taste,
    )


def _toolbox(reader: ContextReader, profile: Profile, parts: OpenParts, events: ShopperEvents | None) -> Toolbox:
    store = replace(parts.store, forgotten=is_buried)
    confirmations = shop_confirmations(store)
    tools = (
        *lookup_tools(reader),
        ReviewsDigestTool(parts.index),
        *preference_tools(profile),
        *shop_tools(store, confirmations),
    )
    if events is None:
        return Toolbox(tools, confirmations)
    from app.streaming.toolbox import FollowedToolbox

    return FollowedToolbox(tools, confirmations, events.after_deed)


def configured_model(settings: Settings) -> BaseChatModel | None:
    """None without a key."""
    key = settings.openai_api_key.get_secret_value() if settings.openai_api_key else None
    return chat_model(
        ModelSettings(
            api_key=key or None,
            base_url=settings.openai_base_url,
            model=settings.model,
            timeout_s=settings.model_timeout_s,
            count_tokens=settings.count_tokens,
        )
    )


def _assistant_parts(settings: Settings, reader: ContextReader, toolbox: Toolbox, clock: Clock) -> Parts:
    model = configured_model(settings)
    return Parts(
        reader=reader,
        composer=Composer(),
        policy=Policy.load("retail"),
        descriptions=retail_descriptions(),
        clock=clock,
        model=model,
        model_name=settings.model if model else "composer",
        model_deadline_s=settings.model_deadline_s,
        top_k=settings.top_k,
        judge=ModelJudge(model) if settings.judge and model else None,
        rewriter=ModelRewriter(model) if model else None,
        toolbox=toolbox,
        tool_rounds=settings.tool_rounds,
    )


def readiness(index: Index, embedder: str) -> Readiness:
    """Not ready without an index, without products, or with vectors of another embedder."""
    try:
        manifest = index.manifest()
    except IndexUnavailable as error:
        return Readiness(ready=False, reason=str(error))
    counts = dict(manifest.counts)
    if manifest.embedder != embedder:
        return Readiness(False, "the index was built with another embedder: ingest again", manifest.generation, counts)
    if not counts.get(DocumentType.PRODUCT):
        return Readiness(False, "the index holds no products: ingest a catalogue", manifest.generation, counts)
    return Readiness(ready=True, generation=manifest.generation, documents=counts)
