"""What stands behind the shopper's page, made from an open shop."""

from __future__ import annotations

from functools import cache, partial
from pathlib import Path

from app.answers import OpenTraces, StoredAnswers
from app.api.ports import Services
from app.assembly import Shop
from app.clock import utc_now
from app.conversations.store import StoredHistory
from app.forgetting.elsewhere import elsewhere
from app.forgetting.forgetting import Forgetting
from app.forgetting.register import register
from app.places import traces_database
from app.profiles import ShopperProfiles
from app.settings import Settings
from app.traces.opening import opened_traces
from app.traces.store import TraceStore
from graphs.guardrails.personal import mask_personal
from graphs.guardrails.policy import Policy
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
    keepers = register(shop, settings, shop.around.events, traces)
    forgetting = Forgetting(keepers, history, traces, partial(elsewhere, settings))
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
