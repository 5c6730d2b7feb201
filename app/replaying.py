"""Wires a replay: index and shelf as they are today, features as they were, and copies of all that may be written."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.assembly import Features, OpenParts, Surroundings, assembled
from app.clock import utc_now
from app.loaded import require_catalogue
from app.places import models_dir, shop_database
from app.runtime import open_features, open_loaded_index, open_store
from app.settings import Settings
from app.traces.calls import Detail
from app.traces.redaction import Redaction
from app.traces.replay.recorded import RecordedFeatures, RecordedTurn, Unwritten
from app.traces.replay.replaying import Replayer, Seen
from graphs.conversation.checkpoints import in_memory
from graphs.guardrails.policy import Policy
from graphs.models.prices import Prices
from retrievers.embedding.embedder import MiniLmEmbedder
from retrievers.index.kept import open_generation
from retrievers.index.protocol import Index
from tools.shop.copying import copy_shopper
from tools.shop.database import connect
from tools.shop.store import ShopStore

COMPOSER = "composer"


class BadOption(Exception):
    """An option that cannot be followed; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Options:
    """None: the model the turn was answered with, and the generation that is served."""

    model: str | None = None
    generation: str | None = None
    live: bool = False  # with the features of today, and therefore at today's time
    now: bool = False  # at today's time, instead of the turn's own

    def told(self) -> dict[str, Any]:
        said = {
            "replay_model": self.model,
            "replay_index": self.generation,
            "live_features": self.live or None,
            "replay_now": self.now or None,
        }
        return {name: value for name, value in said.items() if value is not None}


@contextmanager
def open_replay(settings: Settings, recorded: RecordedTurn, options: Options) -> Iterator[Replayer]:
    """Raises BadOption, NothingLoaded, UnknownGeneration, IndexUnavailable, ShopStoreError."""
    require_catalogue(settings)
    chosen = _with_model(settings, options.model or recorded.stored.model, asked=options.model is not None)
    today = open_features(settings).source
    then = RecordedFeatures(recorded.stored, today, utc_now)
    clock = utc_now if options.live or options.now else recorded.clock
    source, seen = (today if options.live else then), Seen()
    embedder = MiniLmEmbedder(models_dir(settings.data))
    with (
        _index(settings, options.generation) as index,
        tempfile.TemporaryDirectory() as folder,
        closing(open_store(Path(folder) / "shop.db", index, source)) as store,
    ):
        _take_along(settings, recorded.stored.user_id, store)
        parts = OpenParts(index, Features(source, Unwritten()), store, embedder, in_memory())
        shop = assembled(chosen, parts, Surroundings(seen, defaults=None if options.live else then, clock=clock))
        detail = Detail(Prices.load(settings.prices), settings.traces_texts)
        redaction = Redaction.load(Policy.load())
        yield Replayer(shop.assistant, shop.warm_up, seen, redaction, detail, utc_now, options.told())


def _with_model(settings: Settings, model: str, *, asked: bool) -> Settings:
    """A turn whose model cannot be asked any more is answered by the composer, unless a model was asked for."""
    if model == COMPOSER or not settings.openai_api_key:
        if asked and model != COMPOSER:
            raise BadOption("no model can be asked: set OPENAI_API_KEY and OPENAI_BASE_URL, or say --model composer")
        return settings.model_copy(update={"openai_api_key": None})
    return settings.model_copy(update={"model": model or settings.model})


def _index(settings: Settings, generation: str | None) -> AbstractContextManager[Index]:
    if generation is None:
        return closing(open_loaded_index(settings))
    if settings.qdrant_url:
        raise BadOption("--index chooses among generations on disk, and this shop's index is on a Qdrant server")
    return open_generation(settings.data, generation)


def _take_along(settings: Settings, user_id: str, store: ShopStore) -> None:
    """A shop nobody has bought in yet has no database."""
    where = shop_database(settings)
    if isinstance(where, Path) and not where.exists():
        return
    with closing(connect(where)) as source:
        copy_shopper(user_id, source, store.database)
