from __future__ import annotations

from dataclasses import replace


async def test_a_ticket_is_written_once_a_turn_and_numbered(counter):
    first = (await counter.use("hand_over", summary="The lamp came broken.")).action
    again = (await counter.use("hand_over", summary="The lamp came broken.")).action
    later = (
        await counter.use("hand_over", replace(counter.session, turn_id="turn-2"), summary="The lamp came broken.")
    ).action

    assert first.status == "done"
    assert first.receipt == again.receipt
    assert later.receipt["ticket"] > first.receipt["ticket"] >= 1
    assert [logged.deed.tool for logged in counter.log()] == ["hand_over", "hand_over"]
