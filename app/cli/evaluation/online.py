"""`shelfwise eval online`: do features earn their keep, by what shoppers do with what they are shown?"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from app.cli.evaluation.patience import PATIENCE
from app.cli.evaluation.refusal import loaded, refused
from app.cli.loading import uncollected

if TYPE_CHECKING:
    from app.evaluation.online.arms import OnlineExperiment
    from app.evaluation.online.simulation.play import Played, Told
    from app.evaluation.online.study import Result
    from app.settings import Settings

_PARTIAL = 3
_CATALOGUE = 5_000  # products a simulated shopper may like; the most popular of larger shops


def online(
    ctx: typer.Context,
    simulate: Annotated[int | None, typer.Option(min=40, help="Play with so many simulated shoppers.")] = None,
    events: Annotated[Path | None, typer.Option(help="What shoppers did, from `stream export`.")] = None,
    exposures: Annotated[Path | None, typer.Option(help="What they were shown, from `stream export`.")] = None,
    arms: Annotated[Path | None, typer.Option(help="TOML of the arms; default: each feature left out.")] = None,
    window: Annotated[float, typer.Option(min=0.001, help="Days in which a card is owed what happens.")] = 7.0,
    out: Annotated[Path | None, typer.Option(help="Also write an HTML page with plots.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Compare arms by clicks, carts, conversion and revenue, on real logs or on simulated shoppers over this shop.

    Shoppers are dealt to arms by a keyed hash of their id. Controls: the control arm against itself, which must find
    nothing, and with --simulate an arm that is given other shoppers' features, which must lose.
    """
    if (simulate is None) == (events is None) or (events is None) != (exposures is None):
        raise refused("say either --simulate N or both --events FILE and --exposures FILE")
    with uncollected():
        from app.cli.evaluation.keeping import require_room
        from app.evaluation.online.arms import FEATURES_FILE, read_experiment
        from app.evaluation.online.controls import against_itself
        from app.evaluation.online.logs import read_events, read_exposures
        from app.evaluation.online.page import write_page
        from app.evaluation.online.simulation.play import SHUFFLED, Played, with_shuffled
        from app.evaluation.online.study import compare
        from app.evaluation.online.telling import as_json as told
        from app.evaluation.rows import EvaluationError

    try:
        require_room(out)
        experiment = read_experiment(arms or FEATURES_FILE)
        if simulate is not None:
            experiment = with_shuffled(experiment)
            played = _simulated(ctx.obj, experiment, simulate)
        else:
            assert events is not None
            assert exposures is not None
            played = Played(read_exposures(exposures), read_events(events))
        result = compare(experiment, played.exposures, played.events, timedelta(days=window))
    except EvaluationError as error:
        raise refused(str(error)) from None
    against = against_itself([*result.arms[experiment.control].shoppers.values()])
    report = told(result, against, played.interleaved)
    loses = _loses(result, SHUFFLED) if simulate is not None else True
    report |= {"shuffled_loses": loses} if simulate is not None else {}
    _show(result, report, as_json)
    if out is not None:
        try:
            write_page(result, report, out)
        except EvaluationError as error:
            raise refused(str(error)) from None
    if not loses or (against is not None and not against.holds):
        raise typer.Exit(_PARTIAL)


def _loses(result: Result, arm: str) -> bool:
    """Surely fewer clicks than the control."""
    from app.evaluation.online.telling import PRIMARY
    from app.evaluation.online.uplift import ALPHA

    found = result.arms[arm].having.get(PRIMARY)
    return found is not None and found.uplift.value > 0 and found.uplift.p < ALPHA


def _simulated(settings: Settings, experiment: OnlineExperiment, count: int) -> Played:
    loaded(settings)
    with _progress("Shoppers") as told:
        return asyncio.run(_play(settings, experiment, count, told))


async def _play(settings: Settings, experiment: OnlineExperiment, count: int, told: Told) -> Played:
    from app.clock import utc_now
    from app.evaluation.online.simulation.past import simulated
    from app.evaluation.online.simulation.play import SimulatedFeatures, play, retrieval
    from app.evaluation.online.simulation.taste import Shelf, taste
    from app.runtime import open_shop
    from retrievers.catalogue import DocumentType, Product
    from retrievers.features.protocol import FeatureSource
    from retrievers.index.protocol import Query

    made: list[SimulatedFeatures] = []

    def around(source: FeatureSource) -> SimulatedFeatures:
        made.append(SimulatedFeatures(source))
        return made[0]

    with open_shop(settings.model_copy(update={**PATIENCE, "openai_api_key": None}), around) as shop:
        await shop.warm_up()
        (hits,) = await asyncio.to_thread(shop.parts.index.search, [Query(DocumentType.PRODUCT, _CATALOGUE)])
        shelf, now = Shelf([Product.model_validate(hit.evidence.metadata) for hit in hits]), utc_now()
        names = [f"simulated-{number}" for number in range(count)]
        shoppers = [simulated(name, taste(shelf, name), shelf, now, _project) for name in names]
        made[0].known.update({shopper.user_id: shopper.features for shopper in shoppers})
        return await play(experiment, shoppers, retrieval(shop.reader, settings.top_k), shelf, now, told)


def _project(user_id: str, events: Any, products: Any) -> Any:
    """As the running shop makes features of what shoppers do."""
    from app.streaming.projector import Happened, project
    from retrievers.features.descriptions import retail_descriptions

    return project(Happened(user_id, events, products), retail_descriptions())


@contextmanager
def _progress(what: str) -> Iterator[Told]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bars:
        task = bars.add_task(what, total=None)
        yield lambda done, total: bars.update(task, completed=done, total=total)


def _show(result: Result, report: dict[str, Any], as_json: bool) -> None:
    from app.evaluation.online.telling import table

    if as_json:
        typer.echo(json.dumps(report))
        return
    heads, *rows = table(result)
    shown = Table(title=result.name, caption="* surely different from the control (Holm, 5%)")
    for place, head in enumerate(heads):
        shown.add_column(head, overflow="fold", justify="right" if place else "left")
    for row in rows:
        shown.add_row(*row)
    Console().print(shown)
    for line in (*report["verdicts"], *report["fallbacks"]):
        typer.echo(line)
    typer.echo(f"shoppers dealt as they should be: p = {result.mismatch_p:.3f}")
    if against := report.get("a_a"):
        found = ", ".join(f"{name} {share:.1%}" for name, share in against["found"].items())
        typer.echo(f"the control against itself, {against['splits']} times, seems to differ (5% is chance): {found}")
    if both := report.get("interleaving"):
        said = f"{both['a']} shoppers prefer the control, {both['b']} the shuffled, {both['ties']} neither"
        typer.echo(f"in one list: {said} (p = {both['p']:.2g})")
    if "shuffled_loses" in report:
        typer.echo(f"shuffled features lose: {'yes' if report['shuffled_loses'] else 'no'}")
