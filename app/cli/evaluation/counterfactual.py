"""`shelfwise eval counterfactual`: what answers owe to the shopper, and what they must not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.evaluation.patience import PATIENCE
from app.cli.evaluation.refusal import loaded, refused
from app.cli.loading import uncollected

if TYPE_CHECKING:
    from app.evaluation.counterfactual.questions import Question
    from app.settings import Settings

# The graph takes seconds to import: the command does so itself, and `--help` does not wait for it.

_PARTIAL = 3


def counterfactual(
    ctx: typer.Context,
    questions: Annotated[
        Path | None,
        typer.Option(help="YAML list of {text, personal: true|false}; default: those of the demo store."),
    ] = None,
    users: Annotated[
        str | None, typer.Option(help="Shoppers, by commas; without it, the three of the demo store.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Ask the same as different shoppers, and as the same ones in other worlds; reads the store and writes nothing."""
    import asyncio

    settings = loaded(ctx.obj)
    with uncollected():
        from app.evaluation.counterfactual.questions import DEMO_QUESTIONS, read_questions
        from app.evaluation.counterfactual.study import control_fails, holds
        from app.evaluation.rows import EvaluationError

    try:
        asked = read_questions(questions or DEMO_QUESTIONS)
    except EvaluationError as error:
        raise refused(str(error)) from None
    report = asyncio.run(_study(settings, asked, _shoppers(settings, users)))
    _show(report, as_json)
    if not (holds(report) and control_fails(report)):
        raise typer.Exit(_PARTIAL)


def _shoppers(settings: Settings, users: str | None) -> tuple[str, ...]:
    if users is None and not (settings.data / "demo.json").exists():
        raise refused(f"{settings.data} is not the demo store: name its shoppers with --users A,B")
    if users is None:
        from app.demo.shoppers import featured_shoppers

        return tuple(shopper.user_id for shopper in featured_shoppers())
    named = tuple(dict.fromkeys(user.strip() for user in users.split(",") if user.strip()))
    if len(named) < 2:
        raise refused("--users: name two shoppers or more, so that there is somebody to compare with")
    return named


async def _study(settings: Settings, questions: list[Question], users: tuple[str, ...]) -> dict[str, Any]:
    """With the composer, which says the same of the same: a model's moods are not what is measured."""
    from app.clock import utc_now
    from app.evaluation.counterfactual.study import Subject, study
    from app.evaluation.counterfactual.worlds import Worlds
    from app.runtime import open_shop
    from retrievers.features.descriptions import retail_descriptions

    made: list[Worlds] = []

    def around(source: Any) -> Worlds:
        made.append(Worlds(source))
        return made[0]

    with open_shop(settings.model_copy(update={**PATIENCE, "openai_api_key": None}), around) as shop:
        await shop.warm_up()
        units = {name: known.unit for name, known in retail_descriptions().items()}
        subject = Subject(shop.assistant, made[0], utc_now, units, users, settings.top_k)
        return await study(subject, questions, lambda step: typer.echo(f"asking {step}", err=True))


def _show(report: dict[str, Any], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(report, ensure_ascii=False))
        return
    for name, measured in report.items():
        typer.echo(f"{name}: {json.dumps(measured, ensure_ascii=False)}")
