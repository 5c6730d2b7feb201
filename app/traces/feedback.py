"""Scores and comments on runs and projects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Any
from uuid import UUID, uuid4

from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import from_json
from sqlalchemy import Row, delete, insert, select, update

from app.traces.row import body_text, iso, microseconds
from app.traces.store import WRITER, TraceStore, chunks
from app.traces.tables import FEEDBACK

Document = dict[str, Any]


class FeedbackUpload(BaseModel):
    """Feedback may come before the run it is about."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    key: str = Field(min_length=1, max_length=512)
    id: UUID = Field(default_factory=uuid4)
    run_id: UUID | None = None
    trace_id: UUID | None = None
    session_id: UUID | None = None
    score: float | bool | None = Field(None, allow_inf_nan=False)
    value: Any = None
    comment: str | None = None
    correction: Any = None
    feedback_source: dict[str, Any] | None = None
    extra: dict[str, Any] | None = None


class FeedbackLog:
    def __init__(self, store: TraceStore) -> None:
        self._database, self._store = store.database, store

    def add(self, uploads: Sequence[FeedbackUpload]) -> list[Document]:
        """What has an id that is known replaces it."""
        now = microseconds(self._store.clock())
        rows = list({str(upload.id): self._row(upload, now) for upload in uploads}.values())
        if rows:
            with self._database.writing(WRITER) as connection:
                for some in chunks([row["id"] for row in rows]):
                    connection.execute(delete(FEEDBACK).where(FEEDBACK.c.id.in_(some)))
                connection.execute(insert(FEEDBACK), rows)
        return self.listed({"id": [row["id"] for row in rows]}, limit=len(rows))

    def change(self, feedback_id: UUID, said: Mapping[str, Any]) -> Document | None:
        with self._database.writing(WRITER) as connection:
            found = connection.execute(select(FEEDBACK).where(FEEDBACK.c.id == str(feedback_id))).first()
            if found is None:
                return None
            fields = {key: said[key] for key in ("score", "value", "comment", "correction") if key in said}
            upload = FeedbackUpload.model_validate({**from_json(found.body), "id": found.id, **fields})
            row = self._row(upload, microseconds(self._store.clock())) | {"created_us": found.created_us}
            connection.execute(update(FEEDBACK).where(FEEDBACK.c.id == found.id).values(row))
        return self.listed({"id": [str(feedback_id)]}, limit=1)[0]

    def listed(self, wanted: Mapping[str, Sequence[str]], *, limit: int, offset: int = 0) -> list[Document]:
        """`wanted` may hold several of id, run, session, key and source."""
        columns = {"id": FEEDBACK.c.id, "run": FEEDBACK.c.run_id, "session": FEEDBACK.c.project_id}
        columns |= {"key": FEEDBACK.c.key, "source": FEEDBACK.c.source}
        statement = select(FEEDBACK)
        for name, column in columns.items():
            if name in wanted:
                statement = statement.where(column.in_([str(each) for each in wanted[name]]))
        ordered = statement.order_by(FEEDBACK.c.created_us.desc(), FEEDBACK.c.id).limit(limit).offset(offset)
        with self._database.reading() as connection:
            return [_document(row) for row in connection.execute(ordered)]

    def delete(self, feedback_id: UUID) -> bool:
        with self._database.writing(WRITER) as connection:
            return connection.execute(delete(FEEDBACK).where(FEEDBACK.c.id == str(feedback_id))).rowcount > 0

    def stats(self, run_ids: Sequence[str]) -> dict[str, Document]:
        """By run and key, as LangSmith counts: `{"n", "avg", "comments"}`."""
        found: dict[str, dict[str, list[Row[Any]]]] = {}
        for row in self._of(run_ids):
            found.setdefault(row.run_id, {}).setdefault(row.key, []).append(row)
        return {run: {key: _told(rows) for key, rows in keys.items()} for run, keys in found.items()}

    def on(self, run_ids: Sequence[str]) -> dict[str, list[Document]]:
        """By run, the oldest first."""
        found: dict[str, list[Document]] = {}
        for row in sorted(self._of(run_ids), key=lambda row: (row.created_us, row.id)):
            found.setdefault(row.run_id, []).append(_document(row))
        return found

    def _of(self, run_ids: Sequence[str]) -> list[Row[Any]]:
        with self._database.reading() as connection:
            wanted = (select(FEEDBACK).where(FEEDBACK.c.run_id.in_(some)) for some in chunks(run_ids))
            return [row for statement in wanted for row in connection.execute(statement)]

    def _row(self, upload: FeedbackUpload, now_us: int) -> dict[str, Any]:
        said = upload.model_dump(exclude={"id", "key"}, exclude_none=True, mode="json")
        return {
            "id": str(upload.id),
            "run_id": str(run) if (run := upload.run_id or upload.trace_id) else None,
            "project_id": str(upload.session_id) if upload.session_id else None,
            "key": upload.key,
            "score": None if upload.score is None else float(upload.score),
            "source": str((upload.feedback_source or {}).get("type", "api"))[:64],
            "created_us": now_us,
            "body": body_text({"key": upload.key, **self._store.redaction.clean(said), "modified_us": now_us}),
        }


def _told(rows: Sequence[Row[Any]]) -> Document:
    scores = [row.score for row in rows if row.score is not None]
    comments = [comment for row in rows if (comment := from_json(row.body).get("comment"))]
    return {"n": len(rows), "avg": fmean(scores) if scores else None, "comments": comments[:10]}


def _document(row: Row[Any]) -> Document:
    body = from_json(row.body)
    modified = iso(body.pop("modified_us"))
    also = {"trace_id": body.get("trace_id"), "score": row.score}
    return {
        **body,
        "id": row.id,
        "run_id": row.run_id,
        "created_at": iso(row.created_us),
        "modified_at": modified,
    } | also
