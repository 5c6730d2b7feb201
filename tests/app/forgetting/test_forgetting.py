"""A shopper forgotten while another worker is still answering them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.assembly import Shop
from app.clock import utc_now
from app.conversations.store import StoredHistory
from tests.support.opened_shop import opened_small_shop
from tools.records import Session, ToolCall
from tools.shop.erasing import remains_of


@pytest.fixture(scope="module")
def shop(tmp_path_factory) -> Iterator[Shop]:
    folder = tmp_path_factory.mktemp("forgetting") / "shop"
    with opened_small_shop(folder, tmp_path_factory.getbasetemp() / "models") as opened:
        yield opened


@pytest.mark.parametrize("forgotten", [False, True])
async def test_what_its_turn_still_does_is_not_written_after_the_erasure(shop, forgotten) -> None:
    who, thread = f"quillwort-{forgotten}", f"thread-{forgotten}"
    history = StoredHistory(shop.parts.store.database, utc_now)
    await history.enter(thread, who)
    if forgotten:
        await history.bury([thread])
    deeds = (
        ToolCall("add_to_cart", {"item_id": "sock-1"}),
        ToolCall("set_preference", {"name": "budget_limit", "value": 80}),
    )

    session = Session(who, thread, "turn-1")
    done = [(await shop.assistant._parts.toolbox.call(deed, session)).action.status for deed in deeds]

    assert done == ["refused" if forgotten else "done"] * 2
    with shop.parts.store.database.reading() as connection:
        assert remains_of(connection, who) is not forgotten
    assert ((await shop.profile.read(who))["budget_limit"] is None) is forgotten
