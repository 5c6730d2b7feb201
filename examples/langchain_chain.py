"""The retriever in a LangChain chain of your own. Run `shelfwise demo` once, then `python examples/langchain_chain.py`.

Put any chat model where the fake one stands; `SHELFWISE_DATA` names another store.
"""

import asyncio

from langchain_core.documents import Document
from langchain_core.language_models import FakeListChatModel
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import RunnableLambda, RunnablePassthrough

from app.runtime import open_shop
from app.settings import Settings
from retrievers.document_type import DocumentType
from retrievers.frameworks.langchain import FeastAwareRetriever

PROMPT = ChatPromptTemplate.from_template("Recommend from these only:\n{products}\n\nThe shopper asks: {question}")


def listed(found: list[Document]) -> str:
    """Titles and prices, which are live: the feature store's, not the document's."""
    return "\n".join(f"- {each.metadata['title']}, {each.metadata['price']}" for each in found)


async def main() -> None:
    with open_shop(Settings()) as shop:
        retriever = FeastAwareRetriever(reader=shop.reader, types=(DocumentType.PRODUCT,))
        model = FakeListChatModel(responses=["(your model's answer)"])
        products = retriever | RunnableLambda(listed)
        chain = {"products": products, "question": RunnablePassthrough()} | PROMPT | model | StrOutputParser()
        for user in ("maya", "jonas", "priya"):
            config = {"configurable": {"user_id": user, "k": 3}}
            print(f"{user}:\n{await products.ainvoke('what should I buy?', config)}")
            print(await chain.ainvoke("what should I buy?", config))


if __name__ == "__main__":
    asyncio.run(main())
