from __future__ import annotations

import numpy as np

from app.ingestion.floors import calibrate
from app.ingestion.points import Passage
from retrievers.catalogue import DocumentType
from retrievers.records import Evidence


def passage(number: int, title: str, type: DocumentType = DocumentType.POLICY) -> Passage:
    return Passage(Evidence(f"{type}/{number}", type, "a.md", title, "text", 0.0), "text", "text", {})


class AxisEmbedder:
    """Titles are "NUMBER COSINE": a query that scores COSINE with axis NUMBER and nothing with the others."""

    name, dimensions = "axis", 64

    def query(self, text):
        number, cosine = text.split()
        vector = np.zeros(self.dimensions, np.float32)
        vector[int(number)], vector[-1] = float(cosine), (1 - float(cosine) ** 2) ** 0.5
        return vector

    def documents(self, texts):
        return np.stack([self.query(text) for text in texts])


def axes(count: int, stray: float = 0.0) -> np.ndarray:
    """`stray` is what every query scores with every document through the shared last axis, as far as it has it."""
    vectors = np.eye(count, 64, dtype=np.float32) * (1 - stray**2) ** 0.5
    vectors[:, -1] = stray
    return vectors


def test_nearly_every_document_is_above_the_floor_of_its_own_title():
    cosines = [0.5 + n / 100 for n in range(40)]
    found = [passage(n, f"{n} {cosine}") for n, cosine in enumerate(cosines)]
    vectors = axes(40, stray=0.9)
    floor = calibrate(found, vectors, AxisEmbedder()).floors["policy"]
    own = [float(AxisEmbedder().query(p.evidence.title) @ vector) for p, vector in zip(found, vectors, strict=True)]
    assert np.mean(np.array(own) >= floor) >= 0.97
    assert floor > 0.3


def test_the_floor_is_never_above_what_strangers_score():
    found = [passage(n, f"{n} 0.95") for n in range(40)]
    floor = calibrate(found, axes(40, stray=0.2), AxisEmbedder()).floors["policy"]
    assert floor == round(0.2 * (1 - 0.95**2) ** 0.5, 4)


def test_each_type_has_its_own_and_without_titles_there_is_none():
    found = [passage(0, "0 0.7"), passage(1, "", DocumentType.REVIEW)]
    assert calibrate(found, axes(2), AxisEmbedder()).floors == {"policy": 0.0, "review": 0.0}


def test_the_sample_does_not_depend_on_the_order():
    found = [passage(n, f"{n % 60} {0.3 + (n % 60) / 100}") for n in range(600)]
    vectors = axes(60)[[n % 60 for n in range(600)]]
    there = calibrate(found, vectors, AxisEmbedder())
    back = calibrate(found[::-1], vectors[::-1], AxisEmbedder())
    assert there == back
