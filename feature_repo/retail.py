"""What a shop knows about its shoppers and its shelf."""

from __future__ import annotations

from datetime import timedelta

from feast import Entity, FeatureService, FeatureView, ValueType
from feast.types import Array, Float64, Int64, Json, String, UnixTimestamp

from feature_repo.declare import Repository, SourceFactory, feature, view

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
YEAR = timedelta(days=365)
FOREVER = timedelta(days=3650)  # what a shopper declared holds until the shopper changes it


def retail(source: SourceFactory) -> Repository:
    """The retail declarations over the sources of a profile."""
    user = Entity(name="user", join_keys=["user_id"], value_type=ValueType.STRING)
    item = Entity(name="item", join_keys=["product_id"], value_type=ValueType.STRING)
    of_shopper = [
        _user_behavior(user, source),
        _user_clicks_last_24h(user, source),
        _user_session(user, source),
        _user_profile(user, source),
        _user_purchases(user, source),
    ]
    stats, purchases = _item_stats(item, source), _item_purchases(item, source)
    return Repository(
        entities=(user, item),
        views=(*of_shopper, stats, purchases),
        services=(
            FeatureService(name="shopper_turn", features=of_shopper),
            FeatureService(name="item_turn", features=[stats]),
            FeatureService(name="item_orders", features=[purchases]),
        ),
    )


def _user_behavior(user: Entity, source: SourceFactory) -> FeatureView:
    """No category and no amount are shipped: neither exists in every shop, and an amount has a currency."""
    return view(
        "user_behavior",
        user,
        source,
        [
            feature("favorite_category", String, "category", "Favourite category", "선호 카테고리", default="mode"),
            feature("avg_order_value", Float64, "currency", "Average order", "평균 주문 금액", default="mean"),
            feature(
                "total_purchases_30d",
                Int64,
                "count",
                "Purchases in the last 30 days",
                "최근 30일 구매 횟수",
                default="mean",
                shipped=0,
            ),
            feature("last_viewed_brand", String, "brand", "Brand viewed last", "최근 본 브랜드"),
            feature(
                "price_sensitivity_score",
                Float64,
                "score",
                "Price sensitivity",
                "가격 민감도",
                default="mean",
                shipped=0.5,
            ),
        ],
        ttl=30 * DAY,
        freshness=DAY,
    )


def _user_clicks_last_24h(user: Entity, source: SourceFactory) -> FeatureView:
    return view(
        "user_clicks_last_24h",
        user,
        source,
        [
            feature("click_count", Int64, "count", "Clicks in the last 24 hours", "최근 24시간 클릭 수"),
            feature(
                "favorite_category",
                String,
                "category",
                "Category browsed most in the last 24 hours",
                "최근 24시간 가장 많이 둘러본 카테고리",
            ),
            feature(
                "browse_minutes",
                Json,
                "minutes",
                "Minutes browsed by category",
                "카테고리별 둘러본 시간(분)",
                values="number",
            ),
        ],
        ttl=DAY,
        freshness=timedelta(minutes=1),
    )


def _user_session(user: Entity, source: SourceFactory) -> FeatureView:
    """One row, three lives: the last purchase counts for 30 days, views and the cart for one, views of an hour for it.

    Purchases set the view's ttl; the others carry a hard age of their own.
    """
    return view(
        "user_session",
        user,
        source,
        [
            feature("last_viewed_product", String, "product", "Product viewed last", "최근 본 상품", hard_age=DAY),
            feature("last_viewed_brand", String, "brand", "Brand viewed last", "최근 본 브랜드", hard_age=DAY),
            feature(
                "last_viewed_category", String, "category", "Category viewed last", "최근 본 카테고리", hard_age=DAY
            ),
            feature("views_last_hour", Int64, "count", "Views in the last hour", "최근 1시간 조회 수", hard_age=HOUR),
            feature("cart_total", Float64, "currency", "Cart total", "장바구니 합계", hard_age=DAY),
            feature("last_purchase_product", String, "product", "Product bought last", "최근 구매 상품"),
            feature("last_purchase_category", String, "category", "Category bought last", "최근 구매 카테고리"),
            feature("last_purchased_at", UnixTimestamp, "time", "Time of the last purchase", "최근 구매 시각"),
        ],
        ttl=30 * DAY,
        freshness=timedelta(seconds=5),
    )


def _user_profile(user: Entity, source: SourceFactory) -> FeatureView:
    return view(
        "user_profile",
        user,
        source,
        [
            feature("budget_limit", Float64, "currency", "Budget limit", "예산 한도"),
            feature("excluded_brands", Array(String), "brand", "Excluded brands", "제외한 브랜드"),
            feature("excluded_materials", Array(String), "material", "Excluded materials", "제외한 소재"),
            feature("sizes", Json, "size", "Sizes", "사이즈", values="string"),
            feature(
                "onboarding_categories",
                Array(String),
                "category",
                "Categories of interest",
                "관심 카테고리",
                onboarding=True,
            ),
            feature("onboarding_budget", Float64, "currency", "Usual budget", "평소 예산", onboarding=True),
        ],
        ttl=FOREVER,
        freshness=timedelta(seconds=5),
    )


def _user_purchases(user: Entity, source: SourceFactory) -> FeatureView:
    """What orders say, as `item_purchases`: computed from all of them by a job, so it outlives a session."""
    return view(
        "user_purchases",
        user,
        source,
        [
            feature("purchased_products", Json, "times", "Products bought before", "구매한 상품", values="number"),
        ],
        ttl=2 * YEAR,
        freshness=DAY,
    )


def _item_purchases(item: Entity, source: SourceFactory) -> FeatureView:
    return view(
        "item_purchases",
        item,
        source,
        [
            feature("order_share", Float64, "share", "Share of recent orders", "최근 주문 비중"),
            feature("trend", Float64, "ratio", "Recent orders against usual", "평소 대비 최근 주문"),
            feature("repurchase_rate", Float64, "share", "Bought again", "재구매율"),
            feature("bought_together", Json, "score", "Often bought together", "함께 구매한 상품", values="number"),
        ],
        ttl=30 * DAY,
        freshness=DAY,
    )


def _item_stats(item: Entity, source: SourceFactory) -> FeatureView:
    return view(
        "item_stats",
        item,
        source,
        [
            feature("price", Float64, "currency", "Price", "가격"),
            feature("stock", Int64, "count", "In stock", "재고"),
            feature("rating", Float64, "stars", "Rating", "평점"),
            feature("rating_count", Int64, "count", "Ratings", "평점 수"),
            feature("popularity", Float64, "score", "Popularity", "인기도"),
        ],
        ttl=30 * DAY,
        freshness=HOUR,
        hard_age=7 * DAY,
    )
