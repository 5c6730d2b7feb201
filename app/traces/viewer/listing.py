"""The list of traces, searched and filtered."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from app.traces.filter_language import FilterError
from app.traces.query import CursorError, RunQuery
from app.traces.store import RunPage
from app.traces.viewer.answering import Pages, Shown, page
from app.traces.viewer.pages import list_page

router = APIRouter()

_SCORED = {
    "any": "neq(feedback_key, null)",
    "good": "gte(feedback_score, 0.5)",
    "bad": "lt(feedback_score, 0.5)",
    "none": "not(neq(feedback_key, null))",
}
_AT_ONCE = 50


class Wanted(BaseModel):
    """The form above the list."""

    model_config = ConfigDict(frozen=True)

    project: str = ""
    q: str = Field("", max_length=1_000)
    filter: str = ""
    feedback: Literal["", "any", "good", "bad", "none"] = ""
    failed: bool = False
    cursor: str | None = Field(None, max_length=200)

    def query(self, session: UUID | None) -> RunQuery:
        said = [self.filter] if self.filter else []
        said += [_SCORED[self.feedback]] if self.feedback else []
        return RunQuery(
            session=[session] if session else None,
            is_root=True,
            query=self.q or None,
            filter=f"and({', '.join(said)})" if len(said) > 1 else next(iter(said), None),
            error=True if self.failed else None,
            cursor=self.cursor,
            limit=_AT_ONCE,
        )


@router.get("/")
def listed(wanted: Annotated[Wanted, Query()], shown: Pages) -> Response:
    projects = shown.projects.listed({}, limit=100, stats=True)
    session = next((UUID(each["id"]) for each in projects if each["name"] == wanted.project), None)
    found, problem = RunPage((), None), None
    try:
        found = shown.store.query(wanted.query(session))
    except (FilterError, CursorError) as error:
        problem = str(error)
    html = list_page(
        shown.base,
        wanted=wanted,
        projects=projects,
        runs=found.runs,
        scores=shown.feedback.stats([run.row["id"] for run in found.runs]),
        problem=problem,
        next=_following(wanted, found.next, shown),
    )
    return page(html, 422 if problem else 200)


def _following(wanted: Wanted, cursor: str | None, shown: Shown) -> str | None:
    asked = {**wanted.model_dump(mode="json"), "failed": str(wanted.failed).lower(), "cursor": cursor}
    return f"{shown.base}/?{urlencode(asked)}" if cursor else None
