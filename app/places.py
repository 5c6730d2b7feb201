"""Where a shop keeps what it keeps."""

from __future__ import annotations

from pathlib import Path

from app.settings import Settings


def models_dir(data: Path) -> Path:
    """Where the exported embedding model is kept."""
    return data / "models"


def features_dir(data: Path) -> Path:
    """Where Feast's state and the defaults are kept."""
    return data / "features"


def shop_database(settings: Settings) -> str | Path:
    """Carts, orders, accounts, conversations and events: a URL of PostgreSQL, or a file."""
    return settings.database_url or settings.data / "shop.db"


def traces_database(settings: Settings) -> str | Path:
    return settings.database_url or settings.data / "traces.db"
