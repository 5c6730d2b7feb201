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


def _sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.!?]) ", text)


def test_sentences_are_seldom_reused_and_never_about_one_product(by_product: dict[str, list[Document]]) -> None:
    said = [sentence for reviews in by_product.values() for review in reviews for sentence in _sentences(review.text)]
    uses = Counter(said)
    assert len(uses) / len(said) > 0.45
    assert uses.most_common(1)[0][1] / len(said) < 0.005
    for product_id, reviews in by_product.items():
        own = Counter(sentence for review in reviews for sentence in _sentences(review.text))
        assert max(own.values()) == 1, (product_id, own.most_common(1))


def test_reviews_read_as_written_by_people(reviews: list[Document]) -> None:
    for review in reviews:
        assert not re.search(r"\$|>>|[()]|\||  | ,| \.|\.\.|None|\bi\b", review.text), review.text
        assert re.match(r"[A-Z]", review.title), review.title
        for sentence in _sentences(review.text):
            assert re.fullmatch(r"[A-Z\d\"'].*[.!?]", sentence), review.text
            assert len(sentence.split()) > 2, review.text
            assert sentence.count(", but ") < 2, review.text


def test_an_animal_keeps_its_sex_within_a_review(reviews: list[Document]) -> None:
    male, female = (re.compile(words, re.I) for words in (r"\b(he|him|his)\b", r"\b(she|her)\b"))
    assert sum(bool(male.search(review.text)) for review in reviews) > 50
    assert [review.text for review in reviews if male.search(review.text) and female.search(review.text)] == []


def test_titles_differ(reviews: list[Document]) -> None:
    titles = Counter(review.title for review in reviews)
    assert len(titles) > 1000
    assert titles.most_common(1)[0][1] / len(reviews) < 0.03


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


def test_most_products_have_four_stars_or_more(store: DemoStore) -> None:
    ratings = [product.rating for product in store.products if product.rating]
    assert 4.05 < fmean(ratings) < 4.25
    assert 0.01 < sum(rating < 3 for rating in ratings) / len(ratings) < 0.06


def test_short_batteries_are_complained_about(store: DemoStore, by_product: dict[str, list[Document]]) -> None:
    complaint = re.compile(r"battery is (poor|a letdown|done by|a joke|gone|tired)|battery (falls|died|was weak|never)")

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

    assert mean_of("Tonhaus") > mean_of("Pennywhistle") + 0.25
    assert mean_of("Nordvale") > mean_of("Mercer Lane") + 0.25


def test_popular_products_are_the_reviewed_and_liked_ones(store: DemoStore) -> None:
    ranked = sorted(store.products, key=lambda product: product.popularity or 0)
    assert fmean(product.rating_count or 0 for product in ranked[-100:]) > 8
    assert fmean(product.rating_count or 0 for product in ranked[:100]) < 1
