"""Wires the worlds of journeys: the loaded index, features and model are shared, all that is written is a world's."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from pydantic import SecretStr

from app.assembly import Features, OpenParts, Surroundings, assembled
from app.clock import utc_now
from app.evaluation.journeys import Base, Worlds
from app.evaluation.journeys.overlays import WorldFeatures
from app.loaded import require_catalogue
from app.places import models_dir
from app.runtime import open_features, open_loaded_index, open_store
from app.settings import Settings
from graphs.conversation.checkpoints import sqlite
from graphs.observing import Observer
from graphs.runner import Assistant
from retrievers.embedding.embedder import MiniLmEmbedder
from retrievers.features.protocol import FeatureSource
from retrievers.index.protocol import Index
from retrievers.plan import Taste, own_taste
from tools.shop.store import ShopStore

_NOWHERE = "http://127.0.0.1:9/v1"  # the discard port: nothing listens there


Through = Callable[[Index, FeatureSource], tuple[Index, FeatureSource]]


def _as_they_are(index: Index, features: FeatureSource) -> tuple[Index, FeatureSource]:
    return index, features


@contextmanager
def open_worlds(settings: Settings, through: Through = _as_they_are, taste: Taste = own_taste) -> Iterator[Worlds]:
    """`through` stands between an assistant and what it reads, `taste` says which facts may order products.

    Raises NothingLoaded when there is no catalogue to answer from.
    """
    require_catalogue(settings)
    embedder, source = MiniLmEmbedder(models_dir(settings.data)), open_features(settings).source
    unreachable = settings.model_copy(update={"openai_api_key": SecretStr("unreachable"), "openai_base_url": _NOWHERE})

    def assemble(
        index: Index,
        features: WorldFeatures,
        store: ShopStore,
        folder: Path,
        observer: Observer,
        *,
        model_down: bool,
    ) -> Assistant:
        chosen, checkpoints = unreachable if model_down else settings, sqlite(folder / "conversations.db")
        found, known = through(index, features)
        parts = OpenParts(found, Features(known, features), store, embedder, checkpoints)
        return assembled(chosen, parts, Surroundings(observer, taste=taste)).assistant

    with closing(open_loaded_index(settings)) as index, tempfile.TemporaryDirectory() as folder:
        yield Worlds(Base(index, source, open_store, assemble, utc_now), Path(folder))
