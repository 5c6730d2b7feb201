"""What stands behind the shopper's page, made from an open shop."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from app.answers import OpenTraces, StoredAnswers
from app.api.ports import Services
from app.assembly import Shop
from app.clock import utc_now
from app.conversations.store import StoredHistory
from app.forgetting import Forgetting
from app.places import features_dir, traces_database
from app.profiles import ShopperProfiles
from app.settings import Settings
from app.traces.opening import opened_traces
from app.traces.store import TraceStore
from graphs.guardrails.personal import mask_personal
from graphs.guardrails.policy import Policy
from retrievers.features.defaults import defaults_file
from tools.catalogue import Catalogue


def services(shop: Shop, settings: Settings) -> Services | None:
    """None for a shop that learns nothing from shoppers."""
    if shop.around.events is None:
        return None
    policy = Policy.load()
    history, traces = (
        StoredHistory(shop.parts.store.database, utc_now),
        _traces(settings, kept=shop.around.recorder is not None),
    )
    forgetting = Forgetting(
        assistant=shop.assistant,
        history=history,
        checkpoints=shop.parts.checkpoints,
        traces=traces,
        recorder=shop.around.recorder,
        events=shop.around.events,
        features=shop.parts.features.source,
        writer=shop.parts.features.writer,
        defaults=defaults_file(features_dir(settings.data)),
        database=shop.parts.store.database,
        clock=utc_now,
    )
    return Services(
        events=shop.around.events,
        answers=StoredAnswers(history, traces, lambda text: mask_personal(text, policy)[0]),
        profiles=ShopperProfiles(shop.reader, shop.parts.index, shop.profile, forgetting),
        reviews=Catalogue(shop.parts.index, shop.parts.features.source, utc_now),
        clock=utc_now,
    )


def _traces(settings: Settings, *, kept: bool) -> OpenTraces:
    """Those of before are there when none are kept any more: a shopper can be forgotten all the same."""

    @cache
    def opened(where: str | Path) -> TraceStore:
        return opened_traces(where, utc_now)

    def traces() -> TraceStore | None:
        where = traces_database(settings)
        return opened(where) if kept or settings.database_url or Path(where).exists() else None

    return traces
