from __future__ import annotations

import os
import subprocess
import sys

import pytest
from prometheus_client.parser import text_string_to_metric_families

from app.api.metrics import Metrics


@pytest.fixture
def sample(client):
    """The value of one sample as scraped; None when it is not there."""

    def read(name, **labels):
        families = text_string_to_metric_families(client.get("/metrics").text)
        samples = (sample for family in families for sample in family.samples)
        return next((found.value for found in samples if found.name == name and found.labels == labels), None)

    return read


def test_turns_count_by_outcome(chat, sample):
    chat()
    chat("please fail")
    chat("please refuse")

    assert sample("shelfwise_turns_total", outcome="answered") == 1
    assert sample("shelfwise_turns_total", outcome="failed") == 1
    assert sample("shelfwise_turns_total", outcome="refused") == 1
    assert sample("shelfwise_turn_seconds_count") == 2  # a failed turn has no answer to time
    assert sample("shelfwise_first_sentence_seconds_count") == 3


def test_degradations_and_sentences_count(chat, sample):
    chat("a slow one")

    assert sample("shelfwise_degradations_total", part="features", kind="slow") == 1
    assert sample("shelfwise_sentences_total", verdict="released") == 5
    assert sample("shelfwise_sentences_total", verdict="rejected") == 1


def test_a_turn_nobody_waited_for_counts_as_stopped():
    metrics = Metrics()

    with metrics.turn() as meter:
        meter.see("sentence", {"index": 0, "text": "Hello."})

    assert b'shelfwise_turns_total{outcome="stopped"} 1.0' in metrics.exposition()


def test_each_application_counts_for_itself():
    first, second = Metrics(), Metrics()

    with first.turn() as meter:
        meter.fail()

    assert b"failed" in first.exposition()
    assert b"failed" not in second.exposition()


def test_citation_quality_is_observed_where_something_was_cited():
    metrics = Metrics()
    answer = {"guard": {"action": "allow"}, "degraded": [], "receipt": {}}

    with metrics.turn() as meter:
        meter.see("final", {**answer, "receipt": {"citation_quality": {"precision": 0.5, "recall": None}}})

    exposed = metrics.exposition()
    assert b"shelfwise_citation_precision_sum 0.5" in exposed
    assert b"shelfwise_citation_recall_count 0.0" in exposed


def test_applications_stay_apart_where_a_library_asked_for_shared_files(tmp_path):
    """As importing Feast does, which sets this variable."""
    program = (
        "from app.api.metrics import Metrics\n"
        "first = Metrics()\n"
        "first.turns.labels('failed').inc()\n"
        "second = Metrics()\n"
        "second.turns.labels('failed').inc()\n"
        "print(second.exposition().decode())"
    )
    environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    ran = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)

    assert 'shelfwise_turns_total{outcome="failed"} 1.0' in ran.stdout


def test_what_became_of_events_is_asked_when_it_is_read():
    metrics, counts = Metrics(), {"kept": 1, "unkept": 0}
    metrics.watch_events(lambda: counts)
    counts["unkept"] = 4

    assert b'shelfwise_events_total{outcome="kept"} 1.0' in metrics.exposition()
    assert b'shelfwise_events_total{outcome="unkept"} 4.0' in metrics.exposition()
