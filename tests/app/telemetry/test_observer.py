"""Spans of real turns, as an exporter gets them, by the names of the conventions."""

from __future__ import annotations

import json
from uuid import UUID

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.semconv._incubating.attributes import gen_ai_attributes
from opentelemetry.trace import SpanKind, StatusCode

from app.telemetry.attributes import Texts
from app.telemetry.observer import SpanObserver, TurnIds
from graphs.models.providers import ModelSettings, chat_model
from graphs.observing import Observers, TurnRecord
from graphs.turn import Turn

CONVENTIONS = {value for name, value in vars(gen_ai_attributes).items() if name.startswith("GEN_AI_")}
TEXTS = {
    "gen_ai.input.messages", "gen_ai.output.messages", "gen_ai.system_instructions", "gen_ai.tool.call.arguments",
    "gen_ai.tool.call.result", "user.id",
}  # fmt: skip


class Exported:
    """An observer and what it exported."""

    def __init__(self, texts: Texts | None = None) -> None:
        self.exporter, ids = InMemorySpanExporter(), TurnIds()
        provider = TracerProvider(id_generator=ids, shutdown_on_exit=False)
        provider.add_span_processor(SimpleSpanProcessor(self.exporter))
        self.observer = SpanObserver(provider, ids, texts)

    @property
    def spans(self):
        return {span.name: span for span in self.exporter.get_finished_spans()}


@pytest.fixture
def model(openai_server):
    openai_server.call(("search_products", {"question": "coats for kim@example.com"}))
    openai_server.say("I could not find that.")
    return chat_model(ModelSettings(api_key="k", base_url=openai_server.url, model="gpt-4o-mini"))


async def _asked(shop, tmp_path, observer, **parts):
    counter = shop.store(tmp_path / "shop.db")
    final = await shop.assistant(observer=observer, toolbox=shop.toolbox(counter), **parts).ask(
        Turn("winter coat, write to kim@example.com", "maya")
    )
    counter.close()
    return final


async def test_a_turn_is_a_trace_by_the_conventions(shop, tmp_path, model) -> None:
    exported = Exported()
    final = await _asked(shop, tmp_path, exported.observer, model=model)
    spans = exported.spans
    root, node, chat = (spans[name] for name in ("invoke_agent shelfwise", "generate", "chat gpt-4o-mini"))
    tool = spans["execute_tool search_products"]

    assert {span.context.trace_id for span in spans.values()} == {UUID(final.trace_id).int}
    assert root.parent is None
    assert node.parent.span_id == root.context.span_id
    assert {tool.parent.span_id, chat.parent.span_id} == {node.context.span_id}
    assert (root.kind, node.kind, tool.kind, chat.kind) == (*[SpanKind.INTERNAL] * 3, SpanKind.CLIENT)
    for span in spans.values():
        assert root.start_time <= span.start_time <= span.end_time <= root.end_time
        assert {name for name in span.attributes if name.startswith("gen_ai.")} <= CONVENTIONS
        assert not TEXTS & set(span.attributes)
    assert root.attributes["gen_ai.operation.name"] == "invoke_agent"
    assert root.attributes["gen_ai.conversation.id"] == final.thread_id
    assert chat.attributes["gen_ai.provider.name"] == "openai"
    assert chat.attributes["gen_ai.response.model"] == "scripted"
    assert chat.attributes["gen_ai.usage.input_tokens"] > 0
    assert chat.attributes["gen_ai.response.finish_reasons"] == ("stop",)
    assert tool.attributes["gen_ai.tool.name"] == "search_products"
    everything = json.dumps([dict(span.attributes) for span in spans.values()])
    assert "coat" not in everything


async def test_texts_are_told_masked_when_somebody_wants_them(shop, tmp_path, model) -> None:
    exported = Exported(Texts(lambda text: text.replace("kim@example.com", "[email]")))
    final = await _asked(shop, tmp_path, exported.observer, model=model)
    spans = exported.spans
    root, chat, tool = (
        spans[name].attributes
        for name in ("invoke_agent shelfwise", "chat gpt-4o-mini", "execute_tool search_products")
    )
    assert json.loads(root["gen_ai.output.messages"])[0]["parts"] == [{"type": "text", "content": final.answer}]
    assert json.loads(tool["gen_ai.tool.call.arguments"]) == {"question": "coats for [email]"}
    said = json.loads(chat["gen_ai.input.messages"])
    assert [message["role"] for message in said] == ["user", "assistant", "tool"]
    assert said[1]["parts"][0]["type"] == "tool_call"
    assert json.loads(chat["gen_ai.system_instructions"])[0]["content"]
    assert {name for span in spans.values() for name in span.attributes} >= TEXTS
    assert "kim@example.com" not in json.dumps([dict(span.attributes) for span in spans.values()])


async def test_a_model_that_fails_is_an_error_by_its_kind(shop, tmp_path, openai_server) -> None:
    openai_server.fail(400, "no for kim@example.com")
    exported = Exported()
    model = chat_model(ModelSettings(api_key="k", base_url=openai_server.url, model="m", max_retries=0))
    await _asked(shop, tmp_path, exported.observer, model=model)
    chat = exported.spans["chat m"]
    assert chat.status.status_code is StatusCode.ERROR
    assert chat.attributes["error.type"].endswith("RequestError")
    assert chat.status.description is None
    assert exported.spans["chat composer"].status.status_code is StatusCode.UNSET


async def test_several_watch_at_once_and_a_broken_one_stops_no_turn(shop, tmp_path) -> None:
    class Broken(TurnIds):
        def generate_span_id(self) -> int:
            raise RuntimeError("broken")

    ids = Broken()
    broken = SpanObserver(TracerProvider(id_generator=ids, shutdown_on_exit=False), ids)
    exported = Exported()
    final = await _asked(shop, tmp_path, Observers([broken, exported.observer]))
    assert exported.spans["invoke_agent shelfwise"].context.trace_id == UUID(final.trace_id).int


def test_a_turn_without_an_answer_is_an_error() -> None:
    exported = Exported()
    record = TurnRecord("0" * 31 + "1", "t", Turn("coat", "maya"), "composer", 5_000, 9_000)
    record.error = "stopped before its answer"
    exported.observer.see(record)
    span = exported.spans["invoke_agent shelfwise"]
    assert (span.start_time, span.end_time, span.attributes["error.type"]) == (5_000, 9_000, "stopped")
