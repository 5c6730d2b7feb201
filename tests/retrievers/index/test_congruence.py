"""The same shelf asked the same questions in every engine."""

import math

import numpy as np
import pytest

from retrievers.catalogue import DocumentType
from retrievers.index.fusion import COVERAGE, KIND, MEANING, WORDS
from retrievers.index.protocol import Query
from retrievers.ranking.candidates import Candidate, keeps
from retrievers.records import FilterItem

PRODUCT = DocumentType.PRODUCT


def limit(field, op, value, unit=None):
    return FilterItem(field, op, value, origin="stated", unit=unit)


def names(hits):
    return [hit.evidence.title for hit in hits]


@pytest.fixture(scope="module")
def points(shelf):
    known = [
        shelf.point("P1", 1, "laser printer black", ["printer"], price=100.0, stock=3, rating=4.5, popularity=9.0,
                    brand="Acme", category=["Office", "Printers"], kind="laser printer",
                    identifiers=["ACM-1"],
                    attributes={"housing_material": "plastic", "memory": "512 MB", "wi-fi": True}),
        shelf.point("P2", 2, "laser printer colour", ["printer"], price=250.0, stock=0, rating=3.0, popularity=5.0,
                    brand="Bolt", category=["Office", "Printers"], kind="laser printer",
                    attributes={"memory": "1 GB", "weight_kg": 9.5, "wi-fi": "no", "colour": "Dark grey/black"}),
        shelf.point("P3", 3, "toner cartridge for laser printer", ["cartridg"], price=40.0, stock=7, rating=4.0,
                    popularity=8.0, brand="acme", category=["Office", "Supplies"], kind="toner cartridge"),
        shelf.point("P4", 4, "leather armchair", ["armchair"], price=900.0, stock=1, popularity=1.0, brand="Casa",
                    category=["Home"], kind="armchair",
                    attributes={"material": "full-grain leather", "weight_kg": 31.0, "seat": "45 x 50 cm",
                                "size": "XL", "port": ["USB-C"]}),
        shelf.point("P5", 5, "velvet armchair", ["armchair"], price=500.0, popularity=2.0, brand="Casa",
                    category=["Home"], kind="armchair", attributes={"material": ["velvet", "oak"], "size": "S-L"}),
        shelf.point("P6", 6, "mystery box"),  # nothing is known about it
    ]  # fmt: skip
    filler = [shelf.point(f"F{n}", 100 + n, "filler", price=10_000.0 + n, popularity=0.5) for n in range(30)]
    return known + filler


@pytest.fixture(scope="module", autouse=True)
def published(engine, shelf, points):
    review = shelf.point("R1", 50, "the printer is quiet", type=DocumentType.REVIEW, rating=5.0)
    return shelf.publish(engine.writer(), [*points, review])


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (limit("price", "lte", 250), {"P1", "P2", "P3"}),
        (limit("price", "lte", 249.99), {"P1", "P3"}),
        (limit("price", "gte", 500), {"P4", "P5"}),
        (limit("price", "eq", 40), {"P3"}),
        (limit("stock", "gte", 1), {"P1", "P3", "P4", "P5", "P6"}),
        (limit("rating", "gte", 4.0), {"P1", "P3", "P4", "P5", "P6"}),
        (limit("brand", "eq", "ACME"), {"P1", "P3"}),
        (limit("brand", "in", ("acme", "Bolt")), {"P1", "P2", "P3"}),
        (limit("brand", "not_in", ("Acme", "CASA")), {"P2", "P6"}),
        (limit("brand", "in", ()), set()),
        (limit("brand", "not_in", ()), {"P1", "P2", "P3", "P4", "P5", "P6"}),
        (limit("category", "eq", "office"), {"P1", "P2", "P3"}),
        (limit("category", "eq", "Printers"), {"P1", "P2"}),
        (limit("kind", "eq", "Toner Cartridge"), {"P3"}),
        (limit("material", "not_in", ("leather",)), {"P1", "P2", "P3", "P5", "P6"}),
        (limit("material", "eq", "oak"), {"P5"}),
        (limit("colour", "in", ("grey",)), {"P2"}),
        (limit("head", "not_in", ("printer",)), {"P3", "P4", "P5", "P6"}),
        (limit("attribute:memory", "gte", 1.0, "GB"), {"P2"}),
        (limit("attribute:memory", "lte", 0.6, "GB"), {"P1"}),
        (limit("attribute:memory", "eq", 512, "MB"), {"P1"}),
        (limit("attribute:memory|weight_kg", "gte", 20.0, "kg"), {"P1", "P2", "P4"}),  # megabytes are large numbers
        (limit("attribute:weight_kg", "lte", 21.0, "lb"), {"P2"}),
        (limit("attribute:seat", "gte", 0.1, "m"), set()),
        (limit("attribute:wi-fi", "in", "yes"), {"P1"}),
        (limit("attribute:wi-fi", "not_in", "yes"), {"P2", "P3", "P4", "P5", "P6"}),
        (limit("attribute:unheard_of", "gte", 1.0), set()),
        (limit("attribute:size", "in", ("xl",)), {"P4"}),
        (limit("attribute:size", "in", ("M", "xl")), {"P4", "P5"}),
        (limit("attribute:size", "not_in", ("xl",)), {"P1", "P2", "P3", "P5", "P6"}),  # nothing said, nothing broken
        (limit("attribute:size|port", "in", ("usb c",)), {"P4"}),
        (limit("attribute:unheard_of", "in", ("xl",)), set()),
        (limit("head", "eq", "printer"), {"P1", "P2"}),
        (limit("product_id", "in", ("P1", "P6")), {"P1", "P6"}),
        (limit("identifier", "eq", "acm1"), {"P1"}),
        (limit("updated_at", "lte", 0), set()),
    ],
)
def test_filters(engine, shelf, item, expected):
    query = Query(PRODUCT, limit=50, filters=(item,))
    (browsed,) = engine.index.search([query])
    assert {name for name in names(browsed) if name.startswith("P")} == expected
    (searched,) = engine.index.search([Query(PRODUCT, limit=50, dense=shelf.unit(1), filters=(item,))])
    assert set(names(searched)) == set(names(browsed))


