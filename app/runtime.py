"""Where the parts are built, once, from the settings, and handed in."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from langchain_core.language_models import BaseChatModel

from app.conversations.store import StoredHistory
from app.loaded import require_catalogue
from app.settings import Settings
from graphs.answer import FinalAnswer
from graphs.conversation.checkpoints import Checkpoints, postgres, sqlite
from graphs.conversation.memory import Memory
from graphs.conversation.rewrite import ModelRewriter
from graphs.conversation.understand import understand
from graphs.guardrails.input import screen_input
from graphs.guardrails.policy import Policy
from graphs.models.composer import Composer
from graphs.models.prices import Prices
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
from retrievers.index.owner import open_index
from retrievers.index.protocol import Index, IndexUnavailable
from retrievers.index.snapshot import load_snapshot
from retrievers.plan import Taste, own_taste
from retrievers.records import Evidence
from retrievers.retriever import Retriever
from tools.catalogue import Catalogue
from tools.lookups import lookup_tools
from tools.ports import FeatureWriter
from tools.preferences import preference_tools
from tools.reviews import ReviewsDigestTool
from tools.shop.shelf import CatalogueShelf
from tools.shop.store import ShopStore, open_shop_store
from tools.shop_tools import shop_confirmations, shop_tools
from tools.toolbox import Toolbox

if TYPE_CHECKING:
    from app.streaming.shopper_events import ShopperEvents
    from app.traces.recorder import Recorder
    from retrievers.features.config import FeatureStoreConfig


@dataclass(frozen=True, slots=True)
class Shop:
    """Everything one process needs to answer; made by `open_shop`."""

    assistant: Assistant
    reader: ContextReader
    index: Index
    features: FeatureSource
    embedder: MiniLmEmbedder
    store: ShopStore
    writer: FeatureWriter
    checkpoints: Checkpoints
    recorder: Recorder | None = None
    events: ShopperEvents | None = None  # of shoppers; a measurement teaches the shop nothing

    async def warm_up(self) -> None:
        """First reads load modules and pages; a cold one would miss the deadline of the first turn."""
        self.embedder.query("warm up")
        screen_input("warm up whatever reads what a shopper says", Policy.load())
        for lang in get_args(Lang):
            understand("warm up", Memory(), await self.reader.vocabulary(), lang)
        with suppress(IndexUnavailable):
            await asyncio.to_thread(self.index.manifest)
        with suppress(FeaturesUnavailable):
            await self.features.shopper("", utc_now())
        if self.events:
            await self.events.projection.catch_up()
        gc.collect()
        gc.freeze()

    async def ask_once(self, turn: Turn) -> FinalAnswer:
        """One turn in a process of its own."""
        await self.warm_up()
        async with self.assistant.kept_open():
            return await self.assistant.ask(turn)


def utc_now() -> datetime:
    return datetime.now(UTC)


def models_dir(data: Path) -> Path:
    """Where the exported embedding model is kept."""
    return data / "models"


def features_dir(data: Path) -> Path:
    """Where Feast's state and the defaults are kept."""
    return data / "features"


def features_config(settings: Settings) -> FeatureStoreConfig:
    from retrievers.features.config import FeatureStoreConfig

    return FeatureStoreConfig(features_dir(settings.data), settings.redis_url)


@dataclass(frozen=True, slots=True)
class Features:
    """Where facts are read, and written so that the next turn reads them."""

    source: FeatureSource
    writer: FeatureWriter


def open_features(settings: Settings) -> Features:
    """Feast takes seconds to import, which a shop that keeps its features in plain hashes need not wait for."""
    from retrievers.features.writing import feast_rows, hash_rows

    if settings.features == "redis-hashes" and settings.redis_url:
        from retrievers.features.redis_hash_writer import RedisHashWriter
        from retrievers.features.redis_hashes import RedisHashFeatureSource, connect

        client = connect(settings.redis_url)
        return Features(RedisHashFeatureSource(client), hash_rows(RedisHashWriter(client)))
    from retrievers.features.reader import FeastFeatureSource
    from retrievers.features.store import FeastStore

    store = FeastStore(features_config(settings))
    return Features(FeastFeatureSource(store), feast_rows(store))


@contextmanager
def open_shop(
    settings: Settings, around: Callable[[FeatureSource], FeatureSource] = lambda it: it, *, traced: bool = False
) -> Iterator[Shop]:
    """Raises NothingLoaded when there is no catalogue to answer from. `around` may stand before the feature source.

    Shoppers' turns are `traced`, and what they do is learnt from; a measurement's are not.
    """
    require_catalogue(settings)
    features = open_features(settings)
    source = around(features.source)
    with closing(open_loaded_index(settings)) as index:
        where = settings.database_url or settings.data / "shop.db"
        watching = _recording(settings, traced), _telemetry(settings, traced)
        with closing(open_store(where, index, source)) as store, watching[0] as recorder, watching[1] as spans:
            embedder = MiniLmEmbedder(models_dir(settings.data))
            read = replace(features, source=source)
            events = _shopper_events(index, read, store) if traced else None
            watch = Observers([each for each in (recorder, spans) if each])
            parts = (settings, index, read, store, embedder, _checkpoints(settings), recorder, events)
            yield assembled(*parts, observer=watch, deal=_dealing(settings) if traced else as_asked)


