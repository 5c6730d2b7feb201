from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app.evaluation.online.attribution import attributed
from app.evaluation.online.logs import Exposure
from tools.ports import ShopperEvent

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def _shown(run: str, *products: str, at: datetime = NOON, user: str = "u") -> Exposure:
    return Exposure(run_id=run, user_id=user, time=at, products=products)


def _event(kind, product, after=HOUR, *, name=None, user="u", **fields) -> ShopperEvent:
    return ShopperEvent(name or f"{kind} {product} {after}", kind, user, product, NOON + after, **fields)


def _card(found, run: str, product: str):
    return next(card for card in found.cards if (card.run_id, card.product_id) == (run, product))


def test_from_shown_to_bought_on_the_card_that_was_touched_last():
    shown = [_shown("r1", "P1", "P2"), _shown("r2", "P3", "P2", at=NOON + 2 * HOUR)]
    events = [_event("click", "P2"), _event("purchase", "P2", 3 * HOUR, price=20.0, quantity=2)]
    found = attributed(shown, events)
    first, second = _card(found, "r1", "P2"), _card(found, "r2", "P2")
    assert (first.clicked, first.bought, first.position) == (True, False, 1)
    assert (second.clicked, second.bought, second.revenue) == (False, True, 40.0)
    assert found.orphans == 0


def test_an_event_that_names_its_run_belongs_there():
    shown = [_shown("r1", "P1"), _shown("r2", "P1", at=NOON + HOUR)]
    found = attributed(shown, [_event("cart", "P1", 2 * HOUR, run_id="r1")])
    assert (_card(found, "r1", "P1").carted, _card(found, "r2", "P1").carted) == (True, False)
    assert (found.named, found.guessed, found.orphans) == (1, 0, 0)


def test_an_event_whose_answer_showed_something_else_is_owed_to_the_last_card_and_counted_as_a_guess():
    shown = [_shown("r1", "P1"), _shown("r2", "P2", at=NOON + HOUR)]
    found = attributed(shown, [_event("purchase", "P1", 2 * HOUR, run_id="r2"), _event("cart", "P2", 2 * HOUR)])
    assert (_card(found, "r1", "P1").bought, _card(found, "r2", "P2").carted) == (True, True)
    assert (found.named, found.guessed, found.orphans) == (0, 2, 0)


def test_what_was_never_shown_comes_too_late_or_too_early_is_owed_to_no_card():
    events = [
        _event("click", "P9"),
        _event("click", "P1", timedelta(days=8)),
        _event("click", "P1", -HOUR),
        _event("click", "P1", user="v"),
        _event("view", "P9"),
    ]
    found = attributed([_shown("r1", "P1")], events)
    assert found.orphans == 4
    assert not found.cards[0].clicked


def test_what_is_told_twice_happened_once():
    shown = [_shown("r1", "P1", "P1"), _shown("r1", "P1")]
    bought = [_event("purchase", "P1", after, name="same", price=5.0) for after in (HOUR, 2 * HOUR)]
    found = attributed(shown, [*bought, _event("purchase", "P1", 3 * HOUR, price=7.0)])
    assert len(found.cards) == 1
    assert found.cards[0].revenue == 12.0
