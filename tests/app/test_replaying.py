"""Turns of a real small shop run again: what stays, what each change does, and that nothing is written."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from app.cli.traces import traces_app
from app.ingestion.build import build
from app.ingestion.ledger import Load
from app.ingestion.parts import open_parts
from app.replaying import BadOption, Options, open_replay
from app.runtime import open_shop
from app.traces.opening import open_traces
from app.traces.replay.recorded import RecordedTurn
from app.traces.replay.replaying import Replay
from graphs.turn import Changes, Turn
from retrievers.catalogue import DocumentType
from retrievers.features.config import FeatureStoreConfig
from retrievers.features.store import FeastStore
from retrievers.index.generations import Generations
from retrievers.index.kept import UnknownGeneration
from tests.support.opened_shop import unhurried
from tests.support.small_shop import LIMITED, build_small_shop, products, shopper_frames

BUDGET = "user_profile:budget_limit"
ASKED = ("laptop under 1500", "which of these is cheaper?", "put the Orbita Air 13 laptop in my cart")


class _Shop:
    """The small shop's data, and the traces of a conversation by what was asked."""

    def __init__(self, data: Path, traces: dict[str, str]) -> None:
        self.data, self.traces = data, traces
        self.settings = unhurried(data)

    def runs(self, asked: str) -> Sequence:
        with open_traces(self.data / "traces.db", lambda: datetime.now(UTC)) as store:
            return store.trace(UUID(self.traces[asked]))

    def again(self, asked: str, changes: Changes | None = None, options: Options | None = None) -> Replay:
        recorded = RecordedTurn.of(self.runs(asked))
        with open_replay(self.settings, recorded, options or Options()) as replayer:
            return asyncio.run(replayer.ask(recorded, changes or Changes(), "shelfwise"))

    def written(self) -> dict[str, list[str]]:
        """Every row of every database but the traces', and what the feature store holds."""
        found = [*self.data.glob("*.db"), *(self.data / "features").glob("*.db")]
        files = [file for file in found if file.read_bytes().startswith(b"SQLite")]
        dumps = {}
        for file in files:
            if file.name != "traces.db":
                with closing(sqlite3.connect(file)) as connection:
                    dumps[file.name] = list(connection.iterdump())
        return dumps


@pytest.fixture(scope="module")
def shop(tmp_path_factory) -> _Shop:
    data = tmp_path_factory.mktemp("replayed")
    build_small_shop(data, datetime.now(UTC), tmp_path_factory.getbasetemp() / "models")

    async def talk() -> dict[str, str]:
        traces, thread = {}, None
        async with opened.assistant.kept_open():
            for asked in ASKED:
                final = await opened.assistant.ask(Turn(asked, LIMITED, thread_id=thread))
                thread, traces[asked] = final.thread_id, final.trace_id
        return traces

    with open_shop(unhurried(data), traced=True) as opened:
        traces = asyncio.run(talk())
    return _Shop(data, traces)


@pytest.mark.parametrize("asked", ASKED[:2])
def test_a_turn_run_again_as_it_was_is_the_same(shop, asked) -> None:
    told = shop.again(asked)
    assert told.final.answer
    assert told.difference.is_empty, told.difference
    then = _ages(shop, asked)
    assert any(then.values())
    assert {each.name: each.age_s for each in told.final.features}.items() <= then.items()


def test_at_todays_time_what_was_known_is_older(shop) -> None:
    told = shop.again(ASKED[0], options=Options(now=True))
    (age,) = (each.age_s for each in told.final.features if each.name == BUDGET)
    assert age > _ages(shop, ASKED[0])[BUDGET]


def _ages(shop: _Shop, asked: str) -> dict[str, float | None]:
    """Of the shopper's features when they were read for the turn itself."""
    told = RecordedTurn.of(shop.runs(asked)).stored.features
    return {each["name"]: each.get("age_s") for each in told}


def test_a_follow_up_is_understood_from_what_was_remembered_then(shop) -> None:
    recorded = RecordedTurn.of(shop.runs(ASKED[1]))
    assert recorded.stored.memory["turns"]
    assert "laptop" in shop.again(ASKED[1]).final.answer
    forgotten = [run for run in shop.runs(ASKED[1]) if run.row["name"] != "receive"]
    assert RecordedTurn.of(forgotten).turn(Changes()).memory == {}


def _after(told: Replay) -> dict[str, str | None]:
    """What was known of the shopper now, where that differs."""
    return {change.name: change.after for change in told.difference.features}


def test_a_feature_set_or_left_out_changes_what_rests_on_it(shop) -> None:
    lower = shop.again(ASKED[0], Changes(values={BUDGET: 300.0}))
    assert _after(lower)[BUDGET] == "300.0 (online)"
    unknown = shop.again(ASKED[0], Changes(without=frozenset({BUDGET})))
    assert _after(unknown)[BUDGET] == "nothing (missing)"


