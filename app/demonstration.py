"""The demo shop made real: built into the data directory when missing, its times brought up to now at every start."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import pandas as pd
from rich.console import Console

from app.api.ports import ShopperOption
from app.clock import utc_now
from app.demo.pictures import draw
from app.demo.shoppers import featured_shoppers
from app.demo.store import DemoStore, demo_store
from app.ingestion.build import build
from app.ingestion.ledger import Load
from app.ingestion.parts import open_parts
from app.ingestion.progress import Report, progress_bars
from app.places import features_dir
from app.runtime import features_config
from app.settings import Settings
from retrievers.catalogue import DocumentType, Product
from retrievers.features.averages import compute_defaults
from retrievers.features.defaults import defaults_file
from retrievers.features.redis_hash_writer import RedisHashWriter
from retrievers.features.redis_hashes import connect
from retrievers.features.store import FeastStore

_MARKER = "demo.json"


class AnotherCatalogue(Exception):
    """The data directory belongs to somebody's own catalogue, which a demo must not replace."""


def prepare(settings: Settings) -> list[ShopperOption]:
    """Leaves the directory ready to serve and returns the shoppers to offer. Raises AnotherCatalogue."""
    data, console = settings.data, Console(stderr=True)
    marker = data / _MARKER
    if not marker.exists() and (data / "ledger.db").exists():
        raise AnotherCatalogue(f"{data} holds another catalogue; give the demo a directory of its own with --data")
    shop = demo_store()
    fingerprint = _fingerprint(shop)
    with progress_bars(console) as report:
        if _read(marker) != fingerprint:
            _build(settings, shop, report)
            marker.write_text(json.dumps(fingerprint), encoding="utf-8")
        bring_up_to_date(settings, shop, utc_now(), report)
    return shopper_options()


def bring_up_to_date(settings: Settings, shop: DemoStore, now: datetime, report: Report) -> None:
    """Writes every feature with its event time counted back from `now`, so that nobody goes stale overnight."""
    frames, write = shop.features(now), _view_writer(settings)
    for done, (view, frame) in enumerate(frames.items(), 1):
        write(view, frame)
        report("shoppers", done, len(frames))
    compute_defaults(frames, defaults_file(features_dir(settings.data)))


def _view_writer(settings: Settings) -> Callable[[str, pd.DataFrame], None]:
    """Online and, where there is one, into the history."""
    if settings.features == "redis-hashes" and settings.redis_url:
        return RedisHashWriter(connect(settings.redis_url)).write_online
    store = FeastStore(features_config(settings))
    store.apply()

    def write(view: str, frame: pd.DataFrame) -> None:
        store.write_offline(view, frame)
        store.write_online(view, frame)

    return write


def shopper_options() -> list[ShopperOption]:
    """The three shoppers as the page offers them."""
    return [
        ShopperOption(shopper.user_id, shopper.name, shopper.blurb, shopper.suggestions)
        for shopper in featured_shoppers()
    ]


def _build(settings: Settings, shop: DemoStore, report: Report) -> None:
    loads = [Load(DocumentType.PRODUCT, shop.products, origin="demo")]
    for kind in DocumentType:
        documents = [document for document in shop.documents if document.type is kind]
        if documents:
            loads.append(Load(kind, documents, origin="demo"))
    build(open_parts(settings.data, settings.redis_url, settings.qdrant_url, settings.features), loads, report)
    _draw(shop.products, settings.data / "images", report)


def _draw(products: Sequence[Product], directory: Path, report: Report) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    for done, product in enumerate(products, 1):
        (directory / f"{product.product_id}.svg").write_text(draw(product), encoding="utf-8")
        if done % 100 == 0 or done == len(products):
            report("pictures", done, len(products))


def _fingerprint(shop: DemoStore) -> dict[str, str]:
    digest = hashlib.sha256()
    for record in (*shop.products, *shop.documents):
        digest.update(record.model_dump_json().encode())
    return {"content": digest.hexdigest()}


def _read(marker: Path) -> object:
    try:
        return json.loads(marker.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
