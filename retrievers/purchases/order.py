"""One purchase, whatever file or event it came from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Order:
    """`products` are distinct; how many of each were bought says little about whether they will be again."""

    order_id: str
    shopper_id: str
    time: datetime
    products: tuple[str, ...]
