"""`shelfwise traces prune`."""

from __future__ import annotations

from typing import Annotated

import typer

from app.cli.traces.opened import AsJson, opened_store, project_ids, refused


def prune(
    ctx: typer.Context,
    older_than: Annotated[str, typer.Option(help="Age of the traces that go: 12h, 30d, 8w.")],
    project: Annotated[str | None, typer.Option(help="Only of this project.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would go.")] = False,
    as_json: AsJson = False,
) -> None:
    """Erase old traces with the feedback on them; projects and datasets stay."""
    from app.traces.age import age_of
    from app.traces.retention import prune as pruned
    from app.traces.row import body_text

    try:
        age = age_of(older_than)
    except ValueError as error:
        raise refused(str(error)) from None
    with opened_store(ctx.obj) as store:
        gone = pruned(store, age, project_ids(store, project), dry_run=dry_run)
    if as_json:
        counts = {"traces": gone.traces, "runs": gone.runs, "feedback": gone.feedback}
        typer.echo(body_text({**counts, "dry_run": dry_run}))
        return
    would = "would be" if dry_run else "were"
    typer.echo(f"{gone.traces} traces with {gone.runs} runs and {gone.feedback} pieces of feedback {would} erased")
