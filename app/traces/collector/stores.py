"""What every route works on, and how it answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request, Response

from app.traces.datasets import Datasets
from app.traces.examples import Examples
from app.traces.feedback import FeedbackLog
from app.traces.projects import Projects
from app.traces.row import body_text
from app.traces.store import TraceStore


@dataclass(frozen=True, slots=True)
class Stores:
    runs: TraceStore
    projects: Projects
    feedback: FeedbackLog
    datasets: Datasets
    examples: Examples

    @classmethod
    def over(cls, runs: TraceStore) -> Stores:
        return cls(runs, Projects(runs), FeedbackLog(runs), Datasets(runs), Examples(runs))


def _stores_of(request: Request) -> Stores:
    stores: Stores = request.app.state.stores
    return stores


Kept = Annotated[Stores, Depends(_stores_of)]


def told(document: Any, status: int = 200) -> Response:
    return Response(body_text(document), status, media_type="application/json")