@pytest.mark.parametrize(
    "item",
    [
        limit("brand", "in", ("acme",)), limit("brand", "not_in", ("acme",)), limit("category", "in", ("office",)),
        limit("material", "in", ("leather",)), limit("material", "not_in", ("leather",)),
        limit("colour", "in", ("black",)), limit("head", "not_in", ("printer",)),
        limit("price", "eq", 250), limit("rating", "gte", 4.0), limit("stock", "gte", 1),
        limit("attribute:memory", "gte", 0.5, "GB"), limit("attribute:memory|weight_kg", "lte", 10.0, "kg"),
        limit("attribute:wi-fi", "in", "yes"), limit("attribute:wi-fi", "not_in", "yes"),
    ],
)  # fmt: skip
def test_the_ranking_checks_what_the_engines_filter(engine, points, item):
    (found,) = engine.index.search([Query(PRODUCT, limit=50, filters=(item,))])
    kept = {point.evidence.title for point in points if keeps(Candidate(point.evidence, 1.0, None), item)}
    assert kept == set(names(found))
    assert 0 < len(kept) < len(points)


def test_several_filters_hold_together(engine):
    query = Query(PRODUCT, 10, filters=(limit("price", "lte", 300), limit("stock", "gte", 1)))
    assert names(engine.index.search([query])[0]) == ["P1", "P3"]


@pytest.mark.parametrize(
    "item",
    [
        limit("hue", "eq", "red"),
        limit("price", "in", ("a",)),
        limit("brand", "lte", 3),
        limit("price", "lte", "3"),
        limit("attribute:wi-fi", "in", "perhaps"),
    ],
)
@pytest.mark.parametrize("seed", [None, 1])
def test_a_filter_that_makes_no_sense_is_refused(engine, shelf, item, seed):
    dense = None if seed is None else shelf.unit(seed)
    with pytest.raises(ValueError, match=item.field.replace(":", ".")):
        engine.index.search([Query(PRODUCT, 5, dense=dense, filters=(item,))])


def test_browsing_orders_by_popularity(engine):
    (hits,) = engine.index.search([Query(PRODUCT, limit=5)])
    assert names(hits) == ["P1", "P3", "P2", "P5", "P4"]
    assert {hit.cosine for hit in hits} == {None}


def test_browsing_reaches_what_has_no_popularity(engine):
    (hits,) = engine.index.search([Query(PRODUCT, limit=100)])
    assert len(hits) == 36
    assert names(hits)[-1] == "P6"


def test_dense_hits_carry_their_cosine(engine, shelf):
    (hits,) = engine.index.search([Query(PRODUCT, limit=3, dense=shelf.unit(4))])
    assert names(hits)[0] == "P4"
    assert hits[0].cosine == pytest.approx(1.0, abs=1e-5)
    for hit in hits[1:]:
        seed = int(hit.evidence.title[1:]) + (100 if hit.evidence.title.startswith("F") else 0)
        assert hit.cosine == pytest.approx(float(np.dot(shelf.unit(seed), shelf.unit(4))), abs=1e-5)


def test_sparse_weights_rare_terms_higher(engine, shelf):
    """ "filler" is in 30 of 36 documents, "velvet" in one: without the IDF part the shorter texts would win."""
    (hits,) = engine.index.search([Query(PRODUCT, limit=3, sparse=shelf.encoder.query("velvet filler"))])
    assert names(hits)[0] == "P5"
    assert all(hit.cosine is None for hit in hits)


