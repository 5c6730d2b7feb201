from __future__ import annotations

import pytest

RECORDS = {
    "A": {"product_id": "A", "kind": "mug", "brand": "Osa", "price": 20.0, "rating": 4.5, "stock": 3, "attributes": {}},
    "B": {"product_id": "B", "kind": "mug", "brand": "Karst", "price": 30.0, "rating": 4.0, "stock": 0},
    "C": {"product_id": "C", "kind": "kettle", "brand": "Osa", "price": 60.0, "rating": None, "stock": 9},
}


@pytest.fixture
def records():
    attributes = {"capacity_ml": 1200.0, "material": "stainless steel", "insulated": True, "stars": 4.83}
    return {**RECORDS, "A": {**RECORDS["A"], "attributes": attributes}}


@pytest.fixture
def answered():
    """An answer that shows these products and says more of what is given."""

    def made(*shown: str, **more):
        cards = [{"product_id": each, "price": 1.0, "in_stock": True} for each in shown]
        return {"answer": "Here you are.", "products": cards, "guard": {"action": "allow"}, **more}

    return made
