"""One task's gold actions, done with our tools."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from app.evaluation.tau_retail.calls import SIGNING_IN, THINKING, call_of
from app.evaluation.tau_retail.dataset import GoldAction, Task
from app.evaluation.tau_retail.states import State
from app.evaluation.tau_retail.world import World
from tools.records import Action, Session
from tools.shop.accounts import find_by_email, find_by_name
from tools.shop.orders import read_order
from tools.shop.store import ShopStore
from tools.shop_tools import shop_confirmations, shop_tools
from tools.toolbox import Toolbox

_ILL_FORMED = ("invalid_arguments", "unknown_tool")


@dataclass(slots=True)
class Replay:
    """What became of the actions: by the world's names of its tools."""

    state: State = field(default_factory=dict)
    expressed: int = 0
    inexpressible: Counter[str] = field(default_factory=Counter)
    refused: Counter[tuple[str, str]] = field(default_factory=Counter)


async def replay(world: World, task: Task, actions: Iterable[GoldAction]) -> Replay:
    """In a world where nothing was done before; every action proposed is accepted."""
    found = Replay()
    with world.fresh() as store:
        player = _Player(store, task)
        for action in actions:
            await player.play(action, found)
        found.state = world.changed(store)
    return found


class _Player:
    def __init__(self, store: ShopStore, task: Task) -> None:
        self._store = store
        self._tools = Toolbox(shop_tools(store, confirmations := shop_confirmations(store)), confirmations)
        self._user = task.user_id or _owner(store, task.actions)
        self._turn = 0

    async def play(self, action: GoldAction, found: Replay) -> None:
        if action.name in SIGNING_IN:
            self._user = self._found(action) or self._user
        elif action.name not in THINKING:
            told = await self._told(action)
            if told is None:
                found.inexpressible[action.name] += 1
                return
            if told.status != "done":
                found.refused[action.name, str((told.receipt or {}).get("reason"))] += 1
        found.expressed += 1

    async def _told(self, action: GoldAction) -> Action | None:
        """None when none of our tools can be asked for this."""
        self._turn += 1
        session = Session(self._user or "", "task", str(self._turn))
        call = call_of(action)
        if call is None:
            return None
        told = (await self._tools.call(call, session)).action
        if told.status == "proposed" and told.action_id:
            told = (await self._tools.decide(told.action_id, True, session)).action
        return None if (told.receipt or {}).get("reason") in _ILL_FORMED else told

    def _found(self, action: GoldAction) -> str | None:
        given = action.arguments
        with self._store.database.reading() as connection:
            if "email" in given:
                return find_by_email(connection, str(given["email"]))
            name = (str(given.get(key, "")) for key in ("first_name", "last_name", "zip"))
            return find_by_name(connection, *name)


def _owner(store: ShopStore, actions: Iterable[GoldAction]) -> str | None:
    """Of the first order that is spoken of, for tasks that do not say whose they are."""
    with store.database.reading() as connection:
        orders = (read_order(connection, str(action.arguments.get("order_id", ""))) for action in actions)
        return next((order.user_id for order in orders if order), None)
