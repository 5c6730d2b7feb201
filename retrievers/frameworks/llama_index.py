"""The Feast-aware retriever for LlamaIndex: its query engines answer from it, its evaluators measure it."""

from __future__ import annotations

from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from retrievers.context import ContextReader
from retrievers.document_type import DocumentType
from retrievers.frameworks.blocking import waited_for
from retrievers.frameworks.passages import Passage, passages

_FOR_MODELS = ("title", "source", "price", "currency", "stock", "rating")  # the rest is for programs


class FeastAwareNodeRetriever(BaseRetriever):
    """Node ids are evidence ids (`product/123`), so an evaluator's expected ids can be written down by hand.

    `k` counts products; reviews and help pages come besides unless `types` leaves them out. Parts that failed are named
    in each node's metadata under `degraded`, never raised.
    """

    def __init__(
        self,
        reader: ContextReader,
        user_id: str = "anonymous",
        k: int = 5,
        types: tuple[DocumentType, ...] | None = None,
    ) -> None:
        super().__init__()
        if k < 1:
            raise ValueError("k must be a number of products from 1")
        self._reader, self._user_id, self._k, self._types = reader, user_id, k, types

    def for_user(self, user_id: str) -> FeastAwareNodeRetriever:
        """The same search for another shopper; costs nothing."""
        return FeastAwareNodeRetriever(self._reader, user_id, self._k, self._types)

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        known = await self._reader.everything_known(self._user_id, query_bundle.query_str, self._k)
        return [_node(passage) for passage in passages(known, self._types)]

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return waited_for(lambda: self._aretrieve(query_bundle))


def _node(passage: Passage) -> NodeWithScore:
    node = TextNode(
        id_=passage.id,
        text=passage.text,
        metadata=dict(passage.metadata),
        excluded_llm_metadata_keys=[name for name in passage.metadata if name not in _FOR_MODELS],
        excluded_embed_metadata_keys=list(passage.metadata),
    )
    return NodeWithScore(node=node, score=passage.score)
