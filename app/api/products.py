"""Products and their pictures."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import FileResponse

from app.api.errors import Refused
from app.api.parts import AppParts
from retrievers.catalogue import Product

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
