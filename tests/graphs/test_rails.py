"""Each row of the table in `docs/rails.md`: the rail is broken, the turn is looked at."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from app.ingestion.documents import read_documents
from app.ingestion.products import read_products
from graphs.answer import FinalAnswer
from graphs.guardrails import evidence, input, output
from graphs.guardrails.policy import Policy
from graphs.models.providers import ModelSettings, chat_model
from graphs.prompts.phrases import Phrases
from graphs.turn import Turn
from retrievers.catalogue import DocumentType
from retrievers.features.protocol import FeaturesUnavailable
from retrievers.sanitising import records
from tests.support.openai_server import OpenAIServer
from tools.records import Outcome, Session, ToolCall
from tools.tool import Effect
from tools.toolbox import Toolbox

QUESTION = "a winter coat"
INPUT_RAILS = {
    "normalisation": "normalise",
    "personal data": "mask_personal",
    "patterns": "_refusals",
    "n-grams": "NgramModel",
    "structure": "odd_forms",
    "language": "language_of",
}


class OutOfOrder:
    """Fails whether it is called or looked into."""

    def __call__(self, *_: Any) -> Any:
        raise RuntimeError("out of order")

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError("out of order")


async def _turn(shop, server: OpenAIServer, **parts: Any) -> tuple[FinalAnswer, list[str]]:
    """The final answer, and the notices beside it; what was sent on the way is what it says."""
    model = chat_model(ModelSettings(api_key="test", base_url=server.url, model="test", max_retries=0))
    notices, sent = list[str](), list[str]()
    final: FinalAnswer | None = None
    async for name, payload in shop.assistant(shop.reader(**parts), model).stream(Turn(QUESTION, "nobody")):
        notices += payload.get("notices", []) if name == "degraded" else []
        sent += [payload["text"]] if name == "sentence" else []
        final = FinalAnswer.model_validate(payload) if name == "final" else final
    assert final is not None
    assert "".join(sent) == final.answer
    return final, notices


@pytest.mark.parametrize("rail", INPUT_RAILS)
async def test_an_input_rail_that_breaks_leaves_the_turn_to_the_composer(
    rail: str, shop, openai_server: OpenAIServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    openai_server.say("It is warm [1].")
    final, notices = await _turn(shop, openai_server)
    assert (final.model, openai_server.requests != []) == ("test-model", True)
    openai_server.requests.clear()

    monkeypatch.setattr(input, INPUT_RAILS[rail], OutOfOrder())
    final, notices = await _turn(shop, openai_server)
    assert final.products
    assert final.guard.action == "allow"
    assert "unchecked" in final.guard.reasons
    assert [item.detail for item in final.degraded if item.part == "rail"] == [f"{rail}: RuntimeError"]
    assert (final.model, openai_server.requests) == ("composer", [])
    assert Phrases.load("en").notice("rail_down") in notices


async def test_a_document_rail_that_breaks_leaves_out_what_it_cannot_read(
    shop, openai_server: OpenAIServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    openai_server.say("I could not find anything.")
    whole, broken = evidence.clean_evidence, OutOfOrder()
    coats = "coat-1"

    def some(item: Any) -> Any:
        return broken() if str(item.metadata.get("product_id")) == coats else whole(item)

    monkeypatch.setattr(evidence, "clean_evidence", some)
    final, notices = await _turn(shop, openai_server)
    lost = [item.detail for item in final.degraded if item.part == "rail"]
    assert f"product/{coats} was left out: RuntimeError" in lost
    assert coats not in str(openai_server.requests)
    assert "coat-3" in str(final.receipt.evidence)
    assert Phrases.load("en").notice("rail_down") in notices


async def test_an_output_rail_that_breaks_shows_nothing_of_the_answer(
    shop, openai_server: OpenAIServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    openai_server.say("The Nordlys Fjell down winter coat is a winter coat [1].")
    monkeypatch.setattr(output, "Trusted", OutOfOrder())
    final, _ = await _turn(shop, openai_server)
    assert final.guard.action == "refuse"
    assert final.guard.reasons == ("rail_down",)
    assert final.answer == Phrases.load("en").guard("rail_down")


async def test_without_live_facts_no_price_and_no_stock_is_told(shop, openai_server: OpenAIServer) -> None:
    class WithoutItems:
        async def shopper(self, user_id: str, now: Any) -> Any:
            return await shop.features.shopper(user_id, now)

        async def items(self, product_ids: Any, now: Any) -> Any:
            raise FeaturesUnavailable("switched off")

    openai_server.say("It costs $320.00 and is in stock [1].")
    final, _ = await _turn(shop, openai_server, features=WithoutItems())
    assert any(item.part == "items" for item in final.degraded)
    assert "$" not in final.answer
    assert "in stock" not in final.answer


def test_a_policy_that_cannot_be_read_stops_the_start() -> None:
    with pytest.raises(FileNotFoundError):
        Policy.load("no such domain")


@pytest.mark.parametrize(
    ("read", "row"),
    [
        (lambda path: read_documents(path, DocumentType.REVIEW).documents, '{"id": "r1", "text": "Warm."}'),
        (lambda path: read_products(path).products, '{"id": "p1", "title": "Coat", "description": "Warm."}'),
    ],
    ids=["documents", "products"],
)
def test_a_sanitiser_that_breaks_stops_the_load(
    read: Callable[[Path], Sequence[object]], row: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(row)
    assert len(read(path)) == 1
    monkeypatch.setattr(records, "sanitised", OutOfOrder())
    with pytest.raises(RuntimeError):
        read(path)


class NoArguments(BaseModel):
    pass


@dataclass
class BrokenTool:
    effect: Effect
    calls: int = 0
    name = "broken"
    description = "Breaks."
    arguments = NoArguments

    async def __call__(self, arguments: BaseModel, session: Session) -> Outcome:
        self.calls += 1
        raise RuntimeError("out of order")


@pytest.mark.parametrize(("effect", "calls"), [("read", 2), ("write", 1), ("confirm", 1)])
async def test_a_write_that_breaks_is_failed_and_not_tried_again(effect: Effect, calls: int) -> None:
    tool = BrokenTool(effect)
    outcome = await Toolbox([tool]).call(ToolCall("broken"), Session("nobody", "thread", "turn"))
    assert (outcome.action.status, tool.calls) == ("failed", calls)


TESTS: dict[str, Callable[..., Any]] = {
    **{f"input rail: {rail}": test_an_input_rail_that_breaks_leaves_the_turn_to_the_composer for rail in INPUT_RAILS},
    "document rail": test_a_document_rail_that_breaks_leaves_out_what_it_cannot_read,
    "output rail": test_an_output_rail_that_breaks_shows_nothing_of_the_answer,
    "live prices and stock": test_without_live_facts_no_price_and_no_stock_is_told,
    "the policy's file": test_a_policy_that_cannot_be_read_stops_the_start,
    "sanitising at ingestion": test_a_sanitiser_that_breaks_stops_the_load,
    "writes (cart, orders, preferences)": test_a_write_that_breaks_is_failed_and_not_tried_again,
}


def test_every_row_of_the_table_has_its_test() -> None:
    page = (Path(__file__).parents[2] / "docs" / "rails.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (?!when|-)([^|]+?) \| (open|closed) \|", page, re.MULTILINE)
    assert {name for name, _ in rows} == set(TESTS)
    assert {name for name, kind in rows if kind == "open"} == {name for name in TESTS if name.startswith("input")}


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_every_refusal_says_what_was_refused_and_what_can_be_done(lang: Any) -> None:
    guard = Phrases.load(lang).table["guard"]
    one_sentence = {"empty"}
    for reason, text in guard.items():
        assert reason in one_sentence or len(re.findall(r"[.!?](?:\s|$)", text)) >= 2, reason
