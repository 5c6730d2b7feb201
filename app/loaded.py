"""Whether there is anything to answer from: asked before the parts are imported, which takes seconds."""

from __future__ import annotations

from app.settings import Settings


class NothingLoaded(Exception):
    """The data directory holds neither an index nor features."""


def require_catalogue(settings: Settings) -> None:
    """Raises NothingLoaded when there is no catalogue to answer from."""
    if not settings.qdrant_url and not any((settings.data / part).exists() for part in ("index", "features")):
        raise NothingLoaded(
            f"{settings.data} holds no catalogue: run `shelfwise demo` or `shelfwise ingest products FILE`"
        )
