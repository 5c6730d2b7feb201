"""Routes of the page."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi.staticfiles import StaticFiles

from app.api.page import language_of
from app.api.parts import AppParts
from graphs.turn import Lang

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)


class Assets(StaticFiles):
    """Revalidated at every load: a browser must not mix the modules of two releases."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "no-cache"
        return response


@router.get("/")
@router.get("/products/{product_id}")
def page(request: Request, parts: AppParts, lang: str | None = None) -> HTMLResponse:
    """A product's address is the same page with that product open."""
    chosen = language_of(lang, request.headers.get("accept-language", ""))
    headers = {"Cache-Control": "no-cache", "Vary": "Accept-Language"}
    return HTMLResponse(parts.page.render(chosen), headers=headers)


@router.get("/strings/{lang}.json")
def strings(lang: Lang, parts: AppParts) -> JSONResponse:
    """The page's words, for switching to another language without losing the conversation."""
    return JSONResponse(parts.page.strings[lang], headers={"Cache-Control": "no-cache"})
