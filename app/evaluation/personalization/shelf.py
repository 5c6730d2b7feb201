"""The shop's products as the index would hold them, and the open question asked of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from retrievers.catalogue import DocumentType, Product
from retrievers.familiar import recall
from retrievers.features.protocol import FeatureSource
from retrievers.plan import make_plan
from retrievers.purchases.kinds import kinds_of
from retrievers.ranking import choose, open_pool
from retrievers.records import Evidence, Reading, ShopperFeatures

OPEN = Reading("what should I buy?", "open", "")
BROWSED = 60  # candidates that browsing by popularity brings, as in a turn


class Shelf:
    """Implements the part of an index that an open question needs. Kinds are read from titles, as at ingestion."""

    def __init__(self, titles: Mapping[str, str]) -> None:
        self.kinds = kinds_of(titles)
        products = (Product(product_id=name, title=title) for name, title in titles.items())
        self._evidence = {product.product_id: _evidence(product, self.kinds) for product in products}

    def fetch(self, ids: Sequence[str]) -> list[Evidence]:
        names = (evidence_id.removeprefix(f"{DocumentType.PRODUCT}/") for evidence_id in ids)
        return [self._evidence[name] for name in names if name in self._evidence]

    async def answer(
        self, features: ShopperFeatures, source: FeatureSource, popular: Sequence[str], now: datetime, k: int
    ) -> list[str]:
        """The products an open question shows, best first."""
        browsed = [self._evidence[name] for name in popular[:BROWSED]]
        familiar = await recall(features, None, self, source, now)
        wanted = dict.fromkeys([*popular[:BROWSED], *familiar.companions])
        rest = [name for name in wanted if name not in familiar.facts]
        facts = {**familiar.facts, **await source.items(rest, now, orders=True)}
        pool = open_pool(browsed, {}, familiar, facts, features)
        chosen = choose(pool, OPEN, make_plan(OPEN, features), features, k, now)
        return [ranked.candidate.product_id for ranked in chosen]


def _evidence(product: Product, kinds: Mapping[str, str]) -> Evidence:
    metadata = {**product.model_dump(mode="json"), "kind": kinds.get(product.product_id)}
    name = f"{DocumentType.PRODUCT}/{product.product_id}"
    return Evidence(name, DocumentType.PRODUCT, "catalogue", product.title, product.title, 0.0, metadata)
