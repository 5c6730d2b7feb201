from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from app.traces.replay.recorded import NotReplayable, RecordedFeatures, RecordedTurn
from app.traces.run import RunUpload
from graphs.turn import Changes
from retrievers.features.nothing import NoFeatures
from retrievers.features.protocol import FeaturesUnavailable

START = datetime(2026, 11, 3, 12, tzinfo=UTC)
TRACE = UUID(int=7)
ASKED = {"message": "a coat", "user_id": "maya", "lang": "ko"}
BUDGET, BOUGHT = "user_profile:budget_limit", "user_session:last_purchased_at"


@pytest.fixture
def recorded(store):
    def read(asked=ASKED, name="turn", **nodes) -> RecordedTurn:
        """The nodes' inputs and outputs by name."""
        root = RunUpload(id=TRACE, name=name, start_time=START, inputs=asked)
        below = [
            RunUpload(id=UUID(int=8 + n), trace_id=TRACE, parent_run_id=TRACE, name=node, start_time=START, **told)
            for n, (node, told) in enumerate(nodes.items())
        ]
        store.ingest([("post", run) for run in (root, *below)])
        return RecordedTurn.of(store.trace(TRACE))

    return read


def test_a_turn_is_asked_as_it_was_even_one_that_broke_off(recorded) -> None:
    turn = recorded(receive={"inputs": {"memory": {"turns": [], "pending": []}}}).turn(Changes())
    assert (turn.message, turn.user_id, turn.lang, turn.thread_id) == ("a coat", "maya", "ko", None)
    assert turn.memory == {"turns": [], "pending": []}


def test_a_first_turn_remembers_nothing(recorded) -> None:
    assert recorded().turn(Changes()).memory == {}


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"asked": {"input": 1}, "name": "chain"}, "no turn of the assistant"),
        ({"asked": {"user_id": "maya", "decision": {"accept": True}}}, "happens only once"),
        ({"receive": {"outputs": {"decision": {"accept": True}}}}, "happens only once"),
        ({"asked": {"user_id": "maya"}}, "before its message was received"),
        ({"asked": {**ASKED, "lang": "tlh"}}, "does not speak"),
    ],
)
def test_what_cannot_be_run_again_says_why(recorded, given, why) -> None:
    with pytest.raises(NotReplayable, match=why):
        recorded(**given)


async def test_features_are_as_they_were(recorded) -> None:
    told = [
        {"name": BUDGET, "value": 300.0, "status": "online", "event_time": "2026-11-01T10:00:00Z", "age_s": 60.0},
        {"name": BOUGHT, "value": "2026-10-01T10:00:00Z", "status": "stale", "age_s": 9e6},
        {"name": "user_behavior:avg_order_value", "value": "[phone]", "status": "online", "age_s": 60.0},
        {"name": "user_behavior:last_viewed_brand", "value": "Acme", "status": "default"},
        {"name": "user_profile:sizes", "value": None, "status": "guessed"},
    ]
    turn = recorded(fetch_features={"outputs": {"features": told, "defaults_level": "segment"}})
    assert turn.clock() == START
    features = RecordedFeatures(turn.stored, NoFeatures(), lambda: START)
    known = await features.shopper("maya", turn.clock())
    assert (known[BUDGET].value, known[BUDGET].status, known[BUDGET].age_s) == (300.0, "online", 60.0)
    assert known[BUDGET].event_time == datetime(2026, 11, 1, 10, tzinfo=UTC)
    assert (known[BOUGHT].value, known[BOUGHT].status) == (datetime(2026, 10, 1, 10, tzinfo=UTC), "stale")
    assert {known[row["name"]].status for row in told[2:]} == {"missing"}
    assumed, level = features.for_shopper("maya")
    assert ({name: value.value for name, value in assumed.items()}, level) == ({told[3]["name"]: "Acme"}, "segment")


async def test_features_that_could_not_be_read_then_cannot_be_read_now(recorded) -> None:
    stored = recorded(fetch_features={"outputs": {"readable": False, "features": []}}).stored
    with pytest.raises(FeaturesUnavailable, match="could not be read then"):
        await RecordedFeatures(stored, NoFeatures(), lambda: START).shopper("maya", datetime.now(UTC))


async def test_at_another_time_features_are_as_old_as_they_have_become(recorded) -> None:
    told = [
        {"name": BUDGET, "value": 300.0, "status": "online", "event_time": "2026-11-03T11:59:00Z", "age_s": 60.0},
        {"name": "user_session:last_viewed_brand", "value": "Acme", "status": "online", "age_s": 60.0},
    ]
    stored = recorded(fetch_features={"outputs": {"features": told}}).stored
    features, month = RecordedFeatures(stored, NoFeatures(), lambda: START), timedelta(days=30)
    known = await features.shopper("maya", START + month)
    assert (known[BUDGET].age_s, known[BUDGET].status) == (60.0 + month.total_seconds(), "online")
    viewed = known["user_session:last_viewed_brand"]
    assert (viewed.age_s, viewed.status) == (60.0 + month.total_seconds(), "stale")


async def test_the_shelf_is_asked_by_todays_time(recorded) -> None:
    asked = []

    class Shelf(NoFeatures):
        async def items(self, product_ids, now, *, orders=False):
            asked.append(now)
            return {}

    today = START + timedelta(days=30)
    await RecordedFeatures(recorded().stored, Shelf(), lambda: today).items(["p"], START)
    assert asked == [today]
