"""What must be confirmed: shown first, then done in one transaction, exactly once however often it is asked."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from pydantic import BaseModel

from tools.records import Action, Outcome, Session
from tools.shop.answers import answered, outcome
from tools.shop.audit import Deed, log_deed
from tools.shop.digest import digest, plain
from tools.shop.errors import ShopStoreError
from tools.shop.plans.plan import Desk, Intent, Plan
from tools.shop.proposals import (
    Proposal,
    Settlement,
    add_proposal,
    open_proposals,
    read_proposal,
    settle_proposal,
)
from tools.shop.receipts import Receipt
from tools.shop.records import Item
from tools.shop.refusals import Refused
from tools.shop.store import ShopStore

Heard = Callable[[str], None]  # told where a decision is: "deciding", "written" (not yet kept), "committed"


@dataclass(frozen=True, slots=True)
class _Result:
    status: Settlement
    receipt: Receipt
    before: Receipt


class ShopConfirmations:
    """Proposes intents and decides proposals; see `tools.tool.Confirmations`."""

    def __init__(self, store: ShopStore, intents: Sequence[Intent], heard: Heard = lambda point: None) -> None:
        self._store = store
        self._intents = {intent.name: intent for intent in intents}
        self._heard = heard

    async def propose(self, intent: Intent, arguments: BaseModel, session: Session) -> Outcome:
        """Nothing changes; the same proposal again while nothing it rests on has changed."""
        asked = Action(intent.name, plain(arguments), "failed")
        return await answered(asked, self._propose(intent, arguments, session))

    async def decide(self, action_id: str, accept: bool, session: Session) -> Outcome:
        asked = Action("", {}, "failed", action_id=action_id)
        return await answered(asked, self._decide(action_id, accept, session))

    async def waiting(self, session: Session) -> tuple[Outcome, ...]:
        try:
            found = await self._store.read(session, lambda desk: open_proposals(desk.connection, session))
        except (Refused, ShopStoreError):
            return ()
        now = self._store.clock()
        return tuple(_told(proposal) for proposal in found if proposal.expires_at > now)

    async def _propose(self, intent: Intent, arguments: BaseModel, session: Session) -> Outcome:
        items = await self._store.items(session, intent.needs, arguments)
        return await asyncio.to_thread(self._store_proposal, intent, arguments, session, items)

    def _store_proposal(
        self, intent: Intent, arguments: BaseModel, session: Session, items: Mapping[str, Item]
    ) -> Outcome:
        with self._store.writing(session) as connection:
            desk = self._store.desk(connection, session, items)
            proposal = self._proposal(intent, arguments, intent.plan(desk, arguments), desk)
            for earlier in open_proposals(connection, session):
                if earlier.digest == proposal.digest:
                    if _alike(earlier, proposal) and earlier.expires_at > desk.now:
                        return _told(earlier)
                    settle_proposal(connection, earlier.action_id, "refused", Refused("expired").receipt())
            add_proposal(connection, session, proposal)
        return _told(proposal)

    def _proposal(self, intent: Intent, arguments: BaseModel, plan: Plan, desk: Desk) -> Proposal:
        return Proposal(
            action_id=str(uuid.uuid4()),
            tool=intent.name,
            arguments=plain(arguments),
            digest=digest(intent.name, plain(arguments)),
            versions=plan.versions,
            preview=plan.preview,
            status="proposed",
            receipt=None,
            created_at=desk.now,
            expires_at=desk.now + timedelta(minutes=self._store.policy.proposals.minutes),
        )

    async def _decide(self, action_id: str, accept: bool, session: Session) -> Outcome:
        proposal = await self._store.read(session, lambda desk: read_proposal(desk.connection, session, action_id))
        if proposal is None:
            raise Refused("unknown_action", action_id=action_id)
        if proposal.receipt is not None:
            return _told(proposal)
        return await answered(_action(proposal), self._settle(proposal, accept, session))

    async def _settle(self, proposal: Proposal, accept: bool, session: Session) -> Outcome:
        intent = self._intents[proposal.tool]
        arguments = intent.arguments.model_validate(proposal.arguments)
        items = await self._store.items(session, intent.needs, arguments) if accept else {}
        self._heard("deciding")
        told = await asyncio.to_thread(self._store_decision, proposal.action_id, accept, session, items)
        self._heard("committed")
        return told

    def _store_decision(self, action_id: str, accept: bool, session: Session, items: Mapping[str, Item]) -> Outcome:
        with self._store.writing(session) as connection:
            proposal = read_proposal(connection, session, action_id)
            if proposal is None:
                raise Refused("unknown_action", action_id=action_id)
            if proposal.receipt is not None:  # another process decided it while this one waited
                return _told(proposal)
            desk = self._store.desk(connection, session, items)
            result = self._carry_out(proposal, desk) if accept else _refusal(Refused("declined"))
            if not settle_proposal(connection, action_id, result.status, result.receipt):
                raise Refused("changed", what="action")  # which undoes all of it
            log_deed(connection, session, desk.now, _deed(proposal, result))
            self._heard("written")
        return _told(proposal.settled(result.status, result.receipt))

    def _carry_out(self, proposal: Proposal, desk: Desk) -> _Result:
        try:
            plan = self._plan_again(proposal, desk)
        except Refused as refused:
            return _refusal(refused)
        return _Result("done", plan.carry_out(proposal.action_id), plan.before)

    def _plan_again(self, proposal: Proposal, desk: Desk) -> Plan:
        """Raises Refused unless it would still come out as it was shown."""
        if proposal.expires_at <= desk.now:
            raise Refused("expired", action_id=proposal.action_id)
        for what, version in proposal.versions.items():
            if desk.version(what, proposal.arguments) != version:
                raise Refused("changed", what=what)
        intent = self._intents[proposal.tool]
        plan = intent.plan(desk, intent.arguments.model_validate(proposal.arguments))
        differing = [key for key in plan.preview if plan.preview[key] != proposal.preview.get(key)]
        if differing:
            raise Refused("changed", what=differing[0], now=plan.preview)
        return plan


def _alike(earlier: Proposal, later: Proposal) -> bool:
    return earlier.versions == later.versions and earlier.preview == later.preview


def _refusal(refused: Refused) -> _Result:
    return _Result("refused", refused.receipt(), {})


def _deed(proposal: Proposal, result: _Result) -> Deed:
    return Deed(proposal.action_id, proposal.tool, result.status, result.before, result.receipt)


def _action(proposal: Proposal) -> Action:
    receipt = proposal.preview if proposal.receipt is None else proposal.receipt
    return Action(proposal.tool, proposal.arguments, proposal.status, receipt, proposal.action_id)


def _told(proposal: Proposal) -> Outcome:
    return outcome(_action(proposal))
