"""What was played, kept as LangSmith keeps experiments: turns as traces, score runs below them, feedback on them.

The real SDK talks to the collector that is configured, or to one of our own that lives as long as it is needed.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from textwrap import shorten
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

import typer
import uvicorn
from langsmith import Client
from langsmith.utils import LangSmithError

from app.clock import utc_now
from app.evaluation.dataset.case import DatasetCase
from app.evaluation.dataset.references import inputs_of, metadata_of, reference_of
from app.evaluation.evaluators import Records
from app.evaluation.experiments.record import Experiment, Score, Trial
from app.evaluation.rows import EvaluationError
from app.places import traces_database
from app.settings import Settings
from app.traces.calls import Detail
from app.traces.collector import create_collector
from app.traces.opening import open_traces
from app.traces.redaction import Redaction
from app.traces.run import RunUpload
from app.traces.store import TraceStore
from app.traces.turns import uploads_of
from graphs.guardrails.policy import Policy
from graphs.models.prices import Prices
from graphs.observing import TurnRecord
from tools.shop.errors import ShopStoreError

Json = dict[str, Any]

_LONGEST = 200  # characters of why


@dataclass(frozen=True, slots=True)
class Played:
    """`turns` are those of each trial, by case, as the trials stand; without `examples` they stay on this machine."""

    experiment: Experiment
    turns: Mapping[str, Sequence[Sequence[TurnRecord]]]
    examples: Examples | None = None


@dataclass(frozen=True, slots=True)
class Examples:
    """A dataset that is to be kept, too, or brought up to date."""

    dataset: str
    cases: Sequence[DatasetCase]
    records: Records


def keep_traces(played: Played, settings: Settings) -> None:
    """Locally; with examples, in LANGSMITH_ENDPOINT where that is set. Raises EvaluationError when it fails."""
    experiment, detail = played.experiment, Detail(Prices.load(settings.prices), settings.traces_texts)
    try:
        with _client(settings, elsewhere=played.examples is not None) as client:
            examples = _dataset(client, played.examples) if played.examples else {}
            project_id = _experiment(client, experiment, played.examples.dataset if played.examples else None)
            kept = _Kept(client, experiment.name, project_id, detail, Redaction.load(Policy.load()))
            for case in experiment.cases:
                for number, trial in enumerate(case.trials, 1):
                    about = {"case": case.id, "trial": number}
                    kept.trial(trial, played.turns[case.id][number - 1], about, examples.get(case.id))
            client.flush()
    except (LangSmithError, ShopStoreError, OSError) as error:
        why = shorten(str(error), _LONGEST, placeholder=" ...")
        raise EvaluationError(f"the experiment was played, but not kept as traces: {why}") from None
    typer.echo(
        f"kept as the project {experiment.name}; see: shelfwise traces list --project {experiment.name}", err=True
    )


@contextmanager
def _client(settings: Settings, *, elsewhere: bool) -> Iterator[Client]:
    """Of LANGSMITH_ENDPOINT, when that is wanted and set; else of the local trace store."""
    if elsewhere and settings.langsmith_endpoint:
        key = settings.langsmith_api_key.get_secret_value() if settings.langsmith_api_key else None
        yield Client(api_url=settings.langsmith_endpoint, api_key=key)
        return
    with open_traces(traces_database(settings), utc_now) as store, _serving(store) as address:
        client = Client(api_url=address, api_key="local")
        yield client
        client.cleanup()


@contextmanager
def _serving(store: TraceStore) -> Iterator[str]:
    """The address of a collector over the store, on this machine alone."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        server = uvicorn.Server(uvicorn.Config(create_collector(store), log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(10)