def traces_database(settings: Settings) -> str | Path:
    return settings.database_url or settings.data / "traces.db"


def _recording(settings: Settings, traced: bool) -> AbstractContextManager[Recorder | None]:
    if not traced or not (settings.traces or settings.langsmith_tracing):
        return nullcontext()
    from app.traces.calls import Detail
    from app.traces.opening import recording, sending
    from app.traces.sending import Destination

    detail = Detail(Prices.load(settings.prices), settings.traces_texts)
    if settings.langsmith_tracing:
        key = settings.langsmith_api_key.get_secret_value() if settings.langsmith_api_key else None
        destination = Destination(settings.langsmith_endpoint, key)
        spool = settings.data / "langsmith.spool.jsonl"
        return sending(destination, spool, settings.langsmith_project or settings.traces_project, detail)
    spool = settings.data / "traces.spool.jsonl"
    where = traces_database(settings)
    return recording(where, spool, settings.traces_project, detail, utc_now, settings.traces_keep)


def _dealing(settings: Settings) -> Deal:
    if settings.arms is None:
        return as_asked
    from app.evaluation.online.arms import read_experiment

    return read_experiment(settings.arms).deal


def _telemetry(settings: Settings, traced: bool) -> AbstractContextManager[Observer | None]:
    if not traced or not settings.otlp_endpoint:
        return nullcontext()
    from app.telemetry.opening import exporting

    return exporting(settings.otlp_endpoint, texts=settings.otlp_texts)


def open_store(where: str | Path, index: Index, features: FeatureSource) -> ShopStore:
    """Carts, orders and accounts, in the same database as conversations."""
    return open_shop_store(where, utc_now, CatalogueShelf(index, features, utc_now))


def assembled(
    settings: Settings,
    index: Index,
    features: Features,
    store: ShopStore,
    embedder: MiniLmEmbedder,
    checkpoints: Checkpoints,
    recorder: Recorder | None = None,
    events: ShopperEvents | None = None,
    *,
    observer: Observer | None = None,
    defaults: FeatureDefaults | None = None,
    taste: Taste = own_taste,
    deal: Deal = as_asked,
) -> Shop:
    """The shop from parts that are open already; of `settings.data` only the model, defaults and snapshot are read.

    An `observer` watches turns instead of the recorder, `defaults` stand in for those that are stored, and `taste` says
    which facts may order products.
    """
    retriever = Retriever(
        index,
        embedder,
        Bm25Encoder(),
        features.source,
        utc_now,
        feature_deadline_s=settings.feature_deadline_ms / 1000,
        taste=taste,
    )
    reader = ContextReader(
        retriever,
        features.source,
        defaults or StoredDefaults(defaults_file(features_dir(settings.data))),
        lambda: _snapshot(settings.data),
        utc_now,
        timeout_s=settings.branch_timeout_ms / 1000,
        taste=taste,
    )
    toolbox = _toolbox(reader, index, features, store, events)
    assistant = Assistant(
        _parts(settings, reader, toolbox),
        lambda: readiness(index, embedder.name),
        checkpoints,
        StoredHistory(store.database, utc_now),
        observer or recorder,
        deal,
    )
    source, writer = features.source, features.writer
    return Shop(assistant, reader, index, source, embedder, store, writer, checkpoints, recorder, events)


def _shopper_events(index: Index, features: Features, store: ShopStore) -> ShopperEvents:
    from app.streaming.log import EventLog
    from app.streaming.projection import Projection
    from app.streaming.shopper_events import ShopperEvents

    log, cards = EventLog(store.database), Catalogue(index, features.source, utc_now).cards
    projection = Projection(log, features.source, features.writer, cards, retail_descriptions(), utc_now)
    return ShopperEvents(log, projection)


def _checkpoints(settings: Settings) -> Checkpoints:
    return postgres(settings.database_url) if settings.database_url else sqlite(settings.data / "conversations.db")


def _toolbox(
    reader: ContextReader, index: Index, features: Features, store: ShopStore, events: ShopperEvents | None
) -> Toolbox:
    confirmations = shop_confirmations(store)
    tools = (
        *lookup_tools(reader),
        ReviewsDigestTool(index),
        *preference_tools(features.source, features.writer, utc_now),
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


def _parts(settings: Settings, reader: ContextReader, toolbox: Toolbox) -> Parts:
    model = configured_model(settings)
    return Parts(
        reader=reader,
        composer=Composer(),
        policy=Policy.load("retail"),
        descriptions=retail_descriptions(),
        clock=utc_now,
        model=model,
        model_name=settings.model if model else "composer",
        model_deadline_s=settings.model_deadline_s,
        top_k=settings.top_k,
        judge=ModelJudge(model) if settings.judge and model else None,
        rewriter=ModelRewriter(model) if model else None,
        toolbox=toolbox,
        tool_rounds=settings.tool_rounds,
    )


def open_loaded_index(settings: Settings) -> Index:
    if settings.qdrant_url:
        from retrievers.index.server import ServerIndex

        return ServerIndex(settings.qdrant_url)
    return open_index(settings.data)


def _snapshot(data: Path) -> Mapping[DocumentType, Sequence[Evidence]]:
    return load_snapshot(data)


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
