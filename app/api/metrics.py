"""What an operator watches, in Prometheus's text format."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from time import perf_counter
from typing import Any, Literal

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, values
from prometheus_client.core import CounterMetricFamily
from prometheus_client.registry import Collector

Outcome = Literal["answered", "refused", "failed", "stopped"]
_SHARES = (0.0, 0.25, 0.5, 0.75, 0.9, 0.95, 0.999, 1.0)
_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)

# Importing Feast switches whatever is measured afterwards to files that all registries of a process share.
values.ValueClass = values.MutexValue


class Metrics:
    """Its own registry, so that two applications in one process do not count together."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self.turns = Counter("shelfwise_turns", "Turns by outcome.", ["outcome"], registry=self._registry)
        self.seconds = Histogram(
            "shelfwise_turn_seconds", "From request to final answer.", registry=self._registry, buckets=_BUCKETS
        )
        self.first_sentence_seconds = Histogram(
            "shelfwise_first_sentence_seconds",
            "From request to the first released sentence.",
            registry=self._registry,
            buckets=_BUCKETS,
        )
        self.degradations = Counter(
            "shelfwise_degradations", "Parts that did not do their work.", ["part", "kind"], registry=self._registry
        )
        self.sentences = Counter(
            "shelfwise_sentences", "Sentences by what verification made of them.", ["verdict"], registry=self._registry
        )

        self.citation_precision = Histogram(
            "shelfwise_citation_precision",
            "Share of written citations that were needed.",
            registry=self._registry,
            buckets=_SHARES,
        )
        self.citation_recall = Histogram(
            "shelfwise_citation_recall",
            "Share of written claims their citations bear out.",
            registry=self._registry,
            buckets=_SHARES,
        )

    @contextmanager
    def turn(self) -> Iterator[TurnMeter]:
        """Counts one turn; a turn that ends without a final answer counts as stopped unless it failed."""
        meter = TurnMeter(self)
        try:
            yield meter
        finally:
            self.turns.labels(meter.outcome).inc()

    def watch_traces(self, counts: Callable[[], Mapping[str, int]]) -> None:
        """Turns by whether their traces were stored, wait in the spool, were refused elsewhere, or were dropped."""
        self._registry.register(_Outcomes("shelfwise_traces", "Turns by what became of their traces.", counts))

    def watch_events(self, counts: Callable[[], Mapping[str, int]]) -> None:
        """What shoppers did by whether it was kept; and how often their features could not follow."""
        self._registry.register(_Outcomes("shelfwise_events", "Events by what became of them.", counts))

    def exposition(self) -> bytes:
        return generate_latest(self._registry)


class _Outcomes(Collector):
    """Counted elsewhere, asked when it is read."""

    def __init__(self, name: str, says: str, counts: Callable[[], Mapping[str, int]]) -> None:
        self._name, self._says, self._counts = name, says, counts

    def collect(self) -> Iterator[CounterMetricFamily]:
        family = CounterMetricFamily(self._name, self._says, labels=["outcome"])
        for outcome, count in self._counts().items():
            family.add_metric([outcome], count)
        yield family


class TurnMeter:
    """Watches the events of one turn go by."""

    def __init__(self, metrics: Metrics) -> None:
        self.outcome: Outcome = "stopped"
        self._metrics = metrics
        self._started = perf_counter()
        self._released = 0

    def see(self, event: str, payload: Mapping[str, Any]) -> None:
        if event == "sentence":
            self._sentence()
        elif event == "citations":
            self._metrics.sentences.labels("rejected").inc(payload.get("rejected", 0))
        elif event == "final":
            self._final(payload)

    def fail(self) -> None:
        self.outcome = "failed"

    def _sentence(self) -> None:
        self._released += 1
        self._metrics.sentences.labels("released").inc()
        if self._released == 1:
            self._metrics.first_sentence_seconds.observe(perf_counter() - self._started)

    def _final(self, answer: Mapping[str, Any]) -> None:
        self.outcome = "refused" if answer["guard"]["action"] == "refuse" else "answered"
        self._metrics.seconds.observe(perf_counter() - self._started)
        quality = answer["receipt"].get("citation_quality", {})
        for share, histogram in (
            ("precision", self._metrics.citation_precision),
            ("recall", self._metrics.citation_recall),
        ):
            if quality.get(share) is not None:
                histogram.observe(quality[share])
        for degradation in answer["degraded"]:
            self._metrics.degradations.labels(degradation["part"], degradation["kind"]).inc()