def _dataset(client: Client, examples: Examples) -> Mapping[str, UUID]:
    """Example ids by case; the same case is the same example every time, as it is now."""
    name, cases = examples.dataset, examples.cases
    made = client.read_dataset(dataset_name=name) if client.has_dataset(dataset_name=name) else None
    dataset = made or client.create_dataset(name, description="Cases with references, played by shelfwise eval dataset")
    ids = {case.id: uuid5(NAMESPACE_URL, f"{dataset.id} {case.id}") for case in cases}
    known = {example.id for example in client.list_examples(dataset_id=dataset.id)}
    described = [_example(case, ids[case.id], examples.records) for case in cases]
    if new := [each for each in described if each["id"] not in known]:
        client.create_examples(dataset_id=dataset.id, examples=[_named_anew(each) for each in new])
    if old := [each for each in described if each["id"] in known]:
        client.update_examples(dataset_id=dataset.id, updates=old)
    return ids


def _example(case: DatasetCase, example_id: UUID, records: Records) -> Json:
    reference = reference_of(case, records)
    return {"id": example_id, "inputs": inputs_of(case), "outputs": reference, "metadata": metadata_of(case)}


def _named_anew(example: Json) -> Json:
    """What is updated is called `outputs`; what is new, `reference_outputs`."""
    return {("reference_outputs" if name == "outputs" else name): value for name, value in example.items()}


def _experiment(client: Client, experiment: Experiment, dataset: str | None) -> UUID:
    """The id of a project named for the experiment; LangSmith calls one that refers to a dataset an experiment."""
    reference = client.read_dataset(dataset_name=dataset).id if dataset else None
    about = dict(experiment.settings)
    return client.create_project(experiment.name, metadata=about, reference_dataset_id=reference).id


@dataclass(frozen=True, slots=True)
class _Kept:
    """An experiment as it grows in the collector."""

    client: Client
    name: str
    project_id: UUID
    detail: Detail
    redaction: Redaction

    def trial(self, trial: Trial, records: Sequence[TurnRecord], about: Json, example: UUID | None) -> None:
        """Every turn; the scores are of the last, which is the one that was judged."""
        if not records:
            return
        runs = [self._run(run, about) for record in records for _, run in uploads_of(record, self.name, self.detail)]
        judged = next(run for run in reversed(runs) if run.parent_run_id is None)
        sent = [run if run is not judged else run.model_copy(update={"reference_example_id": example}) for run in runs]
        scores = {uuid4(): score for score in (_whole(trial), *trial.scores) if score.score is not None}
        children = [_score_run(run_id, score, judged, self.name) for run_id, score in scores.items()]
        self.client.multipart_ingest(create=[*(run.said() for run in sent), *children])
        for run_id, score in scores.items():
            self._feedback(run_id, score, judged)

    def _run(self, run: RunUpload, about: Json) -> RunUpload:
        """The root says of what it is a turn."""
        if run.parent_run_id is None:
            extra = run.extra or {}
            run = run.model_copy(update={"extra": {**extra, "metadata": {**(extra.get("metadata") or {}), **about}}})
        return self.redaction.run(run)

    def _feedback(self, run_id: UUID, score: Score, judged: RunUpload) -> None:
        self.client.create_feedback(
            judged.id,
            score.key,
            score=score.score,
            comment=score.comment,
            source_run_id=run_id,
            trace_id=judged.id,
            session_id=self.project_id,
            start_time=judged.start_time,
        )


def _whole(trial: Trial) -> Score:
    """Whether it passed, and all that was found fault with."""
    told = "; ".join(f"{fault.label}: {fault.check}: {fault.detail}" for fault in trial.faults)
    return Score(key="passed", score=float(trial.passed), comment=told)


def _score_run(run_id: UUID, score: Score, judged: RunUpload, project: str) -> Json:
    """A child of the run it judges, named for what it looked at."""
    now = datetime.now(UTC)
    return {
        "id": run_id,
        "trace_id": judged.id,
        "parent_run_id": judged.id,
        "dotted_order": f"{judged.dotted_order}.{now:%Y%m%dT%H%M%S%f}Z{run_id}",
        "session_name": project,
        "name": score.key,
        "run_type": "chain",
        "start_time": now,
        "end_time": now,
        "inputs": {"run_id": str(judged.id)},
        "outputs": score.model_dump(),
        "tags": ["evaluator"],
    }
