"""What every page is made from, and how it is answered with."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request, Response
from fastapi.responses import HTMLResponse

from app.traces.feedback import FeedbackLog
from app.traces.projects import Projects
from app.traces.store import StoredRun, TraceStore
from app.traces.viewer.pages import POLICY, Feedback, message_page

HEADERS = {
    "Content-Security-Policy": POLICY.format(style="'self'", form="'self'"),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class Shown:
    """The store as the pages read it, and where they are mounted."""

    def __init__(self, request: Request) -> None:
        self.store: TraceStore = request.app.state.store
        self.projects, self.feedback = Projects(self.store), FeedbackLog(self.store)
        self.base = str(request.scope.get("root_path", ""))

    def feedback_on(self, runs: list[StoredRun]) -> Feedback:
        return self.feedback.on([run.row["id"] for run in runs])

    def missing(self) -> Response:
        return page(
            message_page(self.base, "No such trace", "There is no such trace; it may have been forgotten."), 404
        )


Pages = Annotated[Shown, Depends(Shown)]


def page(html: str, status: int = 200) -> Response:
    return HTMLResponse(html, status, headers=HEADERS)
