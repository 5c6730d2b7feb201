from datetime import timedelta

import pytest
from feast import FileSource

from feature_repo.declare import Repository
from feature_repo.retail import retail

UNITS = {
    "category",
    "currency",
    "count",
    "brand",
    "score",
    "minutes",
    "product",
    "time",
    "material",
    "size",
    "stars",
} | {
    "times",
    "share",
    "ratio",
}


@pytest.fixture(scope="module")
def repository() -> Repository:
    return retail(lambda view: FileSource(name=view, path=f"{view}.parquet", timestamp_field="event_timestamp"))


def test_every_view_declares_its_ages(repository: Repository) -> None:
    assert [view.name for view in repository.views] == [
        "user_behavior",
        "user_clicks_last_24h",
        "user_session",
        "user_profile",
        "user_purchases",
        "item_stats",
        "item_purchases",
    ]
    for view in repository.views:
        freshness, hard_age = int(view.tags["freshness_target"]), int(view.tags["hard_age"])
        assert 0 < freshness < hard_age <= view.ttl.total_seconds()


def test_the_ages_are_those_agreed(repository: Repository) -> None:
    ttl = {view.name: view.ttl for view in repository.views}
    assert ttl["user_behavior"] == timedelta(days=30)
    assert ttl["user_clicks_last_24h"] == timedelta(days=1)
    assert repository.view("item_stats").tags["hard_age"] == str(7 * 24 * 3600)


def test_every_feature_has_names_in_both_languages_and_a_known_unit(repository: Repository) -> None:
    for view in repository.views:
        assert view.features
        for field in view.features:
            assert field.tags["display_en"]
            assert any("가" <= letter <= "힣" for letter in field.tags["display_ko"]), field.name
            assert field.tags["unit"] in UNITS


def test_nothing_declared_or_personal_may_be_assumed_from_others(repository: Repository) -> None:
    assumed = {
        f"{view.name}:{field.name}" for view in repository.views for field in view.features if "default" in field.tags
    }
    assert assumed == {
        "user_behavior:favorite_category",
        "user_behavior:avg_order_value",
        "user_behavior:total_purchases_30d",
        "user_behavior:price_sensitivity_score",
    }


def test_every_view_has_a_push_source_and_a_service(repository: Repository) -> None:
    assert {view.stream_source.name for view in repository.views} == {f"{view.name}_push" for view in repository.views}
    served = [projection.name for service in repository.services for projection in service.feature_view_projections]
    assert sorted(served) == sorted(view.name for view in repository.views)
    assert {service.name for service in repository.services} == {"shopper_turn", "item_turn", "item_orders"}


def test_an_unknown_view_is_named_with_the_known_ones(repository: Repository) -> None:
    with pytest.raises(ValueError, match="unknown feature view 'user_mood'; one of: user_behavior, "):
        repository.view("user_mood")
