"""`shelfwise eval tau-retail`: a shop's everyday requests, done with our tools in a world others made."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from app.cli.evaluation.refusal import refused
from app.cli.loading import uncollected

_EVERY = 50  # tasks between two lines of progress


def tau_retail(
    data_dir: Annotated[Path, typer.Option(help="A folder with users.json, orders.json and products.json.")],
    tasks: Annotated[Path, typer.Option(help='JSON Lines of {"user_id", "actions", "final"}; may be .gz.')],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Replay each task's actions through our tools and compare what is stored with what the task says.

    Works on temporary databases. The control leaves the last action of each task out: few may end the same.
    """
    with uncollected():
        from app.evaluation.rows import EvaluationError
        from app.evaluation.tau_retail import measure, read_dataset, read_tasks

    try:
        report = measure(read_dataset(data_dir), read_tasks(tasks), _progress)
    except EvaluationError as error:
        raise refused(str(error)) from None
    told = report.as_json()
    if as_json:
        typer.echo(json.dumps(told))
        return
    typer.echo(f"{report.tasks} tasks, {report.actions} actions")
    typer.echo(f"expressible  {told['expressible']:.4f}  {report.inexpressible or ''}")
    typer.echo(f"state equal  {told['state_equal']:.4f}")
    typer.echo(f"refused      {report.refused or 'nothing'}")
    left_out = told["control"]["last_action_left_out"]["state_equal"]
    typer.echo(f"control      {left_out:.4f} (the last action left out: few may end the same)")


def _progress(done: int, total: int) -> None:
    if done % _EVERY == 0:
        typer.echo(f"{done} of {total}", err=True)
