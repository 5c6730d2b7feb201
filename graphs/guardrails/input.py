"""The input rail: what a shopper wrote, made safe to work with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeVar

from graphs.guardrails.language import language_of
from graphs.guardrails.ngrams import NgramModel
from graphs.guardrails.personal import mask_personal, without_placeholders
from graphs.guardrails.policy import Policy
from graphs.guardrails.structure import odd_forms
from retrievers.records import Degradation
from retrievers.sanitising.instructions import Instructions
from retrievers.sanitising.visible import normalise

T = TypeVar("T")

ATTACKS = frozenset(("injection", "danger"))
WARY = frozenset(("suspicious", "odd_form", "unchecked"))  # allowed, but no language model gets to read it


@dataclass(frozen=True, slots=True)
class InputScreen:
    """`text` is normalised and masked, also when refused, so that it may be logged; `masked` lists kinds of data.

    An allowed request may still have reasons: those of WARY, and `unread_language`. `degraded` lists rails that broke:
    the request goes on without them.
    """

    text: str
    action: Literal["allow", "refuse"]
    reasons: tuple[str, ...] = ()
    masked: tuple[str, ...] = ()
    degraded: tuple[Degradation, ...] = ()


def screen_input(text: str, policy: Policy) -> InputScreen:
    """Reasons to refuse: empty, distress, danger, injection, too_long, off_topic, treatment, others_data, masked, in
    this order.

    A `masked` message has nothing to answer once its personal data is gone.
    """
    rails, nothing = _Rails(), tuple[str, ...]()
    plain = rails.run("normalisation", lambda: normalise(text).strip(), text.strip())
    clean, masked = rails.run("personal data", lambda: mask_personal(plain, policy), (plain, nothing))
    refused = rails.run("patterns", lambda: tuple(_refusals(clean, masked, policy)), nothing)
    if refused:
        return InputScreen(clean[: policy.max_input], "refuse", refused, masked, tuple(rails.broken))
    suspicious = rails.run("n-grams", lambda: NgramModel.shipped().flags(clean), False)
    odd = rails.run("structure", lambda: odd_forms(text, clean, policy), nothing)
    spoken = rails.run("language", lambda: language_of(clean), None)
    found = {
        "suspicious": suspicious,
        "odd_form": bool(odd),
        "unread_language": spoken is not None and spoken not in policy.languages,
        "unchecked": bool(rails.broken),
    }
    reasons = tuple(name for name, raised in found.items() if raised)
    return InputScreen(clean, "allow", reasons, masked, tuple(rails.broken))


class _Rails:
    """Runs one rail after the other; one that breaks is noted and the request goes on with what it had before."""

    def __init__(self) -> None:
        self.broken: list[Degradation] = []

    def run(self, name: str, rail: Callable[[], T], otherwise: T) -> T:
        try:
            return rail()
        except Exception as error:  # whatever broke, an outage of a rail is no reason to send a shopper away
            self.broken.append(Degradation("rail", "error", f"{name}: {type(error).__name__}"))
            return otherwise


def _refusals(text: str, masked: tuple[str, ...], policy: Policy) -> Iterator[str]:
    if not text:
        yield "empty"
    if policy.distress.search(text):
        yield "distress"
    if policy.danger.search(text):
        yield "danger"
    if Instructions.load().overrides(text):
        yield "injection"
    if len(text) > policy.max_input:
        yield "too_long"
    if policy.off_topic.search(text):
        yield "off_topic"
    if policy.treatment.search(text):
        yield "treatment"
    if policy.others_data.search(text):
        yield "others_data"
    if masked and not policy.beside.sub("", without_placeholders(text, masked)):
        yield "masked"
