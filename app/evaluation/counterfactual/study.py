"""The counterfactual study: the same questions as different shoppers, and as the same ones in different worlds."""

from __future__ import annotations

import asyncio
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from typing import Any

from app.evaluation.counterfactual.asking import ask, liked
from app.evaluation.counterfactual.measures import (
    Leak,
    Outcome,
    alike,
    leaks,
    lift,
    mean,
    over_personalised,
    overlap,
)
from app.evaluation.counterfactual.questions import Question
from app.evaluation.counterfactual.worlds import (
    AS_STORED,
    World,
    Worlds,
    canaries,
    contradicting,
    declared_only,
    marked,
    shuffled,
    stale,
)
from graphs.runner import Assistant
from retrievers.records import Clock

ANONYMOUS = "anonymous"
Asked = Mapping[tuple[str, str], Outcome]  # by shopper and question
Said = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Subject:
    """What is studied. `worlds` is the source the assistant reads; `units` are the features' units."""

    assistant: Assistant
    worlds: Worlds
    clock: Clock
    units: Mapping[str, str]
    users: tuple[str, ...]
    k: int = 5
    turns_at_once: int = 50

    @property
    def everybody(self) -> tuple[str, ...]:
        return (*self.users, ANONYMOUS)


async def study(subject: Subject, questions: Sequence[Question], said: Said = lambda _: None) -> dict[str, Any]:
    """Every measure, with the control that must fail beside it. Shares are None where there was nothing to measure."""
    async with subject.assistant.kept_open():  # dozens of turns at once would wait for one another's writes
        return await _measured(subject, questions, said)


async def _measured(subject: Subject, questions: Sequence[Question], said: Said) -> dict[str, Any]:
    by_kind = {kind: [q for q in questions if q.kind == kind] for kind in ("general", "product", "personal")}
    said("as stored")
    stored = await _asked(subject, questions, subject.everybody, AS_STORED)
    said("again, and in other words")
    again = await _asked(subject, by_kind["personal"], subject.users, AS_STORED)
    said("with what was declared alone")
    declared = await _asked(subject, by_kind["product"], subject.users, declared_only())
    said("stale, contradicting, interleaved")
    leaked, turns = await _leaks(subject, questions, AS_STORED)
    return {
        "shoppers": len(subject.users),
        "questions": {kind: len(group) for kind, group in by_kind.items()},
        "degraded": _degraded(stored.values()),
        "general": _general(subject, by_kind["general"], stored),
        "personal": await _personal(subject, by_kind["personal"], stored),
        "stability": {
            "repeat": mean(float(alike(outcome, stored[key])) for key, outcome in again.items()),
            "paraphrase": await _paraphrased(subject, by_kind["personal"], stored),
        },
        "over_personalisation": _over(by_kind["product"], subject.users, stored, declared),
        "stale": await _stale(subject, questions),
        "contradicting": await _contradicting(subject, by_kind["personal"], stored),
        "leakage": _leak_report(leaked, turns),
        "interleaved": await _interleaved(subject, questions, stored),
        "control": {"shuffled": await _control(subject, questions, by_kind["personal"])},
    }


def holds(report: Mapping[str, Any]) -> bool:
    """Whether everything that must never happen did not."""
    return (
        report["degraded"]["turns"] == 0
        and report["general"]["identical"] in (None, 1.0)
        and report["leakage"]["count"] == 0
        and report["stale"]["decisions"] == 0
        and report["contradicting"]["broken"] == 0
        and report["interleaved"]["different"] == 0
    )


def control_fails(report: Mapping[str, Any]) -> bool:
    """Whether mixed-up shoppers were noticed: a harness that lets them pass proves nothing."""
    control, measured = report["control"]["shuffled"], report["personal"]["lift"]
    worse = measured is None or (control["lift"] is not None and control["lift"] < measured)
    return bool(control["leakage"] > 0 and worse)


async def _asked(subject: Subject, questions: Sequence[Question], users: Sequence[str], world: World) -> Asked:
    """One turn after the other."""
    with subject.worlds.entered(world):
        return {
            (user, question.text): await ask(subject.assistant, user, question.text, question.lang, subject.k)
            for question in questions
            for user in users
        }


def _degraded(outcomes: Iterable[Outcome]) -> dict[str, Any]:
    """What a shop in trouble says proves nothing about it: no other measure counts while there is any."""
    hurt = [outcome.degraded for outcome in outcomes if outcome.degraded]
    return {"turns": len(hurt), "details": sorted({detail for details in hurt for detail in details})}


def _general(subject: Subject, questions: Sequence[Question], stored: Asked) -> dict[str, Any]:
    """Against what somebody unknown is told."""
    pairs = [(user, q.text) for q in questions for user in subject.users]
    changed = [key for key in pairs if not alike(stored[key], stored[ANONYMOUS, key[1]])]
    identical = 1 - len(changed) / len(pairs) if pairs else None
    return {"identical": identical, "pairs": len(pairs), "changed": [list(key) for key in changed]}


