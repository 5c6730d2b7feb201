"""In real chains: what a chain passes on is what the retriever uses."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from uuid import UUID

import pytest
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.documents import Document
from langchain_core.language_models import FakeListChatModel
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import ConfigurableField, RunnableLambda, RunnablePassthrough
from pydantic import ValidationError

from retrievers.context import ContextReader
from retrievers.document_type import DocumentType
from retrievers.frameworks.langchain import FeastAwareRetriever
from tests.support.small_shop import COATS, LIMITED, RUNNER

OPEN = "what should I buy?"
PRODUCTS = (DocumentType.PRODUCT,)


@pytest.fixture
def retriever(reader: ContextReader) -> FeastAwareRetriever:
    return FeastAwareRetriever(reader=reader, types=PRODUCTS)


def shopper(user_id: str, **more: Any) -> dict[str, Any]:
    return {"configurable": {"user_id": user_id, **more}}


def ids(documents: list[Document]) -> list[str | None]:
    return [document.id for document in documents]


async def expected(reader: ContextReader, user_id: str, question: str = OPEN, k: int = 5) -> list[str]:
    known = await reader.everything_known(user_id, question, k)
    return [evidence.id for evidence in known.evidence if evidence.type in PRODUCTS]


async def test_documents_carry_live_facts_reasons_and_the_plan_as_plain_json(reader: ContextReader) -> None:
    found = await FeastAwareRetriever(reader=reader, user_id=LIMITED).ainvoke("laptop")
    first = found[0]
    assert first.id == "product/laptop-2"
    assert "Orbita Air 13" in first.page_content
    metadata = json.loads(json.dumps(first.metadata))
    assert metadata == first.metadata
    assert (metadata["type"], metadata["source"], metadata["product_id"]) == (
        "product",
        "/products/laptop-2",
        "laptop-2",
    )
    assert metadata["title"] == "Orbita Air 13 laptop"
    assert (metadata["price"], metadata["stock"], metadata["rating"], metadata["currency"]) == (480.0, 5, 4.4, "USD")
    assert metadata["facts_age_s"] >= 0
    assert not metadata["facts_stale"]
    assert metadata["degraded"] == []
    honoured = {(item["field"], item["origin"]): item["value"] for item in metadata["plan"]["honoured"]}
    assert honoured[("price", "declared")] == 500.0


async def test_reasons_name_the_feature_that_moved_a_product(retriever: FeastAwareRetriever) -> None:
    found = await retriever.ainvoke(OPEN, shopper(COATS))
    assert {why["feature"] for why in found[0].metadata["why"]} >= {"user_clicks_last_24h:favorite_category"}


async def test_help_pages_come_without_a_price(reader: ContextReader) -> None:
    found = await FeastAwareRetriever(reader=reader).ainvoke("how long do I have to return something?")
    assert found[0].metadata["type"] == "policy"
    assert "30 days" in found[0].page_content
    assert "price" not in found[0].metadata


async def test_the_config_says_who_asks_and_how_many_products_are_wanted(
    retriever: FeastAwareRetriever, reader: ContextReader
) -> None:
    for user in (RUNNER, COATS, LIMITED):
        assert ids(await retriever.ainvoke(OPEN, shopper(user))) == await expected(reader, user)
    assert ids(await retriever.ainvoke(OPEN, shopper(RUNNER, k=2))) == await expected(reader, RUNNER, k=2)
    assert ids(await retriever.ainvoke(OPEN, shopper(RUNNER), user_id=COATS)) == await expected(reader, COATS)
    assert await expected(reader, RUNNER) != await expected(reader, COATS)


async def test_fields_serve_where_the_config_is_silent(reader: ContextReader) -> None:
    coats = FeastAwareRetriever(reader=reader, user_id=COATS, k=3, types=PRODUCTS)
    assert ids(await coats.ainvoke(OPEN)) == await expected(reader, COATS, k=3)
    assert ids(await coats.with_config(shopper(RUNNER)).ainvoke(OPEN)) == await expected(reader, RUNNER, k=3)
    fields = coats.configurable_fields(k=ConfigurableField(id="products"))
    assert len(await fields.ainvoke(OPEN, {"configurable": {"products": 1}})) == 1


def test_the_blocking_method_works_where_no_loop_runs(retriever: FeastAwareRetriever, reader: ContextReader) -> None:
    wanted = asyncio.run(expected(reader, COATS))
    assert ids(retriever.invoke(OPEN, shopper(COATS))) == wanted


async def test_the_blocking_method_works_where_a_loop_runs(
    retriever: FeastAwareRetriever, reader: ContextReader
) -> None:
    assert ids(retriever.invoke(OPEN, shopper(COATS))) == await expected(reader, COATS)


async def test_batches_keep_their_shoppers_apart(retriever: FeastAwareRetriever, reader: ContextReader) -> None:
    users = [RUNNER, COATS, LIMITED, "nobody"] * 3
    wanted = [await expected(reader, user) for user in users]
    configs = [shopper(user) for user in users]
    assert [ids(found) for found in await retriever.abatch([OPEN] * len(users), configs)] == wanted
    batched = await asyncio.to_thread(retriever.batch, [OPEN] * len(users), configs)
    assert [ids(found) for found in batched] == wanted


def answering(retriever: FeastAwareRetriever, answer: str) -> Any:
    """The usual chain: context and question into a prompt, the prompt into a model."""
    prompt = ChatPromptTemplate.from_template("Context:\n{context}\n\nQuestion: {question}")
    joined = RunnableLambda(lambda found: "\n".join(f"{doc.page_content} {doc.metadata['price']}" for doc in found))
    model = FakeListChatModel(responses=[answer])
    return {"context": retriever | joined, "question": RunnablePassthrough()} | prompt | model | StrOutputParser()


class Recorder(BaseCallbackHandler):
    """What a chain says of its retriever and its model."""

    def __init__(self) -> None:
        self.prompts: list[str] = []
        self.starts: list[dict[str, Any]] = []
        self.found: list[Any] = []

    def on_chat_model_start(self, serialized: Any, messages: Any, **kwargs: Any) -> None:
        self.prompts.append(messages[0][0].content)

    def on_retriever_start(self, serialized: Any, query: str, *, run_id: UUID, **kwargs: Any) -> None:
        self.starts.append({"query": query, **kwargs})

    def on_retriever_end(self, documents: Any, **kwargs: Any) -> None:
        self.found.append(documents)


async def test_a_chain_passes_shopper_callbacks_tags_and_metadata_on(
    retriever: FeastAwareRetriever, reader: ContextReader
) -> None:
    seen = Recorder()
    config = {**shopper(LIMITED), "callbacks": [seen], "tags": ["shop"], "metadata": {"channel": "web"}}
    assert await answering(retriever, "The Orbita Air.").ainvoke("laptop", config) == "The Orbita Air."
    assert "Orbita Air 13 laptop" in seen.prompts[0]
    assert "480.0" in seen.prompts[0]
    assert "Orbita Pro 16" not in seen.prompts[0]  # beyond this shopper's limit
    (start,) = seen.starts
    assert (start["query"], "shop" in start["tags"], start["metadata"]["channel"]) == ("laptop", True, "web")
    assert start["parent_run_id"] is not None
    assert ids(seen.found[0]) == await expected(reader, LIMITED, "laptop")


async def test_a_chain_streams_the_retrieval_as_events(retriever: FeastAwareRetriever) -> None:
    events = [
        event
        async for event in answering(retriever, "Coats.").astream_events(OPEN, shopper(COATS), version="v2")
        if event["event"].startswith("on_retriever")
    ]
    assert [event["event"] for event in events] == ["on_retriever_start", "on_retriever_end"]
    assert events[1]["data"]["output"][0].id.startswith("product/coat")


def test_a_chain_that_waits_works_too(retriever: FeastAwareRetriever) -> None:
    seen = Recorder()
    answering(retriever, "Yes.").invoke("laptop", {**shopper(LIMITED), "callbacks": [seen]})
    assert "Orbita Air 13 laptop" in seen.prompts[0]
    assert "Orbita Pro 16" not in seen.prompts[0]


async def test_what_is_no_shopper_or_no_count_is_refused(retriever: FeastAwareRetriever, reader: ContextReader) -> None:
    for wrong in ({"user_id": 7}, {"k": 0}, {"k": "five"}):
        with pytest.raises(ValueError, match="user_id must be a string and k a number"):
            await retriever.ainvoke(OPEN, {"configurable": wrong})
    with pytest.raises(ValidationError):
        FeastAwareRetriever(reader=reader, k=0)
