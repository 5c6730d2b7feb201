"""Every setting, read from the environment in this one place. Nothing below `app` reads settings."""

from __future__ import annotations

from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path

from pydantic import AliasChoices, Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.traces.age import age_of
from retrievers.features.protocol import FeatureKind
from retrievers.features.redis_address import redis_address


def _names(field: str, *others: str) -> AliasChoices:
    """The names other tools gave a setting, after our own."""
    return AliasChoices(field, f"SHELFWISE_{field.upper()}", *others)


def _can_send_spans() -> bool:
    try:
        return all(map(find_spec, ("opentelemetry.sdk.trace", "opentelemetry.exporter.otlp.proto.http")))
    except ModuleNotFoundError:
        return False


class Settings(BaseSettings):
    """Names start with SHELFWISE_; the servers' addresses and the OpenAI client's names are understood as they are."""

    model_config = SettingsConfigDict(env_prefix="SHELFWISE_", populate_by_name=True, extra="ignore")

    data: Path = Path(".shelfwise")
    redis_url: str | None = Field(None, validation_alias=_names("redis_url", "REDIS_URL"))
    features: FeatureKind = "feast"
    qdrant_url: str | None = Field(None, validation_alias=_names("qdrant_url", "QDRANT_URL"))
    database_url: str | None = Field(None, validation_alias=_names("database_url", "DATABASE_URL"))
    session_secret: SecretStr | None = Field(None, min_length=32)  # signs sessions; by default a key in `data`
    openai_api_key: SecretStr | None = Field(None, validation_alias=_names("openai_api_key", "OPENAI_API_KEY"))
    openai_base_url: str = Field(
        "https://api.openai.com/v1", validation_alias=_names("openai_base_url", "OPENAI_BASE_URL")
    )
    model: str = Field("gpt-4o-mini", validation_alias=_names("model", "OPENAI_MODEL"))
    model_timeout_s: float = Field(20.0, gt=0)
    model_deadline_s: float = Field(60.0, gt=0)
    count_tokens: bool = True  # false for a server that refuses to be asked how many tokens a stream took
    prices: Path | None = None  # a table of what models charge, instead of the one that is shipped
    tool_rounds: int = Field(4, ge=0, le=20)  # times a model may call tools before it has to answer
    judge: bool = False  # the model is asked about claims the checks are uncertain of
    feature_deadline_ms: float = Field(50.0, ge=0)
    branch_timeout_ms: float = Field(2_000.0, gt=0)
    top_k: int = Field(5, ge=1, le=20)
    traces: bool = True  # turns are written down beside the data
    traces_texts: bool = False  # prompts and replies are kept word by word, not only a prompt's digest
    traces_keep: timedelta | None = None  # 30d: older traces are erased with their feedback; by default none are
    traces_project: str = Field("shelfwise", min_length=1, max_length=512)
    # Turns are sent to LangSmith instead of being written down here.
    langsmith_tracing: bool = Field(
        False, validation_alias=_names("langsmith_tracing", "LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2")
    )
    langsmith_endpoint: str | None = Field(
        None, validation_alias=_names("langsmith_endpoint", "LANGSMITH_ENDPOINT", "LANGCHAIN_ENDPOINT")
    )
    langsmith_api_key: SecretStr | None = Field(
        None, validation_alias=_names("langsmith_api_key", "LANGSMITH_API_KEY", "LANGCHAIN_API_KEY")
    )
    langsmith_project: str | None = Field(
        None, validation_alias=_names("langsmith_project", "LANGSMITH_PROJECT", "LANGCHAIN_PROJECT")
    )
    arms: Path | None = None  # an experiment: what is left out of the answers to some shoppers
    # OpenTelemetry: the collector's address, without the path of a signal.
    otlp_endpoint: str | None = Field(None, validation_alias=_names("otlp_endpoint", "OTEL_EXPORTER_OTLP_ENDPOINT"))
    otlp_texts: bool = Field(  # questions, answers and prompts are told, masked
        False, validation_alias=_names("otlp_texts", "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT")
    )
    operator_token: SecretStr | None = Field(None, min_length=16)  # opens the traces of a server that is no demo
    host: str = "127.0.0.1"
    port: int = Field(8080, ge=0, le=65_535)

    @field_validator("prices")
    @classmethod
    def _readable_prices(cls, path: Path | None) -> Path | None:
        if path is not None:
            from graphs.models.prices import Prices, PricesError

            try:
                Prices.load(path)
            except PricesError as error:
                raise ValueError(str(error)) from None
        return path

    @field_validator("arms")
    @classmethod
    def _readable_arms(cls, path: Path | None) -> Path | None:
        if path is not None:
            from app.evaluation.online.arms import read_experiment
            from app.evaluation.rows import EvaluationError

            try:
                read_experiment(path)
            except EvaluationError as error:
                raise ValueError(str(error)) from None
        return path

    @field_validator("otlp_endpoint")
    @classmethod
    def _installed(cls, endpoint: str | None) -> str | None:
        if endpoint and not _can_send_spans():
            raise ValueError("spans are sent by an extra: pip install 'shelfwise[telemetry]'")
        return endpoint

    @field_validator("traces_keep", mode="before")
    @classmethod
    def _as_people_say_it(cls, words: object) -> object:
        return age_of(words) if isinstance(words, str) else words

    @field_validator("redis_url")
    @classmethod
    def _usable_address(cls, url: str | None) -> str | None:
        if url:
            redis_address(url)
        return url

    @field_validator("database_url")
    @classmethod
    def _postgres_only(cls, url: str | None) -> str | None:
        if url and not url.startswith(("postgresql://", "postgres://")):
            raise ValueError("must be postgresql://USER:PASSWORD@HOST:PORT/NAME; without it SQLite files are used")
        return url

    @field_validator("features")
    @classmethod
    def _hashes_need_redis(cls, features: FeatureKind, info: ValidationInfo) -> FeatureKind:
        if features == "redis-hashes" and not info.data.get("redis_url"):
            raise ValueError("redis-hashes needs SHELFWISE_REDIS_URL=redis://HOST:PORT/DB")
        return features
