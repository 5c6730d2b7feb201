"""What is left changed in the world, and whether it is what should have been."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

State = dict[str, dict[str, Any]]  # "orders" and "users", each by their ids
Final = Mapping[str, Mapping[str, Any]]


def same(found: Final, final: Final) -> bool:
    """Amounts are compared in cents: the world's own tools leave sums such as 16.96999999999997."""
    return bool(_plain(found) == _plain(final))


def differing(found: Final, final: Final) -> list[str]:
    """Ids of the orders and users that are not as they should be, or should have been left alone."""
    return sorted(_differing(found, final))


def _differing(found: Final, final: Final) -> Iterator[str]:
    for kind in {*found, *final}:
        is_so, should = found.get(kind, {}), final.get(kind, {})
        for key in {*is_so, *should}:
            if key not in is_so or key not in should or _plain(is_so[key]) != _plain(should[key]):
                yield key


def _plain(value: Any) -> Any:
    """Without what means nothing: noise behind the cents, and in which order a user's orders are listed."""
    if isinstance(value, Mapping):
        return {
            key: sorted(each) if key == "orders" and isinstance(each, list) else _plain(each)
            for key, each in value.items()
        }
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return round(value, 2) if isinstance(value, float) else value
