"""Every failure as `{"error": one line, "code": its stable name}`; one nobody expected with its log's `reference`."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Mapping
from http import HTTPStatus

from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException as StarletteHTTPException

from graphs.conversation.history import UnknownThread
from graphs.conversation.rerun import NotRepeatable
from retrievers.index.protocol import IndexUnavailable
from tools.shop.errors import ShopStoreError

logger = logging.getLogger(__name__)


class Refused(HTTPException):
    """A request we will not serve; `detail` tells the caller what to do instead, `code` a page with its own words."""

    def __init__(self, status: int, detail: str, code: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status, detail, dict(headers) if headers else None)
        self.code = code


def problem(status: int, message: str, code: str) -> JSONResponse:
    return JSONResponse({"error": message, "code": code}, status_code=status)


def refusal(error: UnknownThread | NotRepeatable) -> dict[str, str]:
    """The same for a request and for an event of a stream that has begun."""
    code = "unknown_thread" if isinstance(error, UnknownThread) else "not_repeatable"
    return {"error": str(error), "code": code}


def report(error: Exception) -> dict[str, str]:
    """Logs the error and returns a line fit for a shopper; `reference` names the entry for those with other words."""
    reference = uuid.uuid4().hex[:8]
    logger.error("unexpected failure %s", reference, exc_info=error)
    line = f"Something went wrong on our side. Please try again; if it persists, mention {reference}."
    return {"error": line, "code": "unexpected", "reference": reference}


def install(app: FastAPI) -> None:
    app.add_exception_handler(StarletteHTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(IndexUnavailable, _unavailable)
    app.add_exception_handler(ShopStoreError, _records_down)
    app.add_exception_handler(UnknownThread, _unknown)
    app.add_exception_handler(NotRepeatable, _conflict)
    app.add_exception_handler(Exception, _unexpected)


async def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, StarletteHTTPException)
    code = error.code if isinstance(error, Refused) else HTTPStatus(error.status_code).name.lower()
    response = problem(error.status_code, str(error.detail), code)
    response.headers.update(error.headers or {})
    return response


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    """Names the first offending field and never echoes what was sent."""
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    if first["type"] == "json_invalid":
        return problem(422, "The body is not valid JSON.", "invalid_request")
    where = ".".join(str(part) for part in first["loc"] if part not in ("body", "query", "path"))
    return problem(422, f"{where or 'body'}: {first['msg']}", "invalid_request")


async def _unavailable(request: Request, error: Exception) -> JSONResponse:
    return problem(503, str(error), "index_unavailable")


async def _records_down(request: Request, error: Exception) -> JSONResponse:
    logger.error("%s", error)  # it names the database, which is nobody else's business
    line = "The shop cannot reach its records right now. Please try again in a moment."
    return problem(503, line, "records_unavailable")


async def _unknown(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, UnknownThread)
    return JSONResponse(refusal(error), status_code=404)


async def _conflict(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, NotRepeatable)
    return JSONResponse(refusal(error), status_code=409)


async def _unexpected(request: Request, error: Exception) -> JSONResponse:
    return JSONResponse(report(error), status_code=500)
