"""`shelfwise eval tau-retail`: a shop's everyday requests, done with our tools in a world others made."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.evaluation.refusal import refused
from app.cli.loading import uncollected

if TYPE_CHECKING:
    from app.evaluation.tau_retail import Dataset
    from app.evaluation.tau_retail.dataset import Task
    from app.evaluation.tau_retail.measure import Report
    from app.evaluation.tau_retail.trials import Trials
    from app.settings import Settings

# The graph takes seconds to import: only conversations wait for it.

_PARTIAL = 3
_EVERY = 50  # tasks between two lines of progress
_MOST_TURNS = 30


@dataclass(frozen=True, slots=True)
class _Conversations:
    """Who is to talk, about how many tasks, how often and how long."""

    model: str
    user_model: str
    limit: int | None
    repeat: int
    turns: int

    def as_json(self) -> dict[str, str]:
        return {"model": self.model, "user_model": self.user_model}

    def held(self, settings: Settings, dataset: Dataset, tasks: Sequence[Task]) -> Trials:
        """Raises EvaluationError or IngestError."""
        from app.cli.evaluation.tau_shop import open_cast
        from app.evaluation.tau_retail import products_of
        from app.evaluation.tau_retail.trials import play

        typer.echo(f"building a shop of {len(dataset.products)} products", err=True)
        with open_cast(settings, self.model, self.user_model, products_of(dataset)) as cast:
            return play(
                dataset, tasks, cast, limit=self.limit, repeat=self.repeat, turns=self.turns, seen=_conversation_held
            )


def tau_retail(
    ctx: typer.Context,
    data_dir: Annotated[Path, typer.Option(help="A folder with users.json, orders.json and products.json.")],
    tasks: Annotated[Path, typer.Option(help='JSON Lines of {"user_id", "actions", "final"}; may be .gz.')],
    model: Annotated[
        str | None, typer.Option(metavar="NAME", help="Also hold each task as a conversation with this model.")
    ] = None,
    user_model: Annotated[
        str | None, typer.Option(metavar="NAME", help="The model that plays the customers.", show_default="--model")
    ] = None,
    repeat: Annotated[int, typer.Option(min=1, max=100, help="How often each conversation is held.")] = 1,
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first tasks are held as conversations.")] = None,
    turns: Annotated[int, typer.Option(min=1, max=_MOST_TURNS, help="Messages a customer may send.")] = _MOST_TURNS,
    out: Annotated[
        Path | None, typer.Option(help="Write the experiment here: the conversations, without --model the replays.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Replay each task's actions through our tools and compare what is stored with what the task says.

    With --model a model playing the customer also talks with the whole assistant, which has to end in the same state;
    OPENAI_API_KEY and OPENAI_BASE_URL say where. Exit code 3 when a model was down or the run was interrupted.

    Works on temporary databases. The control leaves the last action of each task out: few may end the same.
    """
    settings: Settings = ctx.obj
    if model is None and (user_model or limit or repeat > 1 or turns < _MOST_TURNS):
        raise refused("--user-model, --repeat, --limit and --turns are for conversations: name their --model")
    if model is not None and not _has_key(settings):
        raise refused("no model is configured: set OPENAI_API_KEY, and OPENAI_BASE_URL for a server of your own")
    with uncollected():
        from app.cli.evaluation.keeping import code_version, keep, require_room
        from app.evaluation.rows import EvaluationError
        from app.evaluation.tau_retail import measure, read_dataset, read_tasks
        from app.ingestion.errors import IngestError

    try:
        require_room(out)
        dataset, known = read_dataset(data_dir), read_tasks(tasks)
        started, settled = datetime.now(UTC), {"version": code_version()}
        played: Report | Trials = (report := measure(dataset, known, _progress))
        told = report.as_json()
        if model is not None:
            asked = _Conversations(model, user_model or model, limit, repeat, turns)
            played = trials = asked.held(settings, dataset, known)
            settled |= asked.as_json() | {"repeat": str(repeat)}
            told = _joined(told, asked.as_json() | trials.as_json())
        _show(told, as_json)
        if out:
            keep(played.experiment(tasks.name.partition(".")[0], started, settled), out)
    except (EvaluationError, IngestError) as error:
        raise refused(str(error)) from None
    if model is not None and not trials.whole:
        raise typer.Exit(_PARTIAL)


def _has_key(settings: Settings) -> bool:
    return bool(settings.openai_api_key and settings.openai_api_key.get_secret_value())


def _joined(replayed: dict[str, Any], talked: dict[str, Any]) -> dict[str, Any]:
    return replayed | talked | {"control": replayed["control"] | talked["control"]}


def _show(told: dict[str, Any], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    typer.echo(f"{told['tasks']} tasks, {told['actions']['all']} actions")
    typer.echo(f"expressible  {told['expressible']:.4f}  {told['inexpressible'] or ''}".rstrip())
    typer.echo(f"state equal  {told['state_equal']:.4f}")
    typer.echo(f"refused      {told['refused'] or 'nothing'}")
    left_out = told["control"]["last_action_left_out"]["state_equal"]
    typer.echo(f"control      {left_out:.4f} (the last action left out: few may end the same)")
    if "pass^k" in told:
        _show_conversations(told)


def _show_conversations(told: dict[str, Any]) -> None:
    for each in told["failures"]:
        typer.echo(f"task {each['task']}, run {each['run']}: {each['kind']}: {each['detail']}")
    stopped = ", interrupted" if told["interrupted"] else ""
    typer.echo(f"{told['conversations']} conversations of {told['model']} with {told['user_model']}{stopped}")
    for k, share in told["pass^k"].items():
        typer.echo(f"{f'pass^{k}':12} {_share(share)}")
    other = told["control"]["final_of_another_task"]["pass^1"]
    typer.echo(f"control      {_share(other)} (judged by another task's final: few may pass)")


def _share(share: float | None) -> str:
    return "unknown" if share is None else f"{share:.4f}"


def _progress(done: int, total: int) -> None:
    if done % _EVERY == 0:
        typer.echo(f"{done} of {total}", err=True)


def _conversation_held(trials: Trials) -> None:
    last = trials.played[-1]
    came_of_it = "passed" if last.failure is None else f"{last.failure.kind}: {last.failure.detail}"
    done = f"{len(trials.played)} of {trials.tasks * trials.repeat}"
    typer.echo(f"{done}  task {last.task}, run {last.run}  {came_of_it}", err=True)
