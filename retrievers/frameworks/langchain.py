"""The Feast-aware retriever for anybody's LangChain chain."""

from __future__ import annotations

from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForRetrieverRun, CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import RunnableConfig
from langchain_core.runnables.config import ensure_config
from pydantic import Field

from retrievers.context import ContextReader
from retrievers.document_type import DocumentType
from retrievers.frameworks.blocking import waited_for
from retrievers.frameworks.passages import passages

_PER_CALL = ("user_id", "k")


class FeastAwareRetriever(BaseRetriever):
    """Searches with what is known of the shopper, and answers with live facts and reasons in each document's metadata.

    Whose shopper and how many products may be said for each call, best first: as an argument, as
    `config={"configurable": {"user_id": ..., "k": ...}}`, or as the fields here. `k` counts products; reviews and help
    pages come besides unless `types` leaves them out. Parts that failed are named under `degraded`, never raised.
    """

    reader: ContextReader
    user_id: str = "anonymous"
    k: int = Field(5, ge=1)
    types: tuple[DocumentType, ...] | None = None

    def invoke(self, input: str, config: RunnableConfig | None = None, **kwargs: Any) -> list[Document]:
        return super().invoke(input, config, **{**_configured(config), **kwargs})

    async def ainvoke(self, input: str, config: RunnableConfig | None = None, **kwargs: Any) -> list[Document]:
        return await super().ainvoke(input, config, **{**_configured(config), **kwargs})

    async def _aget_relevant_documents(
        self,
        query: str,
        *,
        run_manager: AsyncCallbackManagerForRetrieverRun,
        user_id: str | None = None,
        k: int | None = None,
    ) -> list[Document]:
        return await self._documents(query, user_id, k)

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,
        user_id: str | None = None,
        k: int | None = None,
    ) -> list[Document]:
        return waited_for(lambda: self._documents(query, user_id, k))

    async def _documents(self, query: str, user_id: str | None, k: int | None) -> list[Document]:
        shopper, count = user_id or self.user_id, self.k if k is None else k
        if not isinstance(shopper, str) or not isinstance(count, int) or count < 1:
            raise ValueError("user_id must be a string and k a number of products from 1")
        known = await self.reader.everything_known(shopper, query, count)
        found = passages(known, self.types)
        return [Document(page_content=each.text, id=each.id, metadata=dict(each.metadata)) for each in found]


def _configured(config: RunnableConfig | None) -> dict[str, Any]:
    """This call's own values, those of a chain around it included."""
    held = ensure_config(config).get("configurable") or {}
    return {name: held[name] for name in _PER_CALL if name in held}