def test_a_stated_limit_left_out_is_told_as_set_aside(shop) -> None:
    assert RecordedTurn.of(shop.runs(ASKED[0])).limits() == ("price", "price lte")
    told = shop.again(ASKED[0], Changes(without=frozenset({"price lte"})))
    assert any("set it aside" in (change.after or "") for change in told.difference.filters)


def test_nothing_is_written_even_by_a_turn_that_writes(shop) -> None:
    before = shop.written()
    assert any("laptop-2" in row for row in before["shop.db"])  # the cart of the conversation itself
    told = shop.again(ASKED[2])
    assert [(action.tool, action.status) for action in told.final.actions] == [("add_to_cart", "done")]
    assert shop.written() == before


def test_features_of_today_are_read_only_when_asked_for(shop) -> None:
    now = datetime.now(UTC)
    frame = shopper_frames(now)["user_profile"].assign(budget_limit=200.0, event_timestamp=now)
    store = FeastStore(FeatureStoreConfig(shop.data / "features"))
    store.write_online("user_profile", frame)
    try:
        assert shop.again(ASKED[0]).difference.features == ()
        assert _after(shop.again(ASKED[0], options=Options(live=True)))[BUDGET] == "200.0 (online)"
    finally:
        store.write_online("user_profile", frame.assign(budget_limit=500.0, event_timestamp=datetime.now(UTC)))


def test_another_generation_of_the_index_answers_and_stays_as_it_is(shop) -> None:
    then = Generations(shop.data).alias().current
    fewer = [product for product in products() if product.product_id != "laptop-2"]
    build(open_parts(shop.data, None), [Load(DocumentType.PRODUCT, fewer)])
    today, kept = shop.again(ASKED[0]), shop.again(ASKED[0], options=Options(generation=then))
    assert any(change.name.startswith("Orbita Air") and change.after is None for change in today.difference.products)
    assert (kept.final.receipt.index_generation, kept.difference.products) == (then, ())
    assert Generations(shop.data).alias().previous == then
    with pytest.raises(UnknownGeneration, match=f"kept are .*{then}"):
        shop.again(ASKED[0], options=Options(generation="20200101T000000-000000"))


def test_another_model_is_asked_at_the_configured_endpoint(shop, openai_server) -> None:
    openai_server.say("Nothing to add.")
    told = shop.settings
    shop.settings = told.model_copy(
        update={"openai_api_key": SecretStr("any"), "openai_base_url": openai_server.url, "model": "usual"}
    )
    try:
        asked = shop.again(ASKED[0], options=Options(model="other"))
        assert openai_server.requests[0]["model"] == "other"
        assert any(change.name == "model" for change in asked.difference.made)
        received = len(openai_server.requests)
        assert shop.again(ASKED[0]).final.model == "composer"  # as it was answered then
        assert shop.again(ASKED[0], options=Options(model="composer")).final.model == "composer"
        assert len(openai_server.requests) == received
    finally:
        shop.settings = told


def test_a_model_nobody_can_ask_is_no_model(shop) -> None:
    with pytest.raises(BadOption, match="OPENAI_API_KEY"):
        shop.again(ASKED[0], options=Options(model="other"))


def _command(shop, *arguments: str):
    return CliRunner().invoke(traces_app, ["replay", *arguments], obj=shop.settings, env={"COLUMNS": "120"})


def test_the_command_tells_what_changed_and_keeps_a_replay_only_when_asked(shop) -> None:
    trace = shop.traces[ASKED[0]]
    done = _command(shop, trace, "--set", "budget_limit=300", "--json", "--keep")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert (UUID(told["replay_of"]), told["kept"]) == (UUID(trace), True)
    assert told["of_today"] == ["prices and stock", "cart and orders", "the index"]
    assert BUDGET in {change["name"] for change in told["difference"]["features"]}
    shown = _command(shop, trace)
    assert shown.exit_code == 0
    assert "of today, not as then" in shown.stdout
    with open_traces(shop.data / "traces.db", lambda: datetime.now(UTC)) as store:
        kept = store.trace(UUID(told["trace_id"]))
        (of_conversation,) = {run.row["thread_id"] for run in (kept[0], *shop.runs(ASKED[0])[:1])}
        metadata = kept[0].run.extra["metadata"]
        assert (metadata["replay_of"], metadata["set"]) == (told["replay_of"], {BUDGET: 300.0})
        assert kept[0].run.tags[-1] == "replay"
        assert of_conversation is not None


@pytest.mark.parametrize(
    "arguments",
    [
        ("--set", "budgt=3"),
        ("--set", "budget_limit"),
        ("--without", "colour"),
        ("--index", "20200101T000000-000000"),
        ("--model", "gpt-other"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_line(shop, arguments) -> None:
    refused = _command(shop, shop.traces[ASKED[0]], *arguments)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert refused.stderr.count("\n") == 1
