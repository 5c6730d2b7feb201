from __future__ import annotations

import re
from collections import Counter, defaultdict
from statistics import fmean

import pytest

from app.demo.store import DemoStore
from retrievers.catalogue import Document, DocumentType, Product


@pytest.fixture(scope="module")
def reviews(store: DemoStore) -> list[Document]:
    return [document for document in store.documents if document.type is DocumentType.REVIEW]


@pytest.fixture(scope="module")
def by_product(reviews: list[Document]) -> dict[str, list[Document]]:
    grouped: dict[str, list[Document]] = defaultdict(list)
    for review in reviews:
        grouped[review.product_id or ""].append(review)
    return grouped


def test_every_review_is_of_a_product_and_its_ratings_add_up(
    store: DemoStore, by_product: dict[str, list[Document]]
) -> None:
    assert set(by_product) <= {product.product_id for product in store.products}
    for product in store.products:
        ratings = [review.rating or 0 for review in by_product.get(product.product_id, [])]
        assert product.rating_count == len(ratings)
        assert product.rating == (round(fmean(ratings), 2) if ratings else None)


def test_six_thousand_reviews_and_none_twice(reviews: list[Document]) -> None:
    assert len(reviews) == 6000
    assert len({review.text for review in reviews}) == len({review.document_id for review in reviews}) == len(reviews)


def test_sentences_are_seldom_reused(reviews: list[Document]) -> None:
    uses = Counter(sentence for review in reviews for sentence in re.split(r"(?<=[.!?]) ", review.text))
    total = sum(uses.values())
    assert len(uses) / total > 0.7
    assert uses.most_common(1)[0][1] / len(reviews) < 0.02


def test_reviews_read_as_written_by_people(reviews: list[Document]) -> None:
    for review in reviews:
        assert not re.search(r"\$|>>|[()]|\||  | ,| \.|\.\.|None", review.text), review.text
        assert review.title


def test_opinions_differ_on_the_same_product(by_product: dict[str, list[Document]]) -> None:
    much_reviewed = [reviews for reviews in by_product.values() if len(reviews) >= 5]
    assert len(much_reviewed) > 200
    divided = sum(len({review.rating for review in reviews}) > 1 for reviews in much_reviewed)
    assert divided / len(much_reviewed) > 0.9


def test_all_ratings_occur_and_most_people_are_pleased(reviews: list[Document]) -> None:
    shares = {rating: count / len(reviews) for rating, count in Counter(review.rating for review in reviews).items()}
    assert set(shares) == {1, 2, 3, 4, 5}
    assert shares[4] + shares[5] > 0.6
    assert shares[1] + shares[2] > 0.05


def test_short_batteries_are_complained_about(store: DemoStore, by_product: dict[str, list[Document]]) -> None:
    complaint = re.compile(r"battery is (the weak|a letdown|done by|a joke|poor|gone|tired)|watch the percentage fall")

    def complaints(products: list[Product]) -> float:
        texts = [review.text for product in products for review in by_product.get(product.product_id, [])]
        assert len(texts) > 50
        return sum(bool(complaint.search(text)) for text in texts) / len(texts)

    kinds = ("speaker", "laptop", "running watch", "headphones", "earbuds")
    short, lasting = [], []
    for kind in kinds:
        ranked = sorted(
            (product for product in store.products if product.kind == kind and "battery_h" in product.attributes),
            key=lambda product: float(str(product.attributes["battery_h"])),
        )
        short += ranked[: len(ranked) // 3]
        lasting += ranked[-len(ranked) // 3 :]
    assert complaints(short) > 3 * complaints(lasting)


def test_ratings_follow_the_makers_quality(store: DemoStore) -> None:
    def mean_of(brand: str) -> float:
        return fmean(product.rating for product in store.products if product.brand == brand and product.rating)

    assert mean_of("Tonhaus") > mean_of("Pennywhistle") + 0.4
    assert mean_of("Nordvale") > mean_of("Mercer Lane") + 0.4


def test_popular_products_are_the_reviewed_and_liked_ones(store: DemoStore) -> None:
    ranked = sorted(store.products, key=lambda product: product.popularity or 0)
    assert fmean(product.rating_count or 0 for product in ranked[-100:]) > 8
    assert fmean(product.rating_count or 0 for product in ranked[:100]) < 1
