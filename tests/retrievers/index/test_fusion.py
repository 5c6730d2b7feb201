"""Hybrid search over a scripted engine: what it asks for, and how the answers are weighed."""

import numpy as np
import pytest

from retrievers.catalogue import DocumentType
from retrievers.index.fusion import COVERAGE, KIND, MEANING, WORDS, hybrid
from retrievers.index.protocol import Query, SparseVector
from retrievers.records import Evidence

SAID = SparseVector((1, 2), (1.0, 1.0))


class ScriptedEngine:
    """Points by id: a vector, a BM25 score, terms and whether it is of the kind. Only the first `crowd` are found."""

    def __init__(self, points, crowd=None):
        self.points = points
        self.crowd = crowd or len(points)

    def candidates(self, query, heads):
        among = [id for id, point in self.points.items() if not heads or point["kind"]]
        return {id: self.points[id]["words"] for id in among[: self.crowd]}

    def cosines(self, type, ids, dense):
        return {id: float(np.dot(self.points[id]["vector"], dense)) for id in ids}

    def vectors(self, type, ids):
        return [self.points[id]["vector"] for id in ids]

    def holding(self, type, ids, terms):
        return {term: frozenset(id for id in ids if term in self.points[id]["terms"]) for term in terms}

    def stored(self, type, ids):
        return {id: Evidence(id, DocumentType.PRODUCT, "catalogue", id, id, 0.0) for id in ids}


def point(angle, words=0.0, terms=(), kind=False):
    vector = np.array([np.cos(angle), np.sin(angle)], np.float32)
    return {"vector": vector, "words": words, "terms": terms, "kind": kind}


def search(engine, **query):
    return hybrid(
        engine, Query(DocumentType.PRODUCT, **{"limit": 5, "dense": point(0)["vector"], "sparse": SAID, **query})
    )


def test_the_score_is_the_formula():
    engine = ScriptedEngine({"a": point(0.5, 4.0, (1, 2)), "b": point(0.2, 2.0, (2,), kind=True)})
    scores = {hit.evidence.id: hit.evidence.score for hit in search(engine, heads=("desk",))}
    assert scores["a"] == pytest.approx(MEANING * np.cos(0.5) / np.cos(0.2) + WORDS + COVERAGE)
    assert scores["b"] == pytest.approx(MEANING + WORDS / 2 + COVERAGE / 2 + KIND)


def test_the_kind_asked_for_is_found_behind_a_crowd():
    crowd = {f"for-it-{n}": point(0.1 * n, 3.0, (1, 2)) for n in range(3)}
    engine = ScriptedEngine({**crowd, "it": point(0.1, 3.0, (1, 2), kind=True)}, crowd=2)
    assert "it" not in {hit.evidence.id for hit in search(engine)}
    assert "it" in {hit.evidence.id for hit in search(engine, heads=("desk",))}


def test_without_words_or_meaning_nothing_is_asked():
    assert search(ScriptedEngine({"a": point(0)}), dense=None, sparse=SparseVector((), ())) == []


def test_meaning_alone_and_words_alone():
    engine = ScriptedEngine({"near": point(0.1), "far": point(1.0)})
    assert [hit.evidence.id for hit in search(engine, sparse=None)] == ["near", "far"]
    engine = ScriptedEngine({"less": point(0.1, 1.0, (1,)), "more": point(1.0, 2.0, (1,))})
    found = search(engine, dense=None)
    assert [hit.evidence.id for hit in found] == ["more", "less"]
    assert {hit.cosine for hit in found} == {None}


def test_the_request_moves_towards_its_best():
    """Two groups as far from the request; the one with the words pulls it over to its own side."""
    left = {f"left-{n:02}": point(0.5 + 0.01 * n, 5.0, (1, 2)) for n in range(10)}
    engine = ScriptedEngine({**left, "left-bare": point(0.8), "right-bare": point(-0.8)})
    order = [hit.evidence.id for hit in search(engine, limit=12)]
    assert order.index("left-bare") < order.index("right-bare")
    cosines = {hit.evidence.id: hit.cosine for hit in search(engine, limit=12)}
    assert cosines["left-bare"] == pytest.approx(cosines["right-bare"], abs=1e-6)


def test_equals_come_in_a_fixed_order():
    engine = ScriptedEngine({name: point(0.3, 1.0, (1,)) for name in ("b", "c", "a")})
    assert [hit.evidence.id for hit in search(engine)] == ["a", "b", "c"]


def test_a_plain_query_is_cosine_or_bm25_alone():
    engine = ScriptedEngine({"a": point(0.9, 4.0, (1,)), "b": point(0.2, 2.0, (1, 2)), "c": point(0.1)})
    words = {hit.evidence.id: hit.evidence.score for hit in search(engine, dense=None, plain=True)}
    assert words == {"a": pytest.approx(WORDS), "b": pytest.approx(WORDS / 2), "c": 0.0}
    engine = ScriptedEngine({"a": point(0.9), "b": point(0.1)})
    meaning = {hit.evidence.id: hit.evidence.score for hit in search(engine, sparse=None, plain=True, limit=12)}
    assert meaning["a"] == pytest.approx(MEANING * np.cos(0.9) / np.cos(0.1))
