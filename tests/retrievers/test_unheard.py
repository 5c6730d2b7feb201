"""Asked for by a name the catalogue has no kind for: sold under another name, or not sold."""

import pytest

from retrievers.document_type import DocumentType
from retrievers.index.protocol import Hit
from retrievers.reading import Vocabulary, read_request
from retrievers.records import Evidence
from retrievers.unheard import Thing

FLOOR, STRANGERS = 0.2, 0.4
VOCABULARY = Vocabulary(heads=frozenset(("jacket", "kettl")))


def _hit(title: str, kind: str, cosine: float, coverage: float = 0.0) -> Hit:
    evidence = Evidence(f"product/{title}", DocumentType.PRODUCT, "", title, "", 0.5, {"kind": kind})
    return Hit(evidence, cosine, coverage)


def _thing(question: str) -> Thing | None:
    return Thing.of(read_request(question, VOCABULARY))


def _sold(question: str, hit: Hit, likeness: float) -> bool:
    thing = _thing(question)
    assert thing is not None
    return thing.among([hit], FLOOR, STRANGERS, lambda one, other: likeness)


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("do you sell sofas?", "sofas"),
        ("I am looking for a mountain bike", "mountain bike"),
        ("a garden hose for my mother", "garden hose"),
        ("세탁기 있나요?", "washing machine"),
    ],
)
def test_a_thing_is_named_before_what_it_is_for(question: str, name: str) -> None:
    thing = _thing(question)
    assert thing is not None
    assert thing.name == name


@pytest.mark.parametrize(
    "question",
    [
        "a rain jacket",
        "something for back pain",
        "what should I buy?",
        "something to listen to music",
        "소파 있나요?",
        "a birthday present for my mother, she loves coffee",
        "My name is Ann Lee. I want running socks",
    ],
)
def test_known_kinds_needs_and_stories_name_no_unheard_thing(question: str) -> None:
    assert _thing(question) is None


def test_a_word_that_only_tells_things_apart_is_no_evidence() -> None:
    pot = _hit("Cassoulet Pot Red", "casserole pot", 0.35, coverage=0.5)
    assert not _sold("red wine", pot, likeness=0.4)
    assert _sold("a pot warmer jug", _hit("Jug White", "jug", 0.1), likeness=0.0)  # by its last word


def test_near_as_a_card_and_as_a_kind_is_the_same_thing_by_another_name() -> None:
    assert _sold("earphones", _hit("Fugue 2", "headphones", 0.5), likeness=0.8)
    assert not _sold("earphones", _hit("Fugue 2", "loaf", 0.5), likeness=0.1)
    assert not _sold("earphones", _hit("Fugue 2", "headphones", 0.1), likeness=0.6)


def test_several_words_in_one_card_may_say_what_it_is_good_for() -> None:
    chair = _hit("Stoop 2", "office chair", 0.3, coverage=1.0)
    assert _sold("back pain", chair, likeness=0.0)
    assert not _sold("pain", chair, likeness=0.0)
    assert not _sold("back pain", _hit("Stoop 2", "office chair", 0.1, coverage=1.0), likeness=0.0)
