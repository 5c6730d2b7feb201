"""`shelfwise verify`: a stored answer checked again, offline."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.loading import uncollected

if TYPE_CHECKING:
    from app.settings import Settings
    from graphs.answer import FinalAnswer
    from graphs.verification.receipt import Change, Now

# The graph takes seconds to import: the command does so itself, and `--help` does not wait for it.

_USAGE, _CHANGED = 2, 3


def verify(
    ctx: typer.Context,
    receipt: Annotated[Path, typer.Argument(help="A file with a final answer, as `ask --json` prints it; may be .gz.")],
    user: Annotated[
        str | None, typer.Option(help="Whose answer it was: compares the features with today's as well.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Check a stored answer again and name what changed; exit code 3 when something did."""
    from app.loaded import NothingLoaded
    from retrievers.features.protocol import FeaturesUnavailable
    from retrievers.index.protocol import IndexUnavailable
    from tools.shop.errors import ShopStoreError

    with uncollected():
        from graphs.answer import shopper_sha256
        from graphs.verification.receipt import recheck

    final = _read(receipt)
    if user is not None and final.receipt.shopper_sha256 not in (None, shopper_sha256(final.trace_id, user)):
        raise _refused(f"{receipt} was not given to shopper {user!r}; name the right one with --user, or none")
    try:
        changes = recheck(final, _now(final, user, ctx.obj))
    except (NothingLoaded, IndexUnavailable, FeaturesUnavailable, ShopStoreError) as error:
        raise _refused(str(error)) from None
    typer.echo(json.dumps(_object(final, changes, user))) if as_json else _show(final, changes, user)
    if changes:
        raise typer.Exit(_CHANGED)


def _read(path: Path) -> FinalAnswer:
    from pydantic import ValidationError

    from app.ingestion.errors import IngestError
    from app.ingestion.files import decode, read_bytes
    from graphs.answer import FinalAnswer

    try:
        return FinalAnswer.model_validate_json(decode(path, read_bytes(path)))
    except IngestError as error:
        raise _refused(str(error)) from None
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "the file"
        raise _refused(f"{path} is not a final answer as `ask --json` prints it: {place}: {first['msg']}") from None


def _now(final: FinalAnswer, user: str | None, settings: Settings) -> Now:
    """Features only for a named shopper: an answer does not say whose it was, it can only confirm it."""
    import asyncio

    from app.clock import utc_now
    from app.runtime import open_shop
    from graphs.guardrails.evidence import clean_all
    from graphs.prompts.prompt import template_sha256
    from graphs.verification.receipt import Now
    from retrievers.features.descriptions import retail_descriptions

    with open_shop(settings) as shop:
        found, _ = clean_all(shop.parts.index.fetch([*final.receipt.evidence]))
        fields = shop.parts.index.manifest().vocabulary.get("fields")
        features = asyncio.run(shop.parts.features.source.shopper(user, utc_now())) if user is not None else None
    return Now(
        evidence={item.id: item for item in found},
        features=features,
        template_sha256=template_sha256(final.receipt.lang),
        descriptions=retail_descriptions(),
        fields=fields,
    )


def _refused(message: str) -> typer.Exit:
    typer.echo(message, err=True)
    return typer.Exit(_USAGE)


def _object(final: FinalAnswer, changes: tuple[Change, ...], user: str | None) -> dict[str, object]:
    return {
        "unchanged": not changes,
        "checked": _counts(final, user),
        "changes": [{"subject": each.subject, "name": each.name, "detail": each.detail} for each in changes],
    }


def _counts(final: FinalAnswer, user: str | None) -> dict[str, int]:
    from graphs.verification.receipt import prompt_can_be_made

    filters = final.filters
    return {
        "evidence": len(final.receipt.evidence),
        "features": len(final.receipt.features) if user is not None else 0,
        "conditions": len(filters.honoured + filters.relaxed + filters.dropped),
        "prompts": int(prompt_can_be_made(final)),
        "claims": len(final.claims),
    }


def _show(final: FinalAnswer, changes: tuple[Change, ...], user: str | None) -> None:
    counted = ", ".join(f"{count} {name}" for name, count in _counts(final, user).items())
    typer.echo(f"checked {counted}" + ("" if user is not None else " (name --user to compare features)"))
    for change in changes:
        typer.echo(f"{change.subject} {change.name}: {change.detail}")
    typer.echo("nothing changed" if not changes else f"{len(changes)} changed")
