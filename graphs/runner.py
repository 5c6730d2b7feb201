"""Runs turns through the graph: as events while it happens, or as the one final answer."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, aclosing, contextmanager
from dataclasses import dataclass
from typing import Any, cast
from weakref import WeakValueDictionary

from langchain_core.runnables import RunnableConfig
from langgraph.graph.state import CompiledStateGraph
from langgraph.types import Command

from graphs.answer import FinalAnswer
from graphs.assistant import build_assistant
from graphs.changing import changed_features
from graphs.conversation.checkpoints import REPLACES, RUN, Checkpoints, in_memory, memory_before
from graphs.conversation.history import History, NoHistory, PastExchange, ThreadSummary
from graphs.conversation.rerun import NotRepeatable, said_again
from graphs.conversation.turn_memory import TurnMemory
from graphs.finish import final_answer
from graphs.models.composer.actions import told_actions
from graphs.models.composer.turn import ComposerTurn
from graphs.models.watching import ModelWatch
from graphs.observing import Observer, Observers, TurnRecord, observed
from graphs.prompts.phrases import Phrases
from graphs.sources import Sources
from graphs.state import Context, Parts, State
from graphs.turn import Changes, Deal, Lang, Readiness, Turn, TurnStopped, Used, as_asked
from graphs.verification.markers import without_markers
from retrievers.records import FilterPlan, UnifiedContext
from tools.records import Session, ToolCall
from tools.tool import Tool

Event = tuple[str, dict[str, Any]]
Graph = CompiledStateGraph[State, Context, State, State]

# Parts whose failure the answer does not tell by itself.
_PARTS_MISSED = {"model": "model_down", "rail": "rail_down", "memory": "memory_down"}


@dataclass(slots=True)
class _Running:
    user_id: str
    thread_id: str
    task: asyncio.Task[Any]
    stopped: bool = False

    def stop(self) -> None:
        self.stopped = True
        self.task.cancel()


class Assistant:
    """Built once with its parts; turns may run concurrently, those of one conversation one after the other.

    `deal` may make something else of a turn that was asked. Closing the iterator of `stream` stops a turn, and one that
    `stop` ends raises TurnStopped. Whatever is given a conversation raises UnknownThread when that is somebody else's.
    """

    def __init__(
        self,
        parts: Parts,
        readiness: Callable[[], Readiness],
        checkpoints: Checkpoints | None = None,
        history: History | None = None,
        observer: Observer | None = None,
        deal: Deal = as_asked,
    ) -> None:
        self._parts = parts
        self._deal = deal
        self._readiness = readiness
        self._checkpoints = checkpoints or in_memory()
        self._history: History = history or NoHistory()
        self._observer: Observer = observer or Observers()
        self._graph = build_assistant()
        self._running: dict[str, _Running] = {}
        self._one_at_a_time = WeakValueDictionary[str, asyncio.Lock]()

    async def ask(self, turn: Turn) -> FinalAnswer:
        """One whole turn."""
        async with aclosing(self._run(turn)) as events:
            async for name, payload in events:
                if name == "answer":
                    return cast(FinalAnswer, payload["final"])
        raise RuntimeError("the graph ended without an answer")

    async def stream(self, turn: Turn) -> AsyncIterator[Event]:
        """`run, features, products, sentence, citations, degraded, confirm, final`; sentences are sent once checked.

        `citations` also says how many sentences were `rejected` and never shown; `confirm` holds each action that waits
        for the shopper's word.
        """
        async with aclosing(self._run(turn)) as events:
            async for name, payload in events:
                if name != "answer":
                    yield name, payload
                    continue
                final: FinalAnswer = payload["final"]
                cited = [item.model_dump(mode="json") for item in final.citations]
                yield "citations", {"citations": cited, "rejected": payload["rejected"]}
                if final.degraded or payload["notices"]:
                    dumped = final.model_dump(mode="json", include={"degraded"})
                    yield "degraded", {**dumped, "notices": payload["notices"]}
                if proposed := [action for action in final.actions if action.status == "proposed"]:
                    yield "confirm", {"actions": [action.model_dump(mode="json") for action in proposed]}
                yield "final", final.model_dump(mode="json")

    async def context(self, user_id: str, question: str, top_k: int) -> UnifiedContext:
        """Everything known for this shopper and question, without an answer."""
        return await self._parts.reader.everything_known(user_id, question, top_k)

    async def use(self, call: ToolCall, user_id: str, lang: Lang, key: str | None, run_id: str | None = None) -> Used:
        """A tool outside of any conversation; the same key makes a repeated write the same one.

        `run_id` is the answer that led to it, if one did.
        """
        session = Session(user_id, "", key or uuid.uuid4().hex, lang, run_id)
        outcome = await self._parts.toolbox.call(call, session)
        known = UnifiedContext(user_id, {}, (), FilterPlan(), {})
        turn = ComposerTurn(known, Sources.of(known).and_done([outcome]), Phrases.load(lang))
        told = " ".join(without_markers(sentence) for sentence in told_actions(turn))
        return Used(outcome.action.status, dict(outcome.action.receipt or {}), told)

    async def again(self, run_id: str, user_id: str, lang: Lang, changes: Changes) -> Turn:
        """The turn of that run, to be asked once more in its place.

        Raises UnknownThread when it is nobody's or somebody else's, NotRepeatable when it cannot be run again.
        """
        thread_id = await self._history.thread_of(run_id, user_id)
        latest = await self._latest(thread_id, user_id, run_id)
        writes = {tool.name for tool in self.tools if tool.effect != "read"}
        said = said_again(latest, writes)
        async with self._checkpoints.saver() as saver:
            memory = await memory_before(saver, thread_id, run_id)
        return Turn(said, user_id, lang, thread_id, changes=changes, memory=memory, replaces=run_id)

    async def _latest(self, thread_id: str, user_id: str, run_id: str) -> PastExchange:
        exchanges = await self._history.exchanges(thread_id, user_id)
        if not exchanges or exchanges[-1].run_id != run_id:
            raise NotRepeatable("Only the latest answer of a conversation can be looked for again.")
        return exchanges[-1]

    def stop(self, run_id: str, user_id: str) -> bool:
        """Ends a turn that is being answered; False when there is none by this id, or it is somebody else's."""
        running = self._running.get(run_id)
        if running is None or running.user_id != user_id:
            return False
        running.stop()
        return True

    async def threads(self, user_id: str) -> list[ThreadSummary]:
        return await self._history.threads(user_id)

    async def exchanges(self, thread_id: str, user_id: str) -> list[PastExchange]:
        return await self._history.exchanges(thread_id, user_id)

    async def forget(self, thread_id: str, user_id: str) -> None:
        """Erases what was said and what was remembered of it; a turn that is being answered in it is stopped first."""
        await self._history.forget(thread_id, user_id)
        for running in self._running.values():
            if running.thread_id == thread_id:
                running.stop()
        async with self._lock(thread_id), self._checkpoints.saver() as saver:
            self._observer.forget(thread_id)
            await saver.adelete_thread(thread_id)

    @property
    def tools(self) -> tuple[Tool, ...]:
        return self._parts.toolbox.tools

    def readiness(self) -> Readiness:
        return self._readiness()

    def kept_open(self) -> AbstractAsyncContextManager[None]:
        """For as long as this lasts, turns share one connection to the memory of conversations."""
        return self._checkpoints.kept_open()

    async def _run(self, asked: Turn) -> AsyncGenerator[Event, None]:
        turn = self._deal(asked)
        run_id, thread_id = uuid.uuid4().hex, turn.thread_id or uuid.uuid4().hex
        memory = TurnMemory(self._history, self._checkpoints, turn, thread_id)
        await memory.enter()
        with self._stoppable(run_id, thread_id, turn.user_id):
            async with self._lock(thread_id), memory.opened() as saver:
                if turn.replaces:  # another device may have been sooner
                    await self._latest(thread_id, turn.user_id, turn.replaces)
                graph = self._graph.copy(update={"checkpointer": saver})
                traced = thread_id if memory.is_own else run_id  # what may be somebody else's is not added to
                record = TurnRecord(run_id, traced, turn, self._parts.model_name, time.time_ns())
                with observed(self._observer, record):
                    async with aclosing(self._turn(graph, turn, record, memory)) as events:
                        async for event in events:
                            yield event

    def _lock(self, thread_id: str) -> asyncio.Lock:
        return self._one_at_a_time.setdefault(thread_id, asyncio.Lock())

    @contextmanager
    def _stoppable(self, run_id: str, thread_id: str, user_id: str) -> Iterator[None]:
        """Whoever iterates over a turn is the task that `stop` cancels. Raises TurnStopped."""
        task = asyncio.current_task()
        assert task is not None
        running = self._running[run_id] = _Running(user_id, thread_id, task)
        try:
            yield
        except asyncio.CancelledError:
            if running.stopped and task.uncancel() == 0:
                raise TurnStopped from None
            raise
        finally:
            del self._running[run_id]

    async def _turn(
        self, graph: Graph, turn: Turn, record: TurnRecord, memory: TurnMemory
    ) -> AsyncGenerator[Event, None]:
        run_id, thread_id = record.run_id, memory.thread_id
        phrases = Phrases.load(turn.lang)
        session = Session(turn.user_id, thread_id, run_id, turn.lang, run_id)
        shopper = self._parts.reader.shopper(turn.user_id, changed_features(turn.changes))
        watch = ModelWatch()
        context = Context(turn, self._parts, shopper, phrases, session, record.nodes, watch.runs)
        started = {"run_id": run_id, "thread_id": thread_id, "user_id": turn.user_id, "model": self._parts.model_name}
        yield "run", started
        config = _config(run_id, thread_id, turn)
        config["callbacks"] = [watch]
        state = State()
        async for mode, payload in graph.astream(
            await _given(graph, turn, config),
            config,
            context=context,
            stream_mode=["custom", "values"],
            durability="exit",
        ):
            if mode == "custom":
                yield cast(Event, payload)
            else:
                state = cast(State, payload)
        final = final_answer(state, phrases, run_id, thread_id).with_degraded(memory.failures)
        await memory.append(state["said"], final.model_dump(mode="json"))
        final = record.answered(final.with_degraded(memory.failures))
        rejected = len(state["draft"].rejected) if "draft" in state else 0
        yield "answer", {"final": final, "notices": _unsaid_notices(state, final, phrases), "rejected": rejected}


def _config(run_id: str, thread_id: str, turn: Turn) -> RunnableConfig:
    """What is remembered of the turn can be found by its run."""
    known = {RUN: run_id, REPLACES: turn.replaces or ""}
    place = {"thread_id": thread_id}
    return RunnableConfig(configurable=place, metadata=known, run_id=uuid.UUID(run_id), run_name="turn")


async def _given(graph: Graph, turn: Turn, config: RunnableConfig) -> State | Command[Any]:
    """A word on a proposal goes on where the conversation paused; without a pause it starts a turn like any other."""
    if turn.memory is not None:
        return State(memory=dict(turn.memory))
    if turn.decision is None or not (await graph.aget_state(config)).interrupts:
        return State()
    return Command(resume=True)


def _unsaid_notices(state: State, final: FinalAnswer, phrases: Phrases) -> list[str]:
    """What the shopper should know and the answer does not already say."""
    known = state.get("known")
    keys = list(known.notices) if known else []
    keys += [key for part, key in _PARTS_MISSED.items() if any(item.part == part for item in final.degraded)]
    left_out = [phrases.guard(reason) for reason in final.guard.reasons] if final.guard.action == "redact" else []
    return [text for text in (*map(phrases.notice, keys), *left_out) if text not in final.answer]
