"""What happened in a turn, handed to whoever watches once it is over. Nothing is read or written down before that."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from typing import Protocol

from langgraph.errors import GraphBubbleUp
from langgraph.runtime import Runtime

from graphs.answer import FinalAnswer
from graphs.state import Context, NodeRun, State, Update
from graphs.turn import Turn


class Node(Protocol):
    def __call__(self, state: State, runtime: Runtime[Context]) -> Awaitable[Update]: ...


@dataclass(slots=True)
class TurnRecord:
    """Times are nanoseconds since 1970. `error` is set for a turn without a final answer."""

    run_id: str
    thread_id: str
    turn: Turn
    model: str
    started_ns: int
    ended_ns: int = 0
    nodes: list[NodeRun] = field(default_factory=list)
    final: FinalAnswer | None = None
    error: str | None = None

    @property
    def trajectory(self) -> list[str]:
        """Nodes and tools by name, in the order they began."""
        began = ((node.started_ns, 0, node.name) for node in self.nodes)
        used = ((tool.started_ns, 1, tool.tool) for node in self.nodes for tool in node.tools)
        return [name for _, _, name in sorted([*began, *used], key=lambda each: each[:2])]

    def answered(self, final: FinalAnswer) -> FinalAnswer:
        """How slowly somebody reads the answer is no part of the turn."""
        self.final, self.ended_ns = final, time.time_ns()
        return final


class Observer(Protocol):
    """Called in the turn, so it must not wait for anything, nor raise."""

    def see(self, record: TurnRecord) -> None: ...

    def forget(self, thread_id: str) -> None:
        """Whatever was kept of the conversation is to be erased."""
        ...


class Observers:
    """Several as one, none of them included."""

    def __init__(self, each: Sequence[Observer] = ()) -> None:
        self._each = tuple(each)

    def see(self, record: TurnRecord) -> None:
        for observer in self._each:
            observer.see(record)

    def forget(self, thread_id: str) -> None:
        for observer in self._each:
            observer.forget(thread_id)


@contextmanager
def observed(observer: Observer, record: TurnRecord) -> Iterator[TurnRecord]:
    try:
        yield record
    except (asyncio.CancelledError, GeneratorExit):
        record.error = None if record.final else "stopped before its answer"
        raise
    except Exception as error:
        record.error = f"{type(error).__name__}: {error}"
        raise
    finally:
        record.ended_ns = record.ended_ns or time.time_ns()
        observer.see(record)


def timed(name: str, node: Node) -> Node:
    """The node, noting when it ran and what came of it; the clock of a turn does not jump."""

    @wraps(node)
    async def noting(state: State, runtime: Runtime[Context]) -> Update:
        started_ns, clock = time.time_ns(), time.perf_counter_ns()
        context, update = runtime.context, Update()
        used, asked = len(context.session.runs), len(context.asked)
        error: str | None = None
        try:
            update = await node(state, runtime)
            return update
        except GraphBubbleUp:
            raise
        except BaseException as raised:
            error = f"{type(raised).__name__}: {raised}"
            raise
        finally:
            took_ns = time.perf_counter_ns() - clock
            tools = tuple(context.session.runs[used:])  # of nodes that run side by side, none uses tools
            models = tuple(run for run in context.asked[asked:] if run.node == name)
            context.nodes.append(NodeRun(name, started_ns, took_ns, state, update, error, tools, models))

    return noting
