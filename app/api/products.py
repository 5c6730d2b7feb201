"""Products and their pictures."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import FileResponse

from app.api.errors import Refused
from app.api.parts import AppParts
from app.api.ports import ProductLookup
from retrievers.catalogue import Product
from retrievers.features.protocol import FeatureSource, FeaturesUnavailable
from retrievers.index.protocol import Index
from retrievers.records import Clock, ItemFacts

router = APIRouter()

PictureName = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,128}$")]


@router.get("/api/products/{product_id}")
async def product(product_id: str, parts: AppParts) -> Product:
    found = await parts.products(product_id)
    if found is None:
        raise Refused(404, f"There is no product {product_id[:64]!r} in this catalogue.")
    return found


@router.get("/images/{name}.svg", response_class=FileResponse)
def picture(name: PictureName, parts: AppParts) -> FileResponse:
    path = parts.images_dir / f"{name}.svg" if parts.images_dir else None
    if path is None or not path.is_file():
        raise Refused(404, "There is no such picture.")
    return FileResponse(path, media_type="image/svg+xml", headers={"Cache-Control": "public, max-age=3600"})


def live_products(index: Index, features: FeatureSource, clock: Clock) -> ProductLookup:
    """Words from the index, facts from the feature store: a price the store cannot vouch for is None, never old."""

    async def find(product_id: str) -> Product | None:
        found = await asyncio.to_thread(index.fetch, [f"product/{product_id}"])
        if not found:
            return None
        facts = await _facts(features, product_id, clock)
        live = {name: getattr(facts, name) for name in ("price", "stock", "rating", "rating_count")}
        return Product.model_validate(found[0].metadata).model_copy(update=live)

    return find


async def _facts(features: FeatureSource, product_id: str, clock: Clock) -> ItemFacts:
    try:
        rows = await features.items([product_id], clock())
    except FeaturesUnavailable:
        rows = {}
    return rows.get(product_id, ItemFacts(product_id))
