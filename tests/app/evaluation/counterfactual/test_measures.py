from __future__ import annotations

import pytest

from app.evaluation.counterfactual.measures import (
    Outcome,
    Shown,
    alike,
    leaks,
    lift,
    match,
    mean,
    over_personalised,
    overlap,
)


def shown(*ids: str, score: float = 1.0, categories: tuple[str, ...] = ()) -> tuple[Shown, ...]:
    """Scores fall by a tenth from place to place."""
    return tuple(Shown(each, score - place / 10, 10.0, categories) for place, each in enumerate(ids))


def outcome(user: str = "a", answer: str = "yes", ids: tuple[str, ...] = ("p1",), **said: str) -> Outcome:
    return Outcome(user, "question", answer, shown(*ids), tuple(f"product/{each}" for each in ids), said)


@pytest.mark.parametrize(
    ("first", "second", "share"),
    [
        ("abc", "abc", 1.0),
        ("abc", "cab", 1.0),
        ("abcd", "abxy", 0.5),
        ("ab", "abcd", 0.5),
        ("", "", 1.0),
        ("a", "", 0.0),
    ],
)
def test_overlap_is_the_share_of_the_longer_list(first: str, second: str, share: float) -> None:
    assert overlap(first, second) == overlap(second, first) == share


def test_alike_sees_words_products_and_their_order() -> None:
    assert alike(outcome("a"), outcome("b"))
    assert not alike(outcome(answer="yes"), outcome(answer="no"))
    assert not alike(outcome(ids=("p1", "p2")), outcome(ids=("p2", "p1")))


def test_a_match_is_a_product_in_any_liked_category() -> None:
    products = (*shown("p1", categories=("Outerwear", "Winter coats")), *shown("p2", categories=("Running",)))
    assert match(products, ["winter COATS"]) == 0.5
    assert match(products, []) == match((), ["Running"]) == 0.0


def test_lift_is_what_the_own_list_gives_beyond_the_lists_of_others() -> None:
    running, coats = shown("r1", "r2", categories=("Running",)), shown("c1", categories=("Coats",))
    liked = {"runner": ["Running"], "coats": ["Coats"]}
    assert lift({"runner": running, "coats": coats}, liked) == 1.0
    assert lift({"runner": coats, "coats": running}, liked) == -1.0
    assert lift({"runner": running, "coats": running, "anonymous": running}, liked) == 0.0
    assert lift({"runner": running, "coats": coats}, {"runner": []}) is None
    assert lift({"runner": running}, liked) is None


@pytest.mark.parametrize(
    ("given", "over"),
    [
        (shown("p1", "p2"), False),
        (shown("p1", "x"), False),
        (shown("p2", "p1"), True),
        (shown("x", "p1"), True),
        ((), True),
    ],
)
def test_a_preference_may_not_take_the_first_place(given: tuple[Shown, ...], over: bool) -> None:
    assert over_personalised(given, shown("p1", "p2", "p3")) is over


def test_of_near_equals_a_preference_may_choose() -> None:
    tied = (Shown("p1", 1.0), Shown("p2", 0.96), Shown("p3", 0.94))
    assert not over_personalised(shown("p2"), tied)
    assert over_personalised(shown("p3"), tied)
    assert not over_personalised((), ())


def test_a_leak_is_told_by_owner_reader_and_place() -> None:
    secrets = {"a": ["zqa", "12345678"], "b": ["zqb"]}
    clean = outcome("a", answer="zqa and 12345678", context="zqa")
    assert leaks([clean], secrets) == []
    (leak,) = leaks([outcome("b", context="zqb", prompt="spent $12,345,678 so far")], secrets)
    assert (leak.owner, leak.seen_by, leak.place) == ("a", "b", "prompt")


def test_a_mean_of_nothing_is_none() -> None:
    assert mean([]) is None
    assert mean([1.0, 0.0]) == 0.5
