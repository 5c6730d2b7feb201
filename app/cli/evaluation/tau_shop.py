"""Wires the shop that the world's customers talk to: one index of its products, all else a conversation's own."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from app.assembly import Features, OpenParts, assembled, configured_model
from app.cli.evaluation.patience import PATIENCE
from app.evaluation.journeys.overlays import State, WorldFeatures
from app.evaluation.tau_retail.trials import Cast
from app.ingestion.build import build
from app.ingestion.ledger import Load
from app.ingestion.parts import open_parts
from app.places import models_dir
from app.runtime import open_features, open_loaded_index
from app.settings import Settings
from graphs.conversation.checkpoints import sqlite
from graphs.runner import Assistant
from retrievers.catalogue import DocumentType, Product
from retrievers.embedding.embedder import MiniLmEmbedder
from tools.shop.store import ShopStore

# Of the configured shop only the model's endpoint is used.
_APART = {"redis_url": None, "qdrant_url": None, "database_url": None, "features": "feast"}


@contextmanager
def open_cast(settings: Settings, model: str, user_model: str, products: Sequence[Product]) -> Iterator[Cast]:
    """Builds the index in a directory of its own, which is gone afterwards. The settings must hold a key."""
    customer = configured_model(settings.model_copy(update={"model": user_model}))
    assert customer is not None, "no key"
    with tempfile.TemporaryDirectory(prefix="shelfwise-tau-retail-") as folder:
        own = settings.model_copy(update={**_APART, **PATIENCE, "data": Path(folder), "model": model})
        build(open_parts(own.data), [Load(DocumentType.PRODUCT, products)])
        embedder, source = MiniLmEmbedder(models_dir(own.data)), open_features(own).source
        with closing(open_loaded_index(own)) as index:

            def assemble(store: ShopStore, below: Path) -> Assistant:
                features = WorldFeatures(source, State())
                checkpoints = sqlite(below / "conversations.db")
                parts = OpenParts(index, Features(features, features), store, embedder, checkpoints)
                return assembled(own, parts).assistant

            yield Cast(assemble, customer, own.model_deadline_s)
