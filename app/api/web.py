"""Routes of the page."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from app.api.page import language_of
from app.api.parts import AppParts

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)


@router.get("/")
@router.get("/products/{product_id}")
def page(request: Request, parts: AppParts, lang: str | None = None) -> HTMLResponse:
    """A product's address is the same page with that product open."""
    chosen = language_of(lang, request.headers.get("accept-language", ""))
    headers = {"Cache-Control": "no-cache", "Vary": "Accept-Language"}
    return HTMLResponse(parts.page.render(chosen), headers=headers)
