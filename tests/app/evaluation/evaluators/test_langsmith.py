"""Evaluators through the real `evaluate` of LangSmith, against the collector."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from langsmith import Client, evaluate

from app.evaluation.evaluators.constraints import constraint_satisfaction, personal_constraints
from app.evaluation.evaluators.refusal import refusal
from app.traces.opening import open_traces
from tests.support.collector import closed_network, serving

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture
def client(tmp_path):
    with (
        open_traces(tmp_path / "traces.db", lambda: datetime.now(UTC)) as store,
        serving(store) as address,
        closed_network() as tried,
    ):
        sdk = Client(api_url=address, api_key="anything")
        yield sdk
        sdk.flush()
        sdk.cleanup()
        assert tried == []


def test_the_sdk_takes_them_as_they_are(client, records, answered) -> None:
    dataset = client.create_dataset("mugs")
    requires = {"query": {"kind": "mug", "price": {"max": 25}}}
    examples = [{"inputs": {"shown": shown}, "outputs": {"requires": requires}} for shown in (["A"], ["A", "C"])]
    client.create_examples(dataset_id=dataset.id, examples=examples)

    results = evaluate(
        lambda inputs: answered(*inputs["shown"]),
        data="mugs",
        evaluators=[constraint_satisfaction(records), personal_constraints(records), refusal],
        client=client,
        blocking=True,
    )
    found = {}
    for row in results:
        said = {each.key: each.score for each in row["evaluation_results"]["results"]}
        found[len(row["example"].inputs["shown"])] = said
    assert found[1]["constraint_satisfaction"] == found[1]["personal_constraints"] == 1
    assert found[2]["constraint_satisfaction"] == 0.5
    assert found[2]["personal_constraints_query"] == 0.5
    assert found[2]["refusal"] is None, "what does not apply is no pass"

    client.flush()
    kept = {}
    for run in client.list_runs(project_name=results.experiment_name, is_root=True):
        for feedback in client.list_feedback(run_ids=[run.id]):
            kept.setdefault(feedback.key, []).append(feedback.score)
    assert sorted(kept["constraint_satisfaction"]) == [0.5, 1]
