"""Spans to a collector that speaks OTLP over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Timer

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from app.telemetry.attributes import Texts
from app.telemetry.observer import SpanObserver, TurnIds
from graphs.guardrails.personal import mask_personal
from graphs.guardrails.policy import Policy

_TRACES = "/v1/traces"  # below the endpoint all signals share, as the specification puts it
_TIMEOUT_S = 3.0  # for one batch
_LAST_S = 3.0  # for everything that waits when the process ends


@contextmanager
def exporting(endpoint: str, *, texts: bool) -> Iterator[SpanObserver]:
    """A batch waits at most five seconds; what a collector that is away does not take is dropped, not kept.

    Headers, compression and certificates are the SDK's own settings (`OTEL_EXPORTER_OTLP_HEADERS` ...).
    """
    ids, policy = TurnIds(), Policy.load()
    provider = TracerProvider(resource=_resource(), id_generator=ids, shutdown_on_exit=False)
    exporter = OTLPSpanExporter(endpoint.rstrip("/") + _TRACES, timeout=_TIMEOUT_S)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    try:
        yield SpanObserver(provider, ids, Texts(lambda text: mask_personal(text, policy)[0]) if texts else None)
    finally:
        too_late = Timer(_LAST_S, exporter.shutdown)
        too_late.start()
        provider.shutdown()
        too_late.cancel()


def _resource() -> Resource:
    """`OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` say more, or other."""
    return Resource.create({"service.name": "shelfwise"}).merge(OTELResourceDetector().detect())
