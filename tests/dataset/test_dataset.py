"""The cases of this folder: enough of each kind, and no reference that the demo store contradicts."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from app.evaluation.dataset import Judging, read_cases, read_store, require_known_names
from app.evaluation.dataset.case import CAPABILITIES
from app.evaluation.dataset.playing import idle_outputs
from app.evaluation.dataset.references import contradiction, inputs_of
from app.evaluation.evaluators import SOURCES, evaluators
from app.evaluation.evaluators.records import records_for
from app.worlds import open_worlds
from graphs.models.prices import Prices
from tests.support.demo_shop import built_demo, offline

CASES = read_cases(Path(__file__).parent)


def test_there_are_enough_of_each_kind() -> None:
    assert len(CASES) >= 150
    assert sum(case.lang == "ko" for case in CASES.values()) >= 20
    capabilities = Counter(case.capability for case in CASES.values())
    assert min(capabilities[each] for each in CAPABILITIES) >= 7
    sources = Counter(source for case in CASES.values() for source in case.expect.sources)
    assert min(sources[each] for each in SOURCES) >= 10
    assert sum(len(case.turns) > 1 for case in CASES.values()) >= 25


async def test_the_store_agrees_with_every_reference_and_doing_nothing_is_never_enough(tmp_path_factory) -> None:
    with open_worlds(offline(built_demo(tmp_path_factory))) as worlds:
        store = read_store(worlds.base.index)
        async with worlds.open(next(iter(CASES.values()))) as world:
            tools = world.assistant.tools
        shoppers = await worlds.known_shoppers({case.shopper for case in CASES.values()})
    require_known_names(CASES, store, tools, shoppers)
    wrong = {
        case.id: told
        for case in CASES.values()
        if (told := contradiction(case.expect, records_for(store.records, inputs_of(case))))
    }
    assert wrong == {}
    prices = Prices.load()
    judging = Judging(store.records, evaluators(store.records, prices), prices)
    assert [case.id for case in CASES.values() if judging.passes(case, idle_outputs(case), case)] == []
