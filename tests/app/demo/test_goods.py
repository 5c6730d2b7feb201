from __future__ import annotations

import re
from collections import Counter, defaultdict
from itertools import combinations
from statistics import fmean

import pytest

from app.demo.goods import ean13
from app.demo.phrases import spoken
from app.demo.store import DemoStore
from retrievers.catalogue import Product

_FIGURE = re.compile(r"(?<![\dx])(-?\d+(?:\.\d+)?) (?:g|kg|ml|mm|lumens|lux|hours|litres|liters|cm|dB|HRC|W|°C)\b")
_SENTENCE = re.compile(r"(?<=[.!?]) ")


def _sentences(text: str) -> set[str]:
    return set(_SENTENCE.split(text))


def _by_kind(store: DemoStore) -> dict[str, list[Product]]:
    kinds: dict[str, list[Product]] = defaultdict(list)
    for product in store.products:
        kinds[product.kind or ""].append(product)
    return kinds


def test_ean13_of_a_published_example() -> None:
    assert ean13("400638133393") == "4006381333931"


def test_about_two_thousand_products_with_everything_filled_in(store: DemoStore) -> None:
    assert 1900 <= len(store.products) <= 2200
    assert len({product.category[0] for product in store.products}) >= 12
    for product in store.products:
        assert product.brand
        assert product.kind
        assert product.price
        assert len(product.category) == 2
        assert product.stock is not None
        assert product.image_url == f"/images/{product.product_id}.svg"


def test_ids_titles_identifiers_and_descriptions_are_unique(store: DemoStore) -> None:
    for values in (
        [product.product_id for product in store.products],
        [product.title for product in store.products],
        [product.description for product in store.products],
        [identifier for product in store.products for identifier in product.identifiers],
    ):
        assert len(set(values)) == len(values)


def test_identifiers_carry_a_valid_check_digit(store: DemoStore) -> None:
    for product in store.products:
        code = product.identifiers[0]
        assert len(code) == 13
        assert sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(code)) % 10 == 0


def test_some_are_sold_out_and_some_are_nearly(store: DemoStore) -> None:
    stocks = [product.stock or 0 for product in store.products]
    assert 0.03 < sum(stock == 0 for stock in stocks) / len(stocks) < 0.1
    assert 0.05 < sum(0 < stock < 5 for stock in stocks) / len(stocks) < 0.2


def test_figures_in_descriptions_are_the_attributes(store: DemoStore) -> None:
    checked = 0
    for product in store.products:
        values = {spoken(value) for value in product.attributes.values()}
        for figure in _FIGURE.findall(product.description):
            assert figure in values, f"{figure} in {product.title}: {product.description}"
            checked += 1
    assert checked > 1500


def test_descriptions_read_as_sentences(store: DemoStore) -> None:
    for product in store.products:
        text = product.description
        assert text.endswith(".")
        assert not re.search(r"\$|>>|[()]|\||  | ,| \.|\.\.", text), text
        assert 60 < len(text) < 1200


def test_dearer_goods_are_better_specified(store: DemoStore) -> None:
    racers = [product for product in store.products if product.attributes.get("plate") == "carbon"]
    road = [product for product in store.products if product.title.count("Road Running Shoe")]
    assert racers
    assert road
    assert fmean(p.price or 0 for p in racers) > fmean(p.price or 0 for p in road)
    assert fmean(float(str(p.attributes["weight_g"])) for p in racers) < fmean(
        float(str(p.attributes["weight_g"])) for p in road
    )


def test_winter_coats_come_at_several_prices(store: DemoStore) -> None:
    prices = sorted(product.price or 0 for product in store.products if product.kind == "winter coat")
    assert prices[0] < 110
    assert prices[-1] > 500


def test_neighbours_share_few_sentences(store: DemoStore) -> None:
    overlaps = []
    for products in _by_kind(store).values():
        written = [_sentences(product.description) for product in products]
        overlaps += [len(one & two) / min(len(one), len(two)) for one, two in combinations(written, 2)]
    assert len(overlaps) > 10_000
    assert fmean(overlaps) < 0.09  # of five sentences, two products of a kind share less than half of one
    assert sum(overlap >= 0.5 for overlap in overlaps) / len(overlaps) < 0.025


def test_no_sentence_is_on_every_other_shelf(store: DemoStore) -> None:
    uses = Counter(sentence for product in store.products for sentence in _sentences(product.description))
    assert uses.most_common(1)[0][1] <= 0.015 * len(store.products)


@pytest.mark.parametrize("kind", ["running shoe", "running sock", "running watch", "running belt", "energy gel"])
def test_a_runner_is_provided_for(store: DemoStore, kind: str) -> None:
    assert sum(product.kind == kind and bool(product.stock) for product in store.products) >= 25
