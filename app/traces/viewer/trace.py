"""One trace, one trace as a file, and two of them side by side."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from app.traces.stored_turn import stored_turn
from app.traces.viewer.answering import HEADERS, Pages, Shown, page
from app.traces.viewer.pages import difference_page, exported, message_page, trace_page

router = APIRouter()

_TICK_TWO = "Tick two traces of the list, then compare them."
_TURNS_ONLY = "Only turns of the assistant can be compared: at least one of these traces is something else."


@router.get("/difference")
def chosen(shown: Pages, trace: Annotated[list[str] | None, Query()] = None) -> Response:
    """The earlier one is `before`, in whatever order they were ticked."""
    ids = _ids(trace or [])
    if len(ids) != 2:
        return page(message_page(shown.base, "Two traces are compared", _TICK_TWO), 422)
    found = [runs for key in ids if (runs := shown.store.trace(key))]
    if len(found) != 2:
        return shown.missing()
    before, after = sorted(found, key=lambda runs: runs[0].row["start_us"])
    return RedirectResponse(f"{shown.base}/{before[0].row['trace_id']}/difference/{after[0].row['trace_id']}", 303)


@router.get("/{trace_id}")
def one(trace_id: UUID, shown: Pages) -> Response:
    return shown_trace(trace_id, shown)


@router.get("/{trace_id}/export")
def export(trace_id: UUID, shown: Pages) -> Response:
    runs = shown.store.trace(trace_id)
    if not runs:
        return shown.missing()
    name = {"Content-Disposition": f'attachment; filename="trace-{trace_id}.html"'}
    return HTMLResponse(exported(runs, shown.feedback_on(runs)), headers={**HEADERS, **name})


@router.get("/{before}/difference/{after}")
def compared(before: UUID, after: UUID, shown: Pages) -> Response:
    runs = [shown.store.trace(key) for key in (before, after)]
    if not all(runs):
        return shown.missing()
    left, right = (stored_turn(each) for each in runs)
    if left is None or right is None:
        return page(message_page(shown.base, "Nothing to compare", _TURNS_ONLY), 422)
    return page(difference_page(left, right, shown.base))


def shown_trace(trace_id: UUID, shown: Shown, problem: str | None = None) -> Response:
    runs = shown.store.trace(trace_id)
    if not runs:
        return shown.missing()
    return page(trace_page(runs, shown.base, shown.feedback_on(runs), problem), 422 if problem else 200)


def _ids(said: list[str]) -> list[UUID]:
    """Without what is none, each once."""
    found = list[UUID]()
    for each in said:
        try:
            found.append(UUID(each.strip()))
        except ValueError:
            continue
    return list(dict.fromkeys(found))
