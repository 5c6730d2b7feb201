"""Why a product fits this shopper, with the facts that say so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from graphs.models.composer.turn import ComposerTurn, Shown, cite
from retrievers.records import FeatureValue, Reason

_MINUTES = "user_clicks_last_24h:browse_minutes"
_STATED_BY = {"after_purchase": "user_session:last_purchase_category"}  # the feature holding the words of the reason
PRICE_REASONS = frozenset({"budget_limit", "onboarding_budget", "usual_spend"})
_SAID_ANYWAY = frozenset({"top_rated", "popular_default"})  # by the rating, and by the notice about defaults


@dataclass(frozen=True, slots=True)
class Why:
    kind: str
    text: str
    markers: tuple[str, ...]


def why(turn: ComposerTurn, product: Shown, told: Collection[str]) -> Why | None:
    """The strongest reason that can be cited and is not of a kind `told` already."""
    for reason in product.reasons:
        if reason.kind in _SAID_ANYWAY or reason.kind in told or not _amount_holds(turn, product, reason):
            continue
        markers = _markers(turn, reason)
        if markers:
            return Why(reason.kind, turn.phrases.reason(_citable(turn, reason)), markers)
    return None


def opening(turn: ComposerTurn, products: Sequence[Shown]) -> tuple[str, set[str]]:
    """A sentence naming the fact behind most of these products, and the kinds of reason it told."""
    for reason in _commonest(reason for product in products for reason in product.reasons):
        spoken = _citable(turn, _with_own_amount(turn, reason))
        key = f"open_{turn.phrases.variant(spoken)}"
        markers = _markers(turn, spoken)
        if markers and key in turn.phrases.table["composer"]:
            return turn.phrases.say(key, **turn.phrases.params(spoken), cite=cite(markers)), {reason.kind}
    return turn.phrases.say("open_neutral"), set()


def _commonest(reasons: Iterable[Reason]) -> list[Reason]:
    """One reason of each kind, the commonest kind first; among equals, the one met first."""
    first: dict[str, Reason] = {}
    counts: Counter[str] = Counter()
    for reason in reasons:
        first.setdefault(reason.kind, reason)
        counts[reason.kind] += 1
    return [first[kind] for kind, _ in counts.most_common()]


def _markers(turn: ComposerTurn, reason: Reason) -> tuple[str, ...]:
    """Empty when the shopper's own facts do not hold what the reason says."""
    source = _STATED_BY.get(reason.kind, reason.feature)
    feature = turn.context.features.get(source)
    marker = turn.sources.feature_marker(source)
    if feature is None or marker is None or feature.status == "default" or reason.params.get("category", "") is None:
        return ()
    if "product" in reason.params and reason.params["product"] not in _titles(turn):
        return ()
    minutes = turn.sources.feature_marker(_MINUTES) if reason.params.get("minutes") is not None else None
    return (marker, minutes) if minutes else (marker,)


def _titles(turn: ComposerTurn) -> set[str]:
    """What is among the sources: the shopper's facts hold identifiers, and only these say what they mean."""
    return {evidence.title for evidence in turn.sources.evidence.values()}


def _citable(turn: ComposerTurn, reason: Reason) -> Reason:
    """Without the minutes when the fact that holds them is not among the sources."""
    if turn.sources.feature_marker(_MINUTES):
        return reason
    return replace(reason, params={name: value for name, value in reason.params.items() if name != "minutes"})


def _amount_holds(turn: ComposerTurn, product: Shown, reason: Reason) -> bool:
    """Citable when the fact holds the amount and the price keeps it; a ceiling above the usual spend is derived."""
    feature = _amount_feature(turn, reason)
    if feature is None:
        return True
    amount = float(reason.params["amount"])
    return product.price is not None and product.price <= amount and abs(float(feature.value) - amount) < 0.005


def _with_own_amount(turn: ComposerTurn, reason: Reason) -> Reason:
    feature = _amount_feature(turn, reason)
    return reason if feature is None else replace(reason, params={**reason.params, "amount": feature.value})


def _amount_feature(turn: ComposerTurn, reason: Reason) -> FeatureValue | None:
    feature = turn.context.features.get(reason.feature)
    return feature if "amount" in reason.params and feature is not None and feature.readable else None
