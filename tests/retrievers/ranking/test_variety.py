from __future__ import annotations

from dataclasses import replace

from retrievers.ranking.variety import Ranked, varied
from retrievers.records import ItemFacts
from tests.support.builders import candidate


def ranked(name: str, score: float, kind: str | None = None, **company: float) -> Ranked:
    shown = candidate(name, kind=kind)
    return Ranked(replace(shown, facts=replace(shown.facts or ItemFacts(name), bought_together=company)), score, {})


def names(chosen: list[Ranked]) -> list[str]:
    return [item.candidate.product_id for item in chosen]


def test_of_what_goes_together_one_is_chosen_before_the_next_thing() -> None:
    cup, saucer, lamp = ranked("cup", 0.9, saucer=0.9), ranked("saucer", 0.89), ranked("lamp", 0.8)
    assert names(varied([cup, saucer, lamp], 3)) == ["cup", "lamp", "saucer"]
    assert names(varied([ranked("cup", 0.9), saucer, lamp], 3)) == ["cup", "saucer", "lamp"]


def test_a_far_better_product_is_chosen_although_it_goes_with_another() -> None:
    assert names(varied([ranked("cup", 0.9, saucer=0.5), ranked("saucer", 0.89), ranked("lamp", 0.3)], 2)) == [
        "cup",
        "saucer",
    ]


def test_three_of_a_kind_while_other_kinds_are_left() -> None:
    coats = [ranked(f"coat{number}", 0.9 - number / 100, "coat") for number in range(5)]
    assert names(varied([*coats, ranked("sock", 0.1, "sock")], 5)) == ["coat0", "coat1", "coat2", "sock", "coat3"]


def test_every_product_is_chosen_once() -> None:
    shelf = [ranked(f"p{number}", 1 - number / 50, p0=0.6) for number in range(40)]
    chosen = names(varied(shelf, 40))
    assert sorted(chosen) == sorted(names(shelf))
    assert names(varied(shelf, 5)) == chosen[:5]
