"""The retriever in LlamaIndex. Run `shelfwise demo` once, then `python examples/llama_index_engine.py`.

Put any LLM where the mock one stands: that one repeats its prompt. `SHELFWISE_DATA` names another store.
"""

import asyncio

from llama_index.core.evaluation import RetrieverEvaluator
from llama_index.core.llms import MockLLM
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.response_synthesizers import get_response_synthesizer

from app.runtime import open_shop
from app.settings import Settings
from retrievers.document_type import DocumentType
from retrievers.frameworks.llama_index import FeastAwareNodeRetriever


async def main() -> None:
    with open_shop(Settings()) as shop:
        retriever = FeastAwareNodeRetriever(shop.reader, user_id="jonas", k=3, types=(DocumentType.PRODUCT,))
        engine = RetrieverQueryEngine(retriever, get_response_synthesizer(llm=MockLLM()))
        print(await engine.aquery("a warm winter coat"))

        wanted = [node.node_id for node in await retriever.for_user("anonymous").aretrieve("a warm winter coat")]
        evaluator = RetrieverEvaluator.from_metric_names(["hit_rate", "mrr"], retriever=retriever)
        print("jonas against everybody's list:", await evaluator.aevaluate("a warm winter coat", wanted))


if __name__ == "__main__":
    asyncio.run(main())
