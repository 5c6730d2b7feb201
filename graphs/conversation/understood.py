"""What a message came to mean, once the conversation before it was taken into account."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from retrievers.records import Reading
from tools.records import Decision, ToolCall

UnclearCode = Literal[
    "which_one",  # of the products in `choices`
    "none_of_those",  # nothing shown is like what was `said`
    "no_earlier_products",
    "which_order",
    "which_pending",  # several things wait for a word
    "nothing_pending",
]


@dataclass(frozen=True, slots=True)
class Unclear:
    """Why the answer has to ask back. `params` may hold `said`, the words in question, and `choices`, product ids."""

    code: UnclearCode
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Understood:
    """Exactly one of `reading`, `call`, `decision` and `unclear` is set.

    `question` is what the message means on its own, in words. `then` follows once `call` is done: "buy it now" adds
    the product and then proposes the order.
    """

    question: str
    reading: Reading | None = None
    call: ToolCall | None = None
    decision: Decision | None = None
    unclear: Unclear | None = None
    then: tuple[ToolCall, ...] = ()
