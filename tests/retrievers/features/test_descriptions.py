from datetime import timedelta

from retrievers.features.declared import declared_retail
from retrievers.features.descriptions import retail_descriptions
from retrievers.features.store import FeastStore


def test_one_description_a_feature_whatever_the_sources(store: FeastStore) -> None:
    """After a wanted change of the declarations: `python -m retrievers.features.declared`."""
    assert retail_descriptions() == declared_retail() == store.descriptions
    assert len(store.descriptions) == 32
    assert all(name == description.name for name, description in store.descriptions.items())


def test_a_description_carries_the_tags() -> None:
    price = retail_descriptions()["item_stats:price"]
    assert (price.entity, price.dtype, price.unit) == ("item", "Float64", "currency")
    assert price.names == {"en": "Price", "ko": "가격"}
    assert (price.ttl, price.hard_age, price.lifetime) == (timedelta(days=30), timedelta(days=7), timedelta(days=7))
    assert price.default is None


def test_a_feature_may_be_shorter_lived_than_its_view() -> None:
    known = retail_descriptions()
    assert known["user_session:views_last_hour"].lifetime == timedelta(hours=1)
    assert known["user_session:last_purchase_product"].lifetime == timedelta(days=30)


def test_shipped_values_keep_their_type() -> None:
    known = retail_descriptions()
    assert known["user_behavior:price_sensitivity_score"].shipped == 0.5
    assert known["user_behavior:total_purchases_30d"].shipped == 0
    assert known["user_behavior:favorite_category"].shipped is None
