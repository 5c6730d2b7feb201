"""Traces of an experiment's failures as files beside its report, so that both can be sent to somebody."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote
from uuid import UUID

from app.clock import utc_now
from app.evaluation.rows import EvaluationError
from app.places import traces_database
from app.settings import Settings
from app.traces.feedback import FeedbackLog
from app.traces.opening import open_traces
from app.traces.viewer.pages import exported
from tools.shop.errors import ShopStoreError


def write_traces(run_ids: Sequence[str], page: Path, settings: Settings) -> dict[str, str]:
    """Links from the page to the traces that are kept locally, by run id. Raises EvaluationError."""
    folder = page.with_name(f"{page.stem}-traces")
    links: dict[str, str] = {}
    try:
        with open_traces(traces_database(settings), utc_now) as store:
            log = FeedbackLog(store)
            for run_id in run_ids:
                if runs := store.trace(trace_id := UUID(run_id)):
                    folder.mkdir(exist_ok=True)
                    feedback = log.on([run.row["id"] for run in runs])
                    (folder / f"{trace_id}.html").write_text(exported(runs, feedback), encoding="utf-8")
                    links[run_id] = f"{quote(folder.name)}/{trace_id}.html"
    except OSError as error:
        raise EvaluationError(f"{folder} cannot be written: {error.strerror or error}") from None
    except (ShopStoreError, ValueError) as error:
        raise EvaluationError(f"traces cannot be opened: {error}") from None
    return links