def test_a_sparse_query_finds_only_what_shares_a_term(engine, shelf):
    (hits,) = engine.index.search([Query(PRODUCT, limit=50, sparse=shelf.encoder.query("armchairs"))])
    assert set(names(hits)) == {"P4", "P5"}


def test_a_query_without_terms_finds_nothing(engine, shelf):
    assert engine.index.search([Query(PRODUCT, limit=5, sparse=shelf.encoder.query("the of"))]) == [[]]


def test_meaning_words_and_coverage_are_weighed(engine, shelf):
    """The best of both has them all; what is found by meaning alone has its share of the best cosine."""
    query = Query(PRODUCT, limit=5, dense=shelf.unit(5), sparse=shelf.encoder.query("velvet"))
    (hits,) = engine.index.search([query])
    assert names(hits)[0] == "P5"
    assert hits[0].evidence.score == pytest.approx(MEANING + WORDS + COVERAGE, rel=1e-3)
    assert hits[0].coverage == 1.0
    for hit in hits[1:]:
        assert hit.coverage == 0.0
        assert hit.evidence.score == pytest.approx(MEANING * hit.cosine / hits[0].cosine, rel=1e-3)


def test_the_best_wording_counts(engine, shelf):
    said, meant = shelf.encoder.query("settee"), shelf.encoder.query("armchairs")
    plain, reworded = engine.index.search(
        [Query(PRODUCT, 5, sparse=said), Query(PRODUCT, 5, None, said, rewordings=(meant,))]
    )
    assert plain == []
    assert set(names(reworded)) == {"P4", "P5"}
    assert {hit.coverage for hit in reworded} == {1.0}


def test_a_long_list_learns_from_its_best(engine, shelf):
    """The ten best pull the request towards themselves; the cosines told stay those of the request itself."""
    dense = shelf.unit(3)
    short, long = engine.index.search([Query(PRODUCT, 9, dense), Query(PRODUCT, 36, dense)])
    assert names(short)[0] == names(long)[0] == "P3"
    assert [hit.cosine for hit in long[:1]] == pytest.approx([1.0], abs=1e-5)
    ratios = {hit.evidence.title: hit.evidence.score / hit.cosine for hit in long}
    assert len({round(ratio, 3) for ratio in ratios.values()}) > 10
    assert {round(hit.evidence.score / hit.cosine, 3) for hit in short} == {MEANING}


def test_filters_hold_in_every_branch(engine, shelf):
    query = Query(
        PRODUCT,
        50,
        shelf.unit(2),
        shelf.encoder.query("laser printer"),
        (limit("price", "lte", 200),),
        heads=("printer",),
    )
    (hits,) = engine.index.search([query])
    assert set(names(hits)) == {"P1", "P3"}


def test_the_kind_asked_for_counts(engine, shelf):
    text = shelf.encoder.query("toner cartridge laser printer")
    plain, headed = engine.index.search(
        [Query(PRODUCT, 36, shelf.unit(3), text), Query(PRODUCT, 36, shelf.unit(3), text, heads=("printer",))]
    )
    before = {hit.evidence.title: hit.evidence.score for hit in plain}
    gains = {hit.evidence.title: hit.evidence.score - before[hit.evidence.title] for hit in headed}
    assert {name for name, gain in gains.items() if gain > KIND / 2} == {"P1", "P2"}


def test_types_are_searched_apart(engine, shelf):
    reviews, faqs = engine.index.search(
        [Query(DocumentType.REVIEW, 5, shelf.unit(50)), Query(DocumentType.FAQ, 5, shelf.unit(50))]
    )
    assert names(reviews) == ["R1"]
    assert faqs == []


def test_fetch_keeps_the_order_and_leaves_out_strangers(engine, points):
    fetched = engine.index.fetch(["review/R1", "product/nobody", "product/P5", "product/P1"])
    assert [evidence.id for evidence in fetched] == ["review/R1", "product/P5", "product/P1"]
    assert fetched[2] == points[0].evidence


def test_search_returns_the_evidence_that_was_written(engine, shelf, points):
    (hits,) = engine.index.search([Query(PRODUCT, 1, shelf.unit(1))])
    found = hits[0].evidence
    assert found.metadata == points[0].evidence.metadata
    assert (found.id, found.text, found.updated_at) == (
        "product/P1",
        "laser printer black",
        points[0].evidence.updated_at,
    )
    assert math.isclose(found.score, MEANING, rel_tol=1e-3)


def test_the_manifest_is_the_one_published(engine, published, points):
    manifest = engine.index.manifest()
    assert manifest.generation == published
    assert manifest.counts == {"product": len(points) + 1}
    assert manifest.floors == {"product": 0.25}
