"""What went wrong with a model, said in one line an operator can act on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from retrievers.records import Degradation, DegradationKind

if TYPE_CHECKING:
    import openai


class ModelFailed(Exception):
    """The model gave no whole answer. What it had said before that is not one."""

    def __init__(self, degradation: Degradation) -> None:
        super().__init__(degradation.detail)
        self.degradation = degradation


def failure(kind: DegradationKind, detail: str) -> ModelFailed:
    return ModelFailed(Degradation(part="model", kind=kind, detail=detail))


def classify(error: Exception) -> Degradation:
    """Never repeats the provider's message: it may hold a part of the key or of the prompt."""
    kind, detail = _describe(error)
    return Degradation(part="model", kind=kind, detail=detail)


def _describe(error: Exception) -> tuple[DegradationKind, str]:
    import httpx
    import openai  # takes a second, and the composer needs none of it

    match error:
        case openai.APITimeoutError() | httpx.TimeoutException() | TimeoutError():
            return "slow", "the model did not answer in time; raise the timeout or check the endpoint's load"
        case openai.APIStatusError():
            return _status(error)
        case openai.APIConnectionError() | httpx.ConnectError():
            return "down", "the model's endpoint cannot be reached; check its address and that it runs"
        case httpx.TransportError():
            return "error", "the model's stream was cut before the answer was complete"
        case json.JSONDecodeError():
            return "error", "the model's endpoint sent a malformed chunk; check that it speaks the OpenAI protocol"
        case openai.APIError():
            return "error", "the model's endpoint reported an error inside the stream"
        case _:
            return "error", f"the model's endpoint sent something unexpected ({type(error).__name__})"


def _status(error: openai.APIStatusError) -> tuple[DegradationKind, str]:
    status = error.status_code
    if status == 429:
        wait = error.response.headers.get("retry-after")
        after = f"; it may be asked again after {wait} s" if wait and wait.replace(".", "", 1).isdigit() else ""
        return "down", f"the model's endpoint is over its rate limit or quota (429){after}"
    if status in (401, 403):
        return "error", f"the model's endpoint refused the key ({status}); check the key and its rights"
    if status == 404:
        return "error", "the model or the endpoint's path does not exist (404); check the model's name and the address"
    if status >= 500:
        return "down", f"the model's endpoint is failing ({status})"
    return "error", f"the model's endpoint refused the request ({status})"
