"""`shelfwise traces replay`: a turn run again from its stored inputs."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from app.cli.loading import uncollected
from app.cli.traces.difference import show_difference
from app.cli.traces.opened import AsJson, TraceId, opened_store, refused, trace_in

if TYPE_CHECKING:
    from app.replaying import Options
    from app.settings import Settings
    from app.traces.replay.recorded import RecordedTurn
    from app.traces.replay.replaying import Replay
    from graphs.turn import Changes


def replay(
    ctx: typer.Context,
    trace_id: TraceId,
    values: Annotated[
        list[str] | None, typer.Option("--set", help="feature=value, as if it had been known; may be repeated.")
    ] = None,
    without: Annotated[
        list[str] | None, typer.Option(help="A feature or a stated limit to leave out; may be repeated.")
    ] = None,
    model: Annotated[str | None, typer.Option(help="Another model of the configured endpoint, or composer.")] = None,
    index: Annotated[str | None, typer.Option(help="A generation of the index that is kept on disk.")] = None,
    live: Annotated[bool, typer.Option("--live", help="With the shopper's features of today.")] = False,
    now: Annotated[bool, typer.Option("--now", help="At today's time: what was known is as old as it is now.")] = False,
    keep: Annotated[bool, typer.Option("--keep", help="Store the replay as a trace of its own.")] = False,
    as_json: AsJson = False,
) -> None:
    """Run a turn again as it was asked and show what changed; no cart, order, conversation or preference does."""
    with uncollected():
        from app.loaded import NothingLoaded
        from app.replaying import BadOption, Options
        from app.traces.replay.changing import BadChange, changes_of
        from app.traces.replay.recorded import NotReplayable, RecordedTurn
        from retrievers.features.descriptions import retail_descriptions
        from retrievers.index.kept import UnknownGeneration
        from retrievers.index.protocol import IndexUnavailable
        from tools.shop.errors import ShopStoreError

    settings: Settings = ctx.obj
    with opened_store(settings) as store:
        runs = trace_in(store, trace_id)
    try:
        recorded = RecordedTurn.of(runs)
        changes = changes_of(values or [], without or [], retail_descriptions(), recorded.limits())
        options = Options(model, index, live, now)
        told = _replayed(settings, recorded, changes, options)
    except (BadChange, BadOption, NotReplayable, NothingLoaded) as error:
        raise refused(str(error)) from None
    except (UnknownGeneration, IndexUnavailable, ShopStoreError) as error:
        raise refused(str(error)) from None
    if keep:
        with opened_store(settings) as store:
            store.ingest(told.uploads)
    _show(told, recorded, options, kept=keep, as_json=as_json)


def _replayed(settings: Settings, recorded: RecordedTurn, changes: Changes, options: Options) -> Replay:
    from app.replaying import open_replay

    with open_replay(settings, recorded, options) as replayer:
        return asyncio.run(replayer.ask(recorded, changes, settings.traces_project))


def _show(told: Replay, recorded: RecordedTurn, options: Options, *, kept: bool, as_json: bool) -> None:
    from app.traces.row import body_text

    of_today = ["prices and stock", "cart and orders"]
    of_today += [] if options.generation else ["the index"]
    of_today += ["the shopper's features"] if options.live else []
    of_today += ["the time"] if options.live or options.now else []
    if as_json:
        said = {"trace_id": told.final.trace_id, "replay_of": recorded.stored.trace_id, "kept": kept}
        final = told.final.model_dump(mode="json")
        typer.echo(body_text({**said, "of_today": of_today, "difference": told.difference, "final": final}))
        return
    console = Console(highlight=False)
    console.print(f"asked again: {recorded.stored.message}", markup=False, style="bold")
    console.print(f"of today, not as then: {', '.join(of_today)}\n", style="dim")
    show_difference(told.difference, console)
    if kept:
        console.print(f"\nkept as trace {told.final.trace_id}")
