"""Whether what a sentence says was done was done: statements about actions against the receipts they cite."""

from __future__ import annotations

from graphs.verification.action import ActionSource
from graphs.verification.cited import Case
from graphs.verification.deeds import Deed, deeds
from graphs.verification.outcome import PASSED, Finding
from retrievers.embedding.tokens import tokens


def happened(case: Case) -> Finding:
    """A deed told needs an action done that is told by that verb; one denied must not have been done.

    Texts of the store may say what happens to everybody: such a sentence is theirs to support.
    """
    for deed in deeds(case.statement.bare, case.statement.spoken.deeds):
        if deed.whose != "anybody" or not case.documents:
            finding = _denied(deed, case) if deed.denied else _done(deed, case)
            if not finding.passed:
                return finding
    return PASSED


def _done(deed: Deed, case: Case) -> Finding:
    told = _told(deed, case)
    if any(source.action.status == "done" for source in told) or _is_a_state(deed, case):
        return PASSED
    if told:
        return Finding("contradicted", f"“{deed.verb}” of an action that is {told[0].action.status}")
    return Finding("unsupported", f"no cited action was “{deed.verb}”")


def _denied(deed: Deed, case: Case) -> Finding:
    told = _told(deed, case)
    if told and all(source.action.status == "done" for source in told):
        return Finding("contradicted", f"denies “{deed.verb}”, which was done")
    return PASSED


def _told(deed: Deed, case: Case) -> list[ActionSource]:
    verbs = case.statement.spoken.deeds.verbs_of
    return [source for source in case.actions if deed.verb in verbs.get(source.action.tool, ())]


def _is_a_state(deed: Deed, case: Case) -> bool:
    """An order that was found to be delivered or cancelled may be said to be."""
    said = frozenset(tokens(deed.verb))
    return deed.whose != "ours" and any(not said.isdisjoint(source.statuses) for source in case.actions)
