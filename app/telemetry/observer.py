"""Turns as OpenTelemetry spans, made once a turn is over and exported beside the turns."""

from __future__ import annotations

import logging
import threading
from uuid import UUID

from opentelemetry.context import Context
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.trace import Span, SpanKind, Status, StatusCode, Tracer, set_span_in_context

from app.telemetry.attributes import Texts
from app.telemetry.spans import Told, told
from graphs.observing import TurnRecord

_KINDS = {"internal": SpanKind.INTERNAL, "client": SpanKind.CLIENT}

logger = logging.getLogger(__name__)


class TurnIds(RandomIdGenerator):
    """Traces are found by the `trace_id` of their answer; whoever sets `trace_id` starts one trace with it."""

    trace_id = 0

    def generate_trace_id(self) -> int:
        return self.trace_id or super().generate_trace_id()


class SpanObserver:
    """A `graphs.observing.Observer`. The provider was made with `ids`, and whoever made it shuts it down."""

    def __init__(self, provider: TracerProvider, ids: TurnIds, texts: Texts | None = None) -> None:
        self._tracer: Tracer = provider.get_tracer("shelfwise")
        self._ids, self._texts = ids, texts
        self._one_at_a_time = threading.Lock()

    def see(self, record: TurnRecord) -> None:
        try:
            whole = told(record, self._texts)
            with self._one_at_a_time:
                self._ids.trace_id = UUID(record.run_id).int
                self._emit(whole, Context())
        except Exception:
            logger.exception("the spans of a turn were lost")

    def forget(self, thread_id: str) -> None:
        """Nothing can be taken back from a collector; by default spans hold no texts."""

    def _emit(self, told: Told, context: Context) -> None:
        span: Span = self._tracer.start_span(
            told.name, context, _KINDS[told.kind], told.attributes, start_time=told.started_ns
        )
        below = set_span_in_context(span, context)
        for each in told.below:
            self._emit(each, below)
        if told.error is not None:
            span.set_attribute("error.type", told.error)
            span.set_status(Status(StatusCode.ERROR))
        span.end(told.ended_ns)
