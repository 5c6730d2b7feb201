"""LlamaIndex's own evaluators and query engines, on the real retriever."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from llama_index.core.evaluation import RetrieverEvaluator
from llama_index.core.llms import MockLLM
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.response_synthesizers import get_response_synthesizer
from llama_index.core.schema import MetadataMode

from retrievers.context import ContextReader
from retrievers.document_type import DocumentType
from retrievers.frameworks.llama_index import FeastAwareNodeRetriever
from tests.support.small_shop import COATS, LIMITED, RUNNER

PRODUCTS = (DocumentType.PRODUCT,)
ASKED = (
    ("laptop under 500", "product/laptop-2"),
    ("running socks", "product/sock-1"),
    ("energy gel", "product/gel-1"),
    ("a winter coat of wool", "product/coat-2"),
)


@pytest.fixture
def retriever(reader: ContextReader) -> FeastAwareNodeRetriever:
    return FeastAwareNodeRetriever(reader, types=PRODUCTS)


async def test_nodes_are_the_evidence_with_its_facts(reader: ContextReader) -> None:
    known = await reader.everything_known(LIMITED, "laptop", 5)
    nodes = await FeastAwareNodeRetriever(reader, LIMITED).aretrieve("laptop")
    assert [node.node_id for node in nodes] == [evidence.id for evidence in known.evidence]
    assert [node.score for node in nodes] == [evidence.score for evidence in known.evidence]
    assert nodes[0].metadata["price"] == 480.0
    json.dumps(nodes[0].metadata)


async def test_a_model_reads_facts_and_no_plan(retriever: FeastAwareNodeRetriever) -> None:
    (node, *_) = await retriever.aretrieve("laptop under 500")
    said = node.node.get_content(MetadataMode.LLM)
    assert "price: 480.0" in said
    assert "plan" not in said
    assert node.node.get_content(MetadataMode.EMBED) == node.node.text


async def test_each_shopper_has_a_retriever(retriever: FeastAwareNodeRetriever, reader: ContextReader) -> None:
    for user in (RUNNER, COATS, LIMITED):
        known = await reader.everything_known(user, "what should I buy?", 5)
        nodes = await retriever.for_user(user).aretrieve("what should I buy?")
        assert [node.node_id for node in nodes] == [item.id for item in known.evidence if item.type in PRODUCTS]


def test_the_blocking_method_works(retriever: FeastAwareNodeRetriever) -> None:
    assert retriever.retrieve("energy gel")[0].node_id == "product/gel-1"


async def test_the_blocking_method_works_where_a_loop_runs(retriever: FeastAwareNodeRetriever) -> None:
    assert retriever.retrieve("energy gel")[0].node_id == "product/gel-1"


async def test_the_evaluator_measures_it(retriever: FeastAwareNodeRetriever) -> None:
    evaluator = RetrieverEvaluator.from_metric_names(["hit_rate", "mrr"], retriever=retriever)
    results = [await evaluator.aevaluate(question, [wanted]) for question, wanted in ASKED]
    means = {name: sum(r.metric_vals_dict[name] for r in results) / len(results) for name in ("hit_rate", "mrr")}
    assert len(results) == 4
    assert means == {"hit_rate": 1.0, "mrr": 1.0}
    wrong = await evaluator.aevaluate("energy gel", ["product/no-such-thing"])
    assert wrong.metric_vals_dict == {"hit_rate": 0.0, "mrr": 0.0}


async def test_a_query_engine_answers_from_it(retriever: FeastAwareNodeRetriever) -> None:
    engine = RetrieverQueryEngine(retriever, get_response_synthesizer(llm=MockLLM()))
    response = await engine.aquery("laptop under 500")
    assert "Orbita Air 13 laptop" in str(response)  # the mock model repeats its prompt
    assert response.source_nodes[0].node_id == "product/laptop-2"


def test_nothing_is_asked_for_no_products(reader: ContextReader) -> None:
    with pytest.raises(ValueError, match="k must be a number"):
        FeastAwareNodeRetriever(reader, k=0)


def test_the_command_line_never_imports_it() -> None:
    """It takes seconds, which neither `--help` nor `ask` has."""
    code = "import sys, app.cli, app.runtime; sys.exit(any(name.startswith('llama_index') for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
