"""The demo as it is served: the whole store, built once, asked by the three shoppers everyone meets."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from datetime import timedelta

import pytest

from app.assembly import Shop
from app.clock import utc_now
from app.demo.store import demo_store
from app.demonstration import AnotherCatalogue, bring_up_to_date, prepare, shopper_options
from app.ingestion.progress import silent
from app.runtime import open_shop
from app.settings import Settings
from graphs.turn import Turn
from tests.support.demo_shop import copied_demo

OPEN = "what should I buy?"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = Settings(data=copied_demo(tmp_path_factory), openai_api_key=None)
    prepare(settings)
    return settings


@pytest.fixture(scope="module")
def shop(settings: Settings) -> Iterator[Shop]:
    with open_shop(settings) as opened:
        yield opened


async def test_the_three_shoppers_get_three_defensible_sets(shop: Shop) -> None:
    await shop.warm_up()
    answers = {user: await shop.assistant.ask(Turn(OPEN, user)) for user in ("maya", "jonas", "priya")}
    sets = {user: {card.product_id for card in final.products} for user, final in answers.items()}
    assert not sets["maya"] & sets["jonas"]
    assert not sets["jonas"] & sets["priya"]
    assert not sets["maya"] & sets["priya"]
    known = {user: await shop.assistant.context(user, OPEN, 5) for user in answers}
    shown = {u: [e.metadata for e in k.evidence if e.type == "product"] for u, k in known.items()}
    assert all("Running" in product["category"] for product in shown["maya"])
    assert all(product["kind"] != "running shoe" for product in shown["maya"])
    assert all("Winter coats" in product["category"] for product in shown["jonas"])
    assert all(card.price is not None and card.price <= 500 for card in answers["priya"].products)
    assert any("$500 " in reason for card in answers["priya"].products for reason in card.why)
    for final in answers.values():
        assert len(final.products) == 5
        assert all(card.why for card in final.products)
        assert not final.degraded


async def test_a_stranger_gets_population_defaults_marked_as_such(shop: Shop) -> None:
    final = await shop.assistant.ask(Turn(OPEN, "nobody-knows-me"))
    assert {value.status for value in final.features if value.value is not None} == {"default"}
    assert len(final.products) == 5


@pytest.mark.parametrize(
    ("question", "figure"),
    [
        ("what is your return policy?", "30 days"),
        ("how much is express shipping?", "$14.95"),
        ("how long is the warranty on headphones?", "3 years"),
        ("do gift cards expire?", "never expire"),
    ],
)
async def test_policy_questions_are_answered_from_the_policy_alike_for_everyone(
    shop: Shop, question: str, figure: str
) -> None:
    answers = [await shop.assistant.ask(Turn(question, user)) for user in ("maya", "priya", "nobody")]
    assert figure in answers[0].answer
    assert len({final.answer for final in answers}) == 1
    assert all(final.citations and not final.products for final in answers)


async def test_what_the_shop_does_not_have_is_said(shop: Shop) -> None:
    final = await shop.assistant.ask(Turn("do you sell helicopters?", "maya"))
    assert not final.products


def test_starting_again_brings_the_times_up_to_now_and_builds_nothing(settings: Settings, shop: Shop) -> None:
    before = shop.parts.index.manifest().generation
    later = utc_now() + timedelta(days=3)
    bring_up_to_date(settings, demo_store(), later, silent)
    values = asyncio.run(shop.parts.features.source.shopper("jonas", later))
    assert values["user_clicks_last_24h:favorite_category"].status == "online"
    prepare(settings)
    assert shop.parts.index.manifest().generation == before


def test_a_demo_never_replaces_somebodys_own_catalogue(tmp_path) -> None:
    (tmp_path / "ledger.db").touch()
    with pytest.raises(AnotherCatalogue, match="--data"):
        prepare(Settings(data=tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["ledger.db"]


def test_the_page_offers_the_three_in_both_languages(settings: Settings) -> None:
    options = shopper_options()
    assert [option.user_id for option in options] == ["maya", "jonas", "priya"]
    assert all(option.blurb["en"] and option.blurb["ko"] for option in options)
    assert json.loads((settings.data / "demo.json").read_text("utf-8"))["content"]
    pictures = {path.stem for path in (settings.data / "images").glob("*.svg")}
    assert {product.product_id for product in demo_store().products} <= pictures
