"""What the shop knows of the asker: shown, corrected, and forgotten."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from app.api.errors import Refused
from app.api.identity import Asker
from app.api.parts import AppServices
from app.api.ports import Elsewhere, Services
from graphs.turn import Lang
from retrievers.features.descriptions import FeatureDescription, retail_descriptions
from retrievers.features.protocol import FeaturesUnavailable
from retrievers.index.protocol import IndexUnavailable
from retrievers.records import FeatureStatus, FeatureValue
from tools.declaring import VIEW
from tools.records import NOBODY
from tools.shop.errors import ShopStoreError

router = APIRouter(prefix="/api/profile")
logger = logging.getLogger(__name__)

Source = Literal["declared", "onboarding", "behaviour", "default"]
Kind = Literal["number", "text", "list", "map", "time"]
_KINDS: Mapping[str, Kind] = {
    "Float64": "number",
    "Int64": "number",
    "String": "text",
    "Array(String)": "list",
    "Json": "map",
    "UnixTimestamp": "time",
}


class KnownFeature(BaseModel):
    """`display_name` is in both languages unless one was asked for."""

    name: str
    display_name: str | dict[str, str]
    value: Any
    unit: str
    status: FeatureStatus
    event_time: datetime | None
    age_s: float | None
    source: Source
    correctable: bool
    kind: Kind


class Onboarding(BaseModel):
    needed: bool
    categories: tuple[str, ...]
    currency: str


class Profile(BaseModel):
    user_id: str
    features: list[KnownFeature]
    onboarding: Onboarding


class Corrections(BaseModel):
    """By feature; null erases it."""

    model_config = ConfigDict(extra="forbid")

    values: Annotated[dict[str, Any], Field(min_length=1, max_length=16)]


class Erased(BaseModel):
    erased: dict[str, int]
    kept: tuple[str, ...]
    elsewhere: tuple[Elsewhere, ...]  # what has left the shop, which `verified` says nothing about
    verified: bool


@router.get("")
async def profile(asker: Asker, services: AppServices, lang: Lang | None = None) -> Profile:
    """Every feature of the shopper, known or not, in the order they are declared."""
    try:
        known = await services.profiles.known(asker)
    except FeaturesUnavailable as error:
        raise _unreadable(error) from error
    described = retail_descriptions()
    features = [_known(described[name], value, lang) for name, value in known.items() if name in described]
    return Profile(user_id=asker, features=features, onboarding=await _onboarding(features, services))


@router.put("")
async def correct(said: Corrections, asker: Asker, services: AppServices, lang: Lang | None = None) -> Profile:
    """What the shopper declares; the next turn knows it. All of it is changed or nothing."""
    _require_somebody(asker)
    try:
        await services.profiles.declare(asker, said.values)
    except ValueError as error:
        raise Refused(422, str(error), "invalid_value") from None
    except FeaturesUnavailable as error:
        raise _unreadable(error) from error
    return await profile(asker, services, lang)


@router.delete("")
async def forget(asker: Asker, services: AppServices) -> Erased:
    """Erases everything but orders, which the law of accounts has a shop keep, and reads back whether it is gone."""
    _require_somebody(asker)
    try:
        forgotten = await services.profiles.forget(asker)
    except (FeaturesUnavailable, IndexUnavailable, ShopStoreError) as error:
        logger.error("a shopper could not be forgotten: %s", error)
        line = "Not everything could be erased now. Please try again; what is gone stays gone."
        raise Refused(503, line, "not_erased") from error
    if forgotten.left:
        logger.error("found again after a shopper was forgotten: %s", ", ".join(forgotten.left))
        line = f"Still found after erasing: {', '.join(forgotten.left)}. Please try again."
        raise Refused(500, line, "still_found")
    return Erased(erased=dict(forgotten.erased), kept=forgotten.kept, elsewhere=forgotten.elsewhere, verified=True)


def _require_somebody(asker: str) -> None:
    if asker in NOBODY:
        raise Refused(403, "Nobody is signed in, so nothing is kept.", "nobody")


async def _onboarding(features: list[KnownFeature], services: Services) -> Onboarding:
    """Needed when nothing is known but what is assumed of anybody. Without an index there is nothing to offer."""
    needed = all(feature.status in ("missing", "default") for feature in features)
    try:
        choices = await services.profiles.choices()
    except IndexUnavailable:
        return Onboarding(needed=False, categories=(), currency="USD")
    return Onboarding(needed=needed, categories=choices.categories, currency=choices.currency)


def _known(description: FeatureDescription, value: FeatureValue, lang: Lang | None) -> KnownFeature:
    return KnownFeature(
        name=value.name,
        display_name=description.names[lang] if lang else dict(description.names),
        value=value.value,
        unit=description.unit,
        status=value.status,
        event_time=value.event_time,
        age_s=value.age_s,
        source=_source(description, value),
        correctable=description.view == VIEW,
        kind=_KINDS[description.dtype],
    )


def _source(description: FeatureDescription, value: FeatureValue) -> Source:
    if value.status == "default":
        return "default"
    if description.view == VIEW:
        return "onboarding" if description.onboarding else "declared"
    return "behaviour"


def _unreadable(error: FeaturesUnavailable) -> Refused:
    logger.warning("a profile cannot be read or written: %s", error)
    line = "What is known of you cannot be read or changed now; please try again later."
    return Refused(503, line, "profile_unavailable")
