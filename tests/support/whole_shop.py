"""The small shop opened part by part, so that a test can swap any of them for one that fails."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from langchain_core.language_models import BaseChatModel

from graphs.conversation.checkpoints import Checkpoints
from graphs.conversation.history import History
from graphs.guardrails.policy import Policy
from graphs.models.composer import Composer
from graphs.observing import Observer
from graphs.runner import Assistant
from graphs.state import Parts
from graphs.turn import Readiness
from retrievers.context import ContextReader
from retrievers.embedding.embedder import MiniLmEmbedder
from retrievers.embedding.sparse import Bm25Encoder
from retrievers.features.defaults import StoredDefaults
from retrievers.features.descriptions import retail_descriptions
from retrievers.features.protocol import FeatureSource
from retrievers.index.protocol import Index
from retrievers.index.snapshot import load_snapshot
from retrievers.retriever import Retriever
from tools.lookups import lookup_tools
from tools.reviews import ReviewsDigestTool
from tools.shop.shelf import CatalogueShelf
from tools.shop.store import ShopStore, open_shop_store
from tools.shop_tools import shop_confirmations, shop_tools
from tools.toolbox import Toolbox


@dataclass(frozen=True)
class Shop:
    """The small shop's parts; `assistant` swaps any of them for one that fails."""

    data: Path
    now: datetime
    index: Index
    features: FeatureSource
    embedder: MiniLmEmbedder

    def reader(
        self, *, index: Index | None = None, features: FeatureSource | None = None, deadline_s: float = 2.0
    ) -> ContextReader:
        source = features or self.features
        retriever = Retriever(
            index or self.index,
            self.embedder,
            Bm25Encoder(),
            source,
            lambda: self.now,
            feature_deadline_s=deadline_s,
        )
        return ContextReader(
            retriever,
            source,
            StoredDefaults(self.data / "features" / "defaults.db"),
            lambda: load_snapshot(self.data),
            lambda: self.now,
            timeout_s=5.0,
        )

    def assistant(
        self,
        reader: ContextReader | None = None,
        model: BaseChatModel | None = None,
        toolbox: Toolbox | None = None,
        checkpoints: Checkpoints | None = None,
        history: History | None = None,
        observer: Observer | None = None,
    ) -> Assistant:
        parts = Parts(
            reader=reader or self.reader(),
            composer=Composer(),
            policy=Policy.load("retail"),
            descriptions=retail_descriptions(),
            clock=lambda: self.now,
            model=model,
            model_name="test-model" if model else "composer",
            rewriter=None,
            toolbox=toolbox or Toolbox(),
        )
        return Assistant(parts, lambda: Readiness(True), checkpoints, history, observer)

    def store(self, where: Path | str) -> ShopStore:
        """A store of carts and orders that sells this shop's products."""
        return open_shop_store(where, lambda: self.now, CatalogueShelf(self.index, self.features, lambda: self.now))

    def toolbox(self, store: ShopStore) -> Toolbox:
        confirmations = shop_confirmations(store)
        lookups = (*lookup_tools(self.reader()), ReviewsDigestTool(self.index))
        return Toolbox((*lookups, *shop_tools(store, confirmations)), confirmations)
