"""What every evaluation over the dataset's cases needs first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.evaluation.dataset import Judging
    from app.evaluation.dataset.case import DatasetCase
    from app.evaluation.evaluators import Evaluator
    from app.evaluation.journeys.worlds import Worlds
    from app.settings import Settings


async def judging_over(
    worlds: Worlds, cases: Mapping[str, DatasetCase], settings: Settings, judge: Evaluator | None = None
) -> Judging:
    """The evaluators over the loaded shop. Raises EvaluationError for a name in a case that the shop does not know."""
    from app.evaluation.dataset import Judging, read_store, require_known_names
    from app.evaluation.evaluators import evaluators
    from graphs.models.prices import Prices

    store, prices = read_store(worlds.base.index), Prices.load(settings.prices)
    async with worlds.open(next(iter(cases.values()))) as world:
        tools = world.assistant.tools
    shoppers = await worlds.known_shoppers({case.shopper for case in cases.values()})
    require_known_names(cases, store, tools, shoppers)
    return Judging(store.records, evaluators(store.records, prices), prices, judge)
