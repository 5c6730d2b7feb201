"""Products, what is said of them, and their pictures."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import FileResponse
from pydantic import BaseModel

from app.api.errors import Refused
from app.api.identity import asker_of
from app.api.parts import AppParts
from app.api.ports import Services
from retrievers.catalogue import Product
from tools.catalogue import ReviewText

router = APIRouter()

PictureName = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,128}$")]
RunId = Annotated[str | None, Query(pattern=r"^[A-Za-z0-9_-]{1,64}$")]


class Passage(BaseModel):
    """What an answer cited; offsets count code points of the source's text."""

    marker: str
    id: str
    text: str
    start: int
    end: int


class ProductPage(Product):
    """`passages` are there when a run was named."""

    reviews: tuple[ReviewText, ...] = ()
    passages: tuple[Passage, ...] | None = None


@router.get("/api/products/{product_id}", response_model_exclude_unset=True)
async def product(product_id: str, request: Request, parts: AppParts, run_id: RunId = None) -> ProductPage:
    """With a run of the asker's own, what its answer cited of this product; 404 for somebody else's."""
    found = await parts.products(product_id)
    if found is None:
        raise Refused(404, f"There is no product {product_id[:64]!r} in this catalogue.", "unknown_product")
    told: dict[str, Any] = found.model_dump() | {"reviews": ()}
    if parts.services:
        told["reviews"] = await parts.services.reviews.reviews(product_id)
        if run_id:
            told["passages"] = await _cited(product_id, run_id, asker_of(request, parts), parts.services)
    return ProductPage(**told)


@router.get("/images/{name}.svg", response_class=FileResponse)
def picture(name: PictureName, parts: AppParts) -> FileResponse:
    path = parts.images_dir / f"{name}.svg" if parts.images_dir else None
    if path is None or not path.is_file():
        raise Refused(404, "There is no such picture.", "not_found")
    return FileResponse(path, media_type="image/svg+xml", headers={"Cache-Control": "public, max-age=3600"})


async def _cited(product_id: str, run_id: str, asker: str, services: Services) -> list[Passage]:
    exchange = await services.answers.exchange(run_id, asker)
    citations = exchange.answer.get("citations", [])
    about = await services.reviews.products_of([citation["id"] for citation in citations])
    return [
        Passage(text=each["quote"], **{name: each[name] for name in ("marker", "id", "start", "end")})
        for each in citations
        if about.get(each["id"]) == product_id
    ]
