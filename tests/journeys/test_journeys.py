"""Every journey of this folder, each in a world of its own over one demo store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.evaluation.journeys import Worlds, measure, read_journeys
from app.evaluation.journeys.journey import Journey
from app.evaluation.journeys.playing import play
from app.worlds import open_worlds
from graphs.models.prices import Prices
from tests.support.demo_shop import built_demo, offline

PRICES = Prices.load()
JOURNEYS = read_journeys(Path(__file__).parent)


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worlds]:
    with open_worlds(offline(built_demo(tmp_path_factory))) as opened:
        yield opened


@pytest.mark.parametrize("journey", JOURNEYS, ids=lambda journey: f"{journey.group}: {journey.name}")
async def test_the_journey_ends_well_and_not_by_doing_nothing(journey: Journey, worlds: Worlds) -> None:
    played = await play(journey, worlds)
    assert played.failures == ()
    assert played.control, "an assistant that does nothing would pass: state what has to come of it"


async def test_the_names_they_use_are_known_and_their_order_does_not_matter(worlds: Worlds) -> None:
    some = [journey for journey in JOURNEYS if journey.group == "cart"]
    report = await measure(list(reversed(some)), worlds, PRICES)
    assert report.passed
    assert [journey.name for journey in report.journeys] == [journey.name for journey in reversed(some)]


def test_there_are_enough_of_each_kind() -> None:
    groups = [journey.group for journey in JOURNEYS]
    assert len(JOURNEYS) >= 60
    assert min(groups.count(group) for group in set(groups)) >= 6
    assert len(set(groups)) == 7
    assert sum(journey.lang == "ko" for journey in JOURNEYS) >= 8
    assert all(len(journey.turns) <= 6 for journey in JOURNEYS)
