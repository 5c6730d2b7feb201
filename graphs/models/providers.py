"""A chat model behind any endpoint that speaks the OpenAI protocol."""

from __future__ import annotations

from dataclasses import dataclass

from langchain_core.language_models import BaseChatModel


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """`timeout_s` bounds one silence of the endpoint: until the first byte, and between two chunks of a stream."""

    api_key: str | None = None
    base_url: str = "https://api.openai.com/v1"
    model: str = "gpt-4o-mini"
    timeout_s: float = 20.0
    max_retries: int = 2
    count_tokens: bool = True  # asks for the count at the end of a stream, which a few servers refuse


def chat_model(settings: ModelSettings) -> BaseChatModel | None:
    """None without a key: the composer answers then. A local server that wants no key still needs some value here."""
    if not settings.api_key:
        return None
    from langchain.chat_models import init_chat_model  # takes a second, and the composer needs none of it

    model: BaseChatModel = init_chat_model(
        settings.model,
        model_provider="openai",
        api_key=settings.api_key,
        base_url=settings.base_url,
        timeout=settings.timeout_s,
        stream_chunk_timeout=settings.timeout_s,
        stream_usage=settings.count_tokens,
        max_retries=settings.max_retries,
        use_responses_api=False,  # other servers speak chat completions only
    )
    return model
