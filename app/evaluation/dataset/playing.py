"""One case played once, in a world of its own, and what its last turn gave."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

from langchain_core.messages.ai import UsageMetadata, add_usage
from pydantic_core import to_jsonable_python

from app.evaluation.dataset.case import DatasetCase
from app.evaluation.journeys.seen import empty_answer
from app.evaluation.journeys.worlds import World, Worlds
from app.evaluation.watched import took_ms
from graphs.answer import FinalAnswer
from graphs.models.spending import charged
from graphs.observing import TurnRecord
from graphs.turn import Turn
from retrievers.records import ShopperFeatures

Json = dict[str, Any]
PATIENCE_S = 180.0  # for one turn


@dataclass(frozen=True, slots=True)
class Played:
    """`outputs` is empty and `broken` says why when the last turn was never answered."""

    outputs: Json
    known: ShopperFeatures = field(default_factory=dict)
    records: tuple[TurnRecord, ...] = ()
    broken: str = ""


async def play(case: DatasetCase, worlds: Worlds, patience_s: float = PATIENCE_S) -> Played:
    """Raises EvaluationError when what is given does not exist in the shop."""
    async with worlds.open(case) as world:
        answers: list[FinalAnswer] = []
        known: ShopperFeatures = {}
        try:
            for message in case.turns:
                known = await world.known()
                async with asyncio.timeout(patience_s):
                    answers.append(await world.assistant.ask(_turn(case, message, world)))
        except Exception as error:  # whatever broke is no answer of the assistant's
            return Played({}, known, world.watch.records, f"{type(error).__name__}: {error}".strip())
        records = world.watch.records
        return Played(outputs_of(answers, records[-1] if records else None), known, records)


def outputs_of(answers: list[FinalAnswer], record: TurnRecord | None) -> Json:
    """The last answer as JSON, with what the run adds to it."""
    shown = [[card.product_id for card in answer.products] for answer in answers[:-1]]
    added: Json = {"shown_before": shown}
    if record is not None:
        added["trajectory"] = record.trajectory
        added["latency_ms"] = took_ms(record)
        added["usage"] = usage_of(record)
    return {**answers[-1].model_dump(mode="json"), **added}


def usage_of(record: TurnRecord) -> dict[str, UsageMetadata] | None:
    """Tokens by model; None when a model was asked and the endpoint did not count."""
    counted: dict[str, UsageMetadata] = {}
    for run in charged(run for node in record.nodes for run in node.models):
        if run.usage is None:
            return None
        counted[run.model] = add_usage(counted.get(run.model), run.usage)
    return counted


def idle_outputs(case: DatasetCase) -> Json:
    """The control: an assistant that hears every turn, says and does nothing."""
    silence = [[] for _ in case.turns[1:]]  # type: list[list[str]]
    return {**to_jsonable_python(empty_answer()), "shown_before": silence, "trajectory": [], "latency_ms": 0.0}


def _turn(case: DatasetCase, message: str, world: World) -> Turn:
    return Turn(message, world.shopper, case.lang, f"{world.shopper}/main")
