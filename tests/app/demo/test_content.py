"""What was written is reachable: no sentence waits for an attribute that no product has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import pytest

from app.demo.content import CONTENT, Aspect, Kind, departments, materials, palette, silhouettes, voices
from app.demo.phrases import Phrase

DEPARTMENTS = departments()
KINDS = [kind for department in DEPARTMENTS for kind in department.kinds]
ALWAYS = {"brand", "model", "noun", "kind", "colour"}
REVIEWERS_KNOW = {"dearness", "plural", "coloured", "he", "him", "his"}
REMARKS = {"g1", "g2", "g3", "f1", "f2", "b1", "b2"}
SAID_BY_REVIEWERS = REMARKS | {"situation", "time", "fault", "close", "good", "bad"}
_NO_CLAUSE = re.compile(
    # Fragments, commands and second sentences: what reads wrongly after "but" or as a sentence.
    r"(too|very|so|not|impossible|easy|hard|perfect|quiet|slow|fast|still|never|wait|save|plan|measure|try|buy|washed|"
    r"bought|used|runs|packs|comes|boils|feels|does|is|was|has|fits|for|from|finally)\b|.*[.;:!?]|[A-HJ-RT-Z]"
)
_CLAUSE_SLOT = re.compile(
    r"(?:^|[.:] |, (?:and|but) |(?:Also|Otherwise|However|On the good side|On the other hand|To be "
    r"fair|Apart from that), |(?:At least|Then|because) |:\) )\$(?:[gfb]\d|fault)(?=\.$|\. |, (?:and|but) )"
)


def _own(kind: Kind) -> Iterator[Phrase]:
    yield from (kind.title, *kind.openings, *kind.bodies, *kind.closings)


def _of_reviewers(kind: Kind) -> Iterator[Phrase]:
    yield from (*kind.situations, *kind.times, *kind.faults)
    for aspect in kind.aspects:
        yield from _remarks(aspect)


def _remarks(aspect: Aspect) -> Iterator[Phrase]:
    yield from (*aspect.good, *aspect.flaw, *aspect.bad)


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


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_reviewers_speak_of_what_the_kind_has(kind: Kind) -> None:
    assert _unknown(_of_reviewers(kind), _attributes(kind) | REVIEWERS_KNOW) == []


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_remarks_are_clauses_and_circumstances_sentences(kind: Kind) -> None:
    remarks = [*kind.faults, *(phrase for aspect in kind.aspects for phrase in _remarks(aspect))]
    assert len(remarks) > 20
    assert [phrase.text for phrase in remarks if _NO_CLAUSE.match(phrase.text) or len(phrase.text.split()) < 3] == []
    assert [phrase.text for phrase in (*kind.situations, *kind.times) if not re.match(r"[(]?[A-Z$]", phrase.text)] == []


@pytest.mark.parametrize("line", ["impossible to open with gloves", "fine. useless in rain", "wait for a sale"])
def test_a_fragment_is_no_clause(line: str) -> None:
    assert _NO_CLAUSE.match(line)


def test_frames_put_remarks_only_where_a_clause_stands() -> None:
    for mood, frames in voices().frames.items():
        for frame in frames:
            text = re.sub(r"\([^()]*\|([^()|]*)\)", r"\1", frame.text)
            numbers = [slot[1] for slot in frame.slots if slot[0] in "fb" and slot in REMARKS]
            assert len(_CLAUSE_SLOT.findall(text)) == len(frame.slots & (REMARKS | {"fault"})) > 0, frame.text
            assert len(set(numbers)) == len(numbers), f"{frame.text} speaks twice of one aspect"
            assert text.endswith(".")
            assert {"glad": "g1", "fair": "b1", "cross": "b1"}.get(mood, "") in text, "headlines name the first remark"
            assert _temper(frame) <= {"glad": {"g"}, "content": {"g", "f"}, "cross": {"b"}}.get(mood, set("gfb"))


def _temper(frame: Phrase) -> set[str]:
    return {slot[0] for slot in frame.slots & REMARKS}


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
    shared = [phrase for group in groups for lines in group.values() for phrase in lines]
    assert _unknown(shared, ALWAYS | SAID_BY_REVIEWERS | REVIEWERS_KNOW) == []
    assert _unknown(_remarks(written.value), ALWAYS | REVIEWERS_KNOW) == []
    assert all(not phrase.slots for lines in materials().values() for phrase in lines)


def test_every_kind_has_a_drawing_and_every_drawing_is_used() -> None:
    drawings = silhouettes()
    assert {kind.name for kind in KINDS} <= set(drawings)
    files = {path.name.removesuffix(".svg") for path in (CONTENT / "pictures").iterdir()}
    assert set(drawings.values()) | {"parcel"} == files
