"""Turns what was said and what is known about the shopper into conditions, each with its origin and its reason."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace

from retrievers.records import FeatureValue, FilterItem, FilterPlan, Reading, ShopperFeatures

IN_STOCK = FilterItem("stock", "gte", 1, "policy", "in stock")
USUAL_SPEND_FACTOR = 1.5  # price ceiling of an open question, times the average order value (DESIGN section 2)
_UNREADABLE = FilterItem("declared_limits", "eq", "unknown", "declared", "unreadable")
_TOLD = {  # why a limit cannot be kept where no product states the field
    "price": "this shop gives no prices",
    "rating": "this shop has no ratings",
    "brand": "this shop does not name brands",
    "category": "this shop has no categories",
    "material": "this shop does not name materials",
    "colour": "this shop does not name colours",
}
_LIMITS = frozenset(
    f"user_profile:{name}" for name in ("budget_limit", "onboarding_budget", "excluded_brands", "excluded_materials")
)
_RELAX_ORDER = ("price", "category")  # behavioural conditions give way in this order


def make_plan(reading: Reading, features: ShopperFeatures | None, fields: Collection[str] | None = None) -> FilterPlan:
    """The conditions of a search. Without features (None) declared limits are listed as dropped: unreadable.

    `fields` are those the catalogue states; a limit on another is dropped, since it would leave nothing. A present's
    receiver has tastes of their own, so behaviour narrows nothing then. Products pointed at are shown as they are;
    those shown `again` keep what they were found by, which behaviour may have given up.
    """
    if reading.intent in ("policy", "courtesy") or (reading.only and not reading.again):
        return FilterPlan()
    dropped = [replace(item, reason=f"{item.reason}: not the currency of this shop") for item in reading.foreign]
    dropped += reading.unread
    wanted = list(reading.limits)
    if features is None:
        dropped.append(_UNREADABLE)
    else:
        for item in _declared(features):
            if any(_replaces(stated, item) for stated in reading.limits):
                dropped.append(replace(item, reason="replaced by what you asked for now"))
            else:
                wanted.append(item)
        if reading.intent == "open" and reading.recipient is None and not reading.again:
            wanted += _behavioural(features)
    untold = [item for item in wanted if fields is not None and item.field in _TOLD and item.field not in fields]
    dropped += [replace(item, reason=f"{item.reason}: {_TOLD[item.field]}") for item in untold]
    kept = [item for item in wanted if item not in untold]
    policy = () if any(item.field == IN_STOCK.field for item in kept) else (IN_STOCK,)
    return FilterPlan(honoured=(*kept, *policy), dropped=tuple(dropped))


def relax(plan: FilterPlan) -> FilterPlan | None:
    """The plan with the next behavioural condition given up; None when only hard ones are left."""
    for field in _RELAX_ORDER:
        for item in plan.honoured:
            if item.origin == "behavioural" and item.field == field:
                relaxed = replace(item, reason="too few products were left")
                rest = tuple(other for other in plan.honoured if other is not item)
                return replace(plan, honoured=rest, relaxed=(*plan.relaxed, relaxed))
    return None


def without_feature(plan: FilterPlan, feature: str) -> FilterPlan:
    """The plan as it would be had `feature` been unknown."""
    return FilterPlan(
        honoured=tuple(item for item in plan.honoured if item.feature != feature),
        relaxed=tuple(item for item in plan.relaxed if item.feature != feature),
        dropped=tuple(item for item in plan.dropped if item.feature != feature),
    )


def _replaces(stated: FilterItem, declared: FilterItem) -> bool:
    """On the same field what is said now counts, except that ruling one thing out does not let another in."""
    return stated.field == declared.field and not (stated.op == "not_in" and declared.op == "not_in")


def _declared(features: ShopperFeatures) -> Iterable[FilterItem]:
    budget = _value(features, "user_profile:budget_limit") or _value(features, "user_profile:onboarding_budget")
    if budget is not None:
        yield FilterItem("price", "lte", float(budget.value), "declared", "the limit you set", budget.name)
    for field, name in (("brand", "excluded_brands"), ("material", "excluded_materials")):
        excluded = _value(features, f"user_profile:{name}")
        if excluded is not None:
            values = tuple(str(value).casefold() for value in excluded.value)
            yield FilterItem(field, "not_in", values, "declared", "what you asked to leave out", excluded.name)


def _behavioural(features: ShopperFeatures) -> Iterable[FilterItem]:
    interest = recent_interest(features)
    if interest is not None:
        categories = interest.value if isinstance(interest.value, list | tuple) else [interest.value]
        values = tuple(str(value).casefold() for value in categories)
        yield FilterItem("category", "in", values, "behavioural", "what you look at most", interest.name)
    spend = _own(features, "user_behavior:avg_order_value")
    if spend is not None:
        ceiling = round(USUAL_SPEND_FACTOR * float(spend.value), 2)
        yield FilterItem("price", "lte", ceiling, "behavioural", "what you usually spend", spend.name)


Taste = Callable[[Reading, ShopperFeatures], ShopperFeatures]  # the facts that may order products


def own_taste(reading: Reading, features: ShopperFeatures) -> ShopperFeatures:
    """What may order products: everything known of the shopper, or for somebody else's present their limits alone."""
    if reading.recipient is None:
        return features
    return {name: value for name, value in features.items() if name in _LIMITS}


def recent_interest(features: ShopperFeatures) -> FeatureValue | None:
    """The shopper's own interest, the most recent first; population defaults never narrow a search."""
    names = (
        "user_clicks_last_24h:favorite_category",
        "user_profile:onboarding_categories",
        "user_behavior:favorite_category",
    )
    return next((value for name in names if (value := _own(features, name)) is not None), None)


def _own(features: ShopperFeatures, name: str) -> FeatureValue | None:
    value = _value(features, name)
    return value if value is not None and value.status != "default" else None


def _value(features: ShopperFeatures, name: str) -> FeatureValue | None:
    value = features.get(name)
    return value if value is not None and value.readable and value.value not in ((), []) else None
