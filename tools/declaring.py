"""A value a shopper declares by hand, held to what its feature holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from retrievers.features.descriptions import FeatureDescription, retail_descriptions
from retrievers.features.typed import typed

VIEW = "user_profile"
_MOST, _LONGEST = 50, 100  # names in a list, characters of a name
_DEAREST = 1e9  # in any currency: beyond it somebody has slipped
_EXPECTED = {
    "Float64": f"an amount above zero and up to {_DEAREST:,.0f}, such as 300",
    "Array(String)": f"a list of at most {_MOST} names of at most {_LONGEST} characters",
    "Json": 'sizes by kind of thing, such as {"shoes": "9"}',
}


def declared(name: str, value: Any) -> Any:
    """The value as it is stored, None when it says nothing. `name` is `view:feature`.

    Raises ValueError naming it and what is expected, in one line.
    """
    known = retail_descriptions()
    if name not in known or known[name].view != VIEW:
        own = (each.name for each in known.values() if each.view == VIEW)
        raise ValueError(f"{name[:64]!r} is not for a shopper to declare; one of: {', '.join(own)}")
    try:
        return _checked(known[name], value)
    except ValueError:
        raise ValueError(f"{name}: expected {_EXPECTED[known[name].dtype]}, or null to erase it") from None


def _checked(description: FeatureDescription, value: Any) -> Any:
    held = typed(description, value)
    if held is None:
        return None
    if isinstance(held, Mapping):
        return dict(zip(_names(held.keys()), _names(held.values()), strict=True)) or None
    if isinstance(held, list):
        return list(dict.fromkeys(_names(held))) or None
    if not 0 < held <= _DEAREST:
        raise ValueError
    return held


def _names(given: Any) -> list[str]:
    names = [" ".join(name.split()) for name in given]
    if len(names) > _MOST or any(not name or len(name) > _LONGEST for name in names):
        raise ValueError
    return names
