"""Stored answers and what shoppers think of them: kept with the exchange, and as feedback on its trace."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from uuid import UUID, uuid5

from app.conversations.store import StoredHistory
from app.traces.feedback import FeedbackLog, FeedbackUpload
from app.traces.store import TraceStore
from graphs.conversation.history import Feedback, PastExchange
from tools.shop.errors import ShopStoreError

KEY = "user_score"  # of the feedback, as experiments and the viewer know it

OpenTraces = Callable[[], TraceStore | None]  # None where no traces are kept; raises ShopStoreError

logger = logging.getLogger(__name__)


class StoredAnswers:
    """An `app.api.ports.Answers`. Personal data in a comment is masked before anything is kept."""

    def __init__(self, history: StoredHistory, traces: OpenTraces, mask: Callable[[str], str]) -> None:
        self._history, self._traces, self._mask = history, traces, mask

    async def exchange(self, run_id: str, user_id: str) -> PastExchange:
        return await self._history.exchange(run_id, user_id)

    async def rate(self, run_id: str, user_id: str, feedback: Feedback | None) -> None:
        """The exchange counts: where the traces are down, it is told there alone."""
        if feedback and feedback.comment:
            feedback = Feedback(feedback.score, self._mask(feedback.comment))
        await self._history.rate(run_id, user_id, feedback)
        try:
            await asyncio.to_thread(self._trace, UUID(run_id), feedback)
        except ShopStoreError as error:
            logger.warning("feedback is kept with the conversation, but not with its trace: %s", error)

    def _trace(self, run_id: UUID, feedback: Feedback | None) -> None:
        store = self._traces()
        if store is None:
            return
        log, feedback_id = FeedbackLog(store), uuid5(run_id, KEY)
        if feedback is None:
            log.delete(feedback_id)
            return
        source = {"type": "app"}
        upload = FeedbackUpload(
            id=feedback_id,
            key=KEY,
            run_id=run_id,
            trace_id=run_id,
            score=feedback.score,
            comment=feedback.comment,
            feedback_source=source,
        )
        log.add([upload])
