from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from langchain_core.language_models import BaseChatModel

from graphs.conversation.checkpoints import Checkpoints
from graphs.conversation.history import History
from graphs.guardrails.policy import Policy
from graphs.models.composer import Composer
from graphs.runner import Assistant
from graphs.state import Parts
from graphs.turn import Readiness
from retrievers.context import ContextReader
from retrievers.embedding.embedder import MiniLmEmbedder
from retrievers.embedding.sparse import Bm25Encoder
from retrievers.features.config import FeatureStoreConfig
from retrievers.features.defaults import StoredDefaults
from retrievers.features.descriptions import retail_descriptions
from retrievers.features.protocol import FeatureSource
from retrievers.features.reader import FeastFeatureSource
from retrievers.features.store import FeastStore
from retrievers.index.owner import open_index
from retrievers.index.protocol import Index
from retrievers.index.snapshot import load_snapshot
from retrievers.retriever import Retriever
from tools.lookups import lookup_tools
from tools.reviews import ReviewsDigestTool
from tools.shop.shelf import CatalogueShelf
from tools.shop.store import ShopStore, open_shop_store
from tools.shop_tools import shop_confirmations, shop_tools
from tools.toolbox import Toolbox
from tests.support.openai_server import OpenAIServer, running
from tests.support.small_shop import build_small_shop


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
        return Assistant(parts, lambda: Readiness(True), checkpoints, history)

    def store(self, where: Path | str) -> ShopStore:
        """A store of carts and orders that sells this shop's products."""
        return open_shop_store(where, lambda: self.now, CatalogueShelf(self.index, self.features, lambda: self.now))

    def toolbox(self, store: ShopStore) -> Toolbox:
        confirmations = shop_confirmations(store)
        lookups = (*lookup_tools(self.reader()), ReviewsDigestTool(self.index))
        return Toolbox((*lookups, *shop_tools(store, confirmations)), confirmations)


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    data = tmp_path_factory.mktemp("shop")
    now = datetime.now(UTC)
    build_small_shop(data, now, tmp_path_factory.getbasetemp() / "models")
    with closing(open_index(data)) as index:
        features = FeastFeatureSource(FeastStore(FeatureStoreConfig(data / "features")))
        yield Shop(data, datetime.now(UTC), index, features, MiniLmEmbedder(data / "models"))


@pytest.fixture
def openai_server() -> Iterator[OpenAIServer]:
    """A scripted OpenAI-compatible server; see its methods for what it can answer."""
    with running() as server:
        yield server
