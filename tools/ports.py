"""What tools need done elsewhere; `app` hands in who does it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol


class FeatureWriter(Protocol):
    """Writes facts where the next turn reads them."""

    async def write(self, view: str, row: Mapping[str, Any]) -> None:
        """One whole row: the view's join key, `event_timestamp` and each of its features, None for what is unknown.

        An older event never replaces a newer one. Raises FeaturesUnavailable, and ValueError for a malformed row.
        """
        ...