async def _personal(subject: Subject, questions: Sequence[Question], asked: Asked) -> dict[str, Any]:
    """`difference` is 1 - overlap@k with what somebody unknown gets."""
    tastes = await _tastes(subject)
    lists = [{user: asked[user, q.text].products for user in subject.everybody} for q in questions]
    lifts = [found for group in lists if (found := lift(group, tastes)) is not None]
    apart = [
        1 - overlap(asked[user, q.text].ids, asked[ANONYMOUS, q.text].ids) for q in questions for user in subject.users
    ]
    return {"lift": mean(lifts), "difference": mean(apart)}


async def _tastes(subject: Subject) -> dict[str, tuple[str, ...]]:
    """As stored, whatever world the lists come from."""
    features = {user: await subject.worlds.shopper(user, subject.clock()) for user in subject.users}
    return {user: liked(held, subject.units) for user, held in features.items()}


async def _paraphrased(subject: Subject, questions: Sequence[Question], stored: Asked) -> float | None:
    shares = []
    for question in questions:
        others = [Question(text, question.kind, question.lang) for text in question.paraphrases]
        for (user, _), outcome in (await _asked(subject, others, subject.users, AS_STORED)).items():
            shares.append(overlap(outcome.ids, stored[user, question.text].ids))
    return mean(shares)


def _over(questions: Sequence[Question], users: Sequence[str], stored: Asked, declared: Asked) -> dict[str, Any]:
    pairs = [(user, question.text) for question in questions for user in users]
    over = [key for key in pairs if over_personalised(stored[key].products, declared[key].products)]
    rate = len(over) / len(pairs) if pairs else None
    return {"rate": rate, "pairs": len(pairs), "displaced": [list(key) for key in over]}


async def _stale(subject: Subject, questions: Sequence[Question]) -> dict[str, Any]:
    """Decisions that rested on a value too old for one, in as many turns."""
    asked = await _asked(subject, questions, subject.users, stale())
    return {"turns": len(asked), "decisions": sum(len(outcome.stale_decisions) for outcome in asked.values())}


async def _contradicting(subject: Subject, questions: Sequence[Question], stored: Asked) -> dict[str, Any]:
    """Each shopper declares the middle price of what was shown, used to spending ten times that: the declared holds."""
    budgets = {user: price for user in subject.users if (price := _middle_price(user, questions, stored)) is not None}
    asked = await _asked(subject, questions, tuple(budgets), contradicting(budgets))
    shown = [(budgets[user], product.price) for (user, _), outcome in asked.items() for product in outcome.products]
    priced = [(budget, price) for budget, price in shown if price is not None]
    return {"shown": len(priced), "broken": sum(price > budget for budget, price in priced)}


def _middle_price(user: str, questions: Sequence[Question], stored: Asked) -> float | None:
    shown = [product.price for question in questions for product in stored[user, question.text].products]
    prices = [price for price in shown if price is not None]
    return statistics.median(prices) if prices else None


async def _leaks(subject: Subject, questions: Sequence[Question], world: World) -> tuple[list[Leak], int]:
    """All shoppers at once, each under canaries of its own, and somebody unknown among them."""
    names = {canaries(user)[0]: canaries(user) for user in subject.users}
    with subject.worlds.entered(marked(subject.users, world)):
        outcomes = await _at_once(subject, [(user, q) for q in questions for user in (*names, ANONYMOUS)])
    return leaks(outcomes, names), len(outcomes)


def _leak_report(leaked: Sequence[Leak], turns: int) -> dict[str, Any]:
    places = sorted({leak.place for leak in leaked})
    return {"count": len(leaked), "turns": turns, "places": places}


async def _interleaved(subject: Subject, questions: Sequence[Question], stored: Asked) -> dict[str, Any]:
    """Turns of different shoppers at the same time must each give what they give alone."""
    pairs = list(islice(cycle([(u, q) for q in questions for u in subject.everybody]), subject.turns_at_once))
    outcomes = await _at_once(subject, pairs)
    different = sum(not alike(each, stored[each.user_id, each.question]) for each in outcomes)
    return {"turns": len(outcomes), "different": different}


async def _at_once(subject: Subject, pairs: Sequence[tuple[str, Question]]) -> list[Outcome]:
    return await asyncio.gather(*(ask(subject.assistant, user, q.text, q.lang, subject.k) for user, q in pairs))


async def _control(subject: Subject, questions: Sequence[Question], personal: Sequence[Question]) -> dict[str, Any]:
    mixed = shuffled(subject.everybody)
    asked = await _asked(subject, personal, subject.everybody, mixed)
    leaked, _ = await _leaks(subject, questions, mixed)
    return {"lift": (await _personal(subject, personal, asked))["lift"], "leakage": len(leaked)}
