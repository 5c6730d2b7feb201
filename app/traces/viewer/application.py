"""The pages over HTTP, wherever they are mounted."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import FastAPI, Query, Request, Response
from fastapi.responses import HTMLResponse

from app.traces.filter_language import FilterError
from app.traces.projects import Projects
from app.traces.query import CursorError, RunQuery
from app.traces.store import RunPage, TraceStore
from app.traces.viewer.pages import POLICY, STYLE, exported, list_page, trace_page
from tools.shop.errors import ShopStoreError

_HEADERS = {
    "Content-Security-Policy": POLICY.format(style="'self'", form="'self'"),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def create_viewer(store: TraceStore) -> FastAPI:
    """Lets in whoever reaches it: who may is decided by whom it is mounted or served for."""
    app = FastAPI(title="Traces", docs_url=None, redoc_url=None, openapi_url=None)
    projects = Projects(store)

    @app.get("/style.css")
    def style() -> Response:
        return Response(STYLE, media_type="text/css", headers={"X-Content-Type-Options": "nosniff"})

    @app.get("/")
    def listed(
        request: Request,
        project: str = "",
        q: Annotated[str, Query(max_length=1_000)] = "",
        filter: str = "",
        failed: bool = False,
        cursor: str | None = None,
    ) -> Response:
        base = str(request.scope.get("root_path", ""))
        known = projects.listed({}, limit=100, stats=True)
        session = next((UUID(each["id"]) for each in known if each["name"] == project), None)
        given = {"base": base, "projects": known, "project": project, "q": q, "filter": filter, "failed": failed}
        page, problem = RunPage((), None), None
        try:
            page = store.query(
                RunQuery(
                    session=[session] if session else None,
                    is_root=True,
                    query=q or None,
                    filter=filter or None,
                    error=True if failed else None,
                    cursor=cursor,
                    limit=50,
                )
            )
        except (FilterError, CursorError) as error:
            problem = str(error)
        asked = {"project": project, "q": q, "filter": filter, "failed": str(failed).lower(), "cursor": page.next}
        following = f"{base}/?{urlencode(asked)}" if page.next else None
        html = list_page(**given, runs=page.runs, problem=problem, next=following)
        return _page(html, 422 if problem else 200)

    @app.get("/{trace_id}")
    def shown(request: Request, trace_id: UUID) -> Response:
        runs = store.trace(trace_id)
        return _page(trace_page(runs, str(request.scope.get("root_path", "")))) if runs else _missing()

    @app.get("/{trace_id}/export")
    def export(trace_id: UUID) -> Response:
        runs = store.trace(trace_id)
        if not runs:
            return _missing()
        name = {"Content-Disposition": f'attachment; filename="trace-{trace_id}.html"'}
        return HTMLResponse(exported(runs), headers={**_HEADERS, **name})

    @app.exception_handler(ShopStoreError)
    async def unavailable(_: Request, error: Exception) -> Response:
        return Response(str(error), 503, media_type="text/plain")

    return app


def _page(html: str, status: int = 200) -> Response:
    return HTMLResponse(html, status, headers=_HEADERS)


def _missing() -> Response:
    return Response("There is no such trace.", 404, media_type="text/plain")
