"""What was written is reachable: no sentence waits for an attribute that no product has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest

from app.demo.content import CONTENT, Department, Kind, departments, materials, palette, silhouettes, voices
from app.demo.phrases import Phrase

DEPARTMENTS = departments()
KINDS = [kind for department in DEPARTMENTS for kind in department.kinds]
ALWAYS = {"brand", "model", "noun", "kind", "colour"}
SAID_BY_REVIEWERS = {"situation", "time", "fault", "close", "good", "bad", "g1", "g2", "g3", "b1", "b2"}


def _own(kind: Kind) -> Iterator[Phrase]:
    yield from (kind.title, *kind.openings, *kind.bodies, *kind.closings, *kind.situations, *kind.times, *kind.faults)


def _attributes(*kinds: Kind) -> set[str]:
    return ALWAYS.union(*(line.attributes for kind in kinds for line in kind.lines))


def _unknown(phrases: Iterable[Phrase], known: set[str]) -> list[str]:
    return [
        phrase.text
        for phrase in phrases
        if not phrase.slots | {condition.name for condition in phrase.conditions} <= known
    ]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_slot_and_condition_names_an_attribute_of_the_kind(kind: Kind) -> None:
    assert _unknown(_own(kind), _attributes(kind)) == []


@pytest.mark.parametrize("department", DEPARTMENTS, ids=lambda department: department.code)
def test_remarks_ask_for_what_some_kind_of_the_department_has(department: Department) -> None:
    remarks = [phrase for kind in department.kinds for aspect in kind.aspects for phrase in (*aspect.good, *aspect.bad)]
    assert _unknown(remarks, _attributes(*department.kinds)) == []


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_drivers_name_numbers_of_the_kind(kind: Kind) -> None:
    assert {aspect.driver for aspect in kind.aspects if aspect.driver} <= _attributes(kind)


def test_kinds_and_codes_are_unique_and_colours_known() -> None:
    names = [kind.name for kind in KINDS]
    assert len(set(names)) == len(names) >= 40
    assert len({department.code for department in DEPARTMENTS}) == len(DEPARTMENTS) >= 12
    assert {colour for kind in KINDS for colour in kind.colours} <= set(palette())


def test_shared_voices_only_use_what_every_review_has() -> None:
    written = voices()
    groups = (written.frames, written.closes, written.headlines)
    for phrase in (phrase for group in groups for lines in group.values() for phrase in lines):
        assert phrase.slots <= ALWAYS | SAID_BY_REVIEWERS, phrase.text
    assert all(not phrase.slots for lines in materials().values() for phrase in lines)


def test_every_kind_has_a_drawing_and_every_drawing_is_used() -> None:
    drawings = silhouettes()
    assert {kind.name for kind in KINDS} <= set(drawings)
    files = {path.name.removesuffix(".svg") for path in (CONTENT / "pictures").iterdir()}
    assert set(drawings.values()) | {"parcel"} == files
