"""Where the parts are opened, once, from the settings, and handed in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from app.assembly import Features, OpenParts, Shop, Surroundings, assembled
from app.clock import utc_now
from app.conversations.store import StoredHistory
from app.loaded import require_catalogue
from app.places import features_dir, models_dir, shop_database
from app.settings import Settings
from app.watching import watching
from graphs.conversation.checkpoints import Checkpoints, postgres, sqlite
from graphs.turn import Deal, as_asked
from retrievers.embedding.embedder import MiniLmEmbedder
from retrievers.features.descriptions import retail_descriptions
from retrievers.features.protocol import FeatureSource
from retrievers.index.owner import open_index
from retrievers.index.protocol import Index
from tools.catalogue import Catalogue
from tools.shop.shelf import CatalogueShelf
from tools.shop.store import ShopStore, open_shop_store

if TYPE_CHECKING:
    from app.streaming.shopper_events import ShopperEvents
    from retrievers.features.config import FeatureStoreConfig


@contextmanager
def open_shop(
    settings: Settings, around: Callable[[FeatureSource], FeatureSource] = lambda it: it, *, traced: bool = False
) -> Iterator[Shop]:
    """Raises NothingLoaded when there is no catalogue to answer from. `around` may stand before the feature source.

    Shoppers' turns are `traced`, and what they do is learnt from; a measurement's are not.
    """
    require_catalogue(settings)
    opened = open_features(settings)
    features = Features(around(opened.source), opened.writer)
    with (
        closing(open_loaded_index(settings)) as index,
        closing(open_store(shop_database(settings), index, features.source)) as store,
    ):
        embedder = MiniLmEmbedder(models_dir(settings.data))
        parts = OpenParts(index, features, store, embedder, _checkpoints(settings))
        if not traced:
            yield assembled(settings, parts)
            return
        history = StoredHistory(store.database, utc_now)
        with watching(settings, utc_now, history.forgotten) as watch:
            events, deal = _shopper_events(parts), _dealing(settings)
            yield assembled(settings, parts, Surroundings(watch.observer, watch.recorder, events, deal=deal))


def features_config(settings: Settings) -> FeatureStoreConfig:
    from retrievers.features.config import FeatureStoreConfig

    return FeatureStoreConfig(features_dir(settings.data), settings.redis_url)


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


def open_store(where: str | Path, index: Index, features: FeatureSource) -> ShopStore:
    """Carts, orders and accounts, in the same database as conversations."""
    return open_shop_store(where, utc_now, CatalogueShelf(index, features, utc_now))


def open_loaded_index(settings: Settings) -> Index:
    if settings.qdrant_url:
        from retrievers.index.server import ServerIndex

        return ServerIndex(settings.qdrant_url)
    return open_index(settings.data)


def _checkpoints(settings: Settings) -> Checkpoints:
    return postgres(settings.database_url) if settings.database_url else sqlite(settings.data / "conversations.db")


def _dealing(settings: Settings) -> Deal:
    if settings.arms is None:
        return as_asked
    from app.evaluation.online.arms import read_experiment

    return read_experiment(settings.arms).deal


def _shopper_events(parts: OpenParts) -> ShopperEvents:
    from app.streaming.log import EventLog
    from app.streaming.projection import Projection
    from app.streaming.shopper_events import ShopperEvents

    source, writer = parts.features.source, parts.features.writer
    log, cards = EventLog(parts.store.database), Catalogue(parts.index, source, utc_now).cards
    projection = Projection(log, source, writer, cards, retail_descriptions(), utc_now)
    return ShopperEvents(log, projection)
