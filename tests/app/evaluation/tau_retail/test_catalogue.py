from __future__ import annotations

import copy
from typing import Any

import pytest

from app.evaluation.rows import EvaluationError
from app.evaluation.tau_retail.catalogue import products_of
from app.evaluation.tau_retail.dataset import Dataset
from tests.support.retail_world import WORLD


def dataset(**changed: bool) -> Dataset:
    """The world with some of its variants there, or not."""
    products: dict[str, Any] = copy.deepcopy(WORLD["products"])
    for item_id, available in changed.items():
        products["7"]["variants"][item_id.removeprefix("v")]["available"] = available
    return Dataset({}, {}, products)


def test_a_product_is_as_dear_as_its_cheapest_variant_and_has_all_their_options() -> None:
    (mug,) = products_of(dataset())
    assert (mug.product_id, mug.title, mug.price, mug.stock) == ("7", "Mug", 10.1, None)
    assert mug.attributes == {"size": ["71", "72", "73"]}


def test_what_cannot_be_had_sets_no_price() -> None:
    (mug,) = products_of(dataset(v71=False))
    assert (mug.price, mug.stock) == (14.3, None)
    (gone,) = products_of(dataset(v71=False, v72=False, v73=False))
    assert (gone.price, gone.stock) == (None, 0)


def test_a_product_of_another_shape_is_refused_in_one_line() -> None:
    with pytest.raises(EvaluationError, match="not of the expected shape"):
        products_of(Dataset({}, {}, {"7": {"name": "Mug"}}))
