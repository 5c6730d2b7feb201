"""What came of a conversation: whether the world is as the task leaves it, and everything was said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.evaluation.tau_retail.conversation import Conversation, Failure
from app.evaluation.tau_retail.dataset import Task
from app.evaluation.tau_retail.states import differing, same


def judged(talk: Conversation, task: Task) -> Failure | None:
    """None when it ended as it should."""
    if talk.broken:
        return talk.broken
    if not same(talk.state, task.final):
        return Failure("agent", f"not as it should be: {', '.join(differing(talk.state, task.final))}")
    unsaid = [output for output in task.outputs if not _was_said(output, talk.said)]
    return Failure("output", f"never said: {', '.join(unsaid)}") if unsaid else None


def of_another(task: Task, tasks: Sequence[Task]) -> Task | None:
    """The task as if it had to end like the next one that ends otherwise; None when all end alike."""
    place = next(place for place, each in enumerate(tasks) if each is task)
    others = (*tasks[place + 1 :], *tasks[:place])
    final = next((each.final for each in others if not same(each.final, task.final)), None)
    return None if final is None else replace(task, final=final)


def _was_said(output: str, said: Sequence[str]) -> bool:
    """As tau-bench looks for it: anywhere in one message, whatever its case, without commas in figures."""
    return any(_bare(output) in _bare(message) for message in said)


def _bare(text: str) -> str:
    return text.casefold().replace(",", "")
