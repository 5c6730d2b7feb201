"""The whole demo store, built once for a test run by whichever of its processes asks first."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from app.demonstration import prepare
from app.settings import Settings
from retrievers.index.files import FileLock


def offline(data: Path) -> Settings:
    """With the composer and embedded parts, whatever the environment offers; slow machines change nothing."""
    patience = {"feature_deadline_ms": 10_000, "branch_timeout_ms": 60_000}
    servers = {"redis_url": None, "qdrant_url": None, "database_url": None}
    return Settings(data=data, openai_api_key=None, features="feast", **servers, **patience)


def built_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its data directory, which others read too: whoever writes takes a copy."""
    root = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        root = root.parent
    lock = FileLock(root / "demo.lock")
    lock.acquire(wait=True)
    try:
        if not (root / "demo" / "demo.json").exists():
            prepare(offline(root / "demo"))
    finally:
        lock.release()
    return root / "demo"


def copied_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One's own; whoever holds the index of the original does not hold this one's."""
    copy = tmp_path_factory.mktemp("demo") / "data"
    return shutil.copytree(built_demo(tmp_path_factory), copy, ignore=shutil.ignore_patterns("*.sock", "owner.*"))
