"""The output rail: what may not be shown, however well it is cited. Works on a whole answer and on the text so far."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from graphs.guardrails.leak import leaks
from graphs.guardrails.personal import find_personal
from graphs.guardrails.policy import Policy
from graphs.guardrails.trusted import STORE_TEXTS, Trusted, stock_agrees
from graphs.sources import Sources
from graphs.verification.markers import markers, without_markers
from graphs.verification.sentences import split
from retrievers.document_type import DocumentType
from retrievers.embedding.tokens import tokens
from retrievers.records import Evidence
from retrievers.sanitising.instructions import Instructions
from retrievers.sanitising.visible import normalise

_CONTACTS = ("email", "phone")


@dataclass(frozen=True, slots=True)
class OutputScreen:
    """`text` is what may be shown: all of it, nothing (refuse), or all but the offending sentences (redact)."""

    action: Literal["allow", "refuse", "redact"]
    text: str
    reasons: tuple[str, ...] = ()


class OutputRail:
    """One turn's output rail. Fails closed: a text that it cannot judge is not shown."""

    def __init__(self, sources: Sources, policy: Policy, system_prompt: str = "") -> None:
        self._sources, self._policy, self._system = sources, policy, system_prompt
        self._trusted: Trusted | None = None

    def screen(self, text: str) -> OutputScreen:
        """A leaked prompt refuses the whole; anything else costs the sentence it is in."""
        try:
            return self._screen(text)
        except Exception:  # whatever broke, nothing unjudged is shown
            return OutputScreen("refuse", "", ("rail_down",))

    def objections(self, so_far: str, more: str) -> tuple[str, ...]:
        """Why `more` may not follow what was shown; only `more` is judged by its sentences."""
        try:
            if leaks(f"{so_far} {more}", self._system, self._policy):
                return ("prompt_leak",)
            return tuple(dict.fromkeys(reason for part in split(more) for reason in self._reasons(part.text)))
        except Exception:  # whatever broke, nothing unjudged is shown
            return ("rail_down",)

    def _screen(self, text: str) -> OutputScreen:
        if leaks(text, self._system, self._policy):
            return OutputScreen("refuse", "", ("prompt_leak",))
        kept, reasons, end = "", list[str](), 0
        for sentence in split(text):
            found = list(self._reasons(sentence.text))
            reasons += found
            if not found:
                kept += (text[end : sentence.start] if kept else "") + sentence.text
            end = sentence.end
        if not reasons:
            return OutputScreen("allow", text)
        return OutputScreen("redact" if kept else "refuse", kept, tuple(dict.fromkeys(reasons)))

    def _reasons(self, sentence: str) -> Iterator[str]:
        plain = normalise(sentence)
        yield from self._strangers(plain)
        if self._policy.markup.search(plain):
            yield "markup"
        if self._policy.profanity.search(plain):
            yield "profanity"
        if any(pattern.search(plain) for pattern in self._policy.advice.values()):
            yield "advice"
        yield from self._unfounded(plain, [e for m in markers(plain) if (e := self._sources.evidence.get(m))])

    def _strangers(self, plain: str) -> Iterator[str]:
        """Links, contacts and other people's numbers that the shop does not vouch for."""
        without_email = self._policy.email.sub(" ", plain) if "@" in plain else plain
        if any(not self._vouched.link(found.group()) for found in self._policy.links.finditer(without_email)):
            yield "untrusted_link"
        for found in find_personal(plain, self._policy):
            if found.kind not in _CONTACTS:
                yield "personal_data"
            elif not self._vouched.contact(plain[found.start : found.end]):
                yield "untrusted_contact"

    def _unfounded(self, plain: str, cited: list[Evidence]) -> Iterator[str]:
        """Prices and stock that are not the live ones, and what a source has no authority to say."""
        bare = without_markers(plain)
        if not self._vouched.amounts(bare):
            yield "wrong_price"
        products = [item for item in cited if item.type is DocumentType.PRODUCT]
        if len(products) == 1 and not stock_agrees(bare, self._stock(products[0])):
            yield "wrong_stock"
        if not cited or any(item.type in STORE_TEXTS for item in cited):
            return
        reviewed = any(item.type is DocumentType.REVIEW for item in cited)
        if self._policy.terms.search(bare) or (reviewed and self._overreaches(bare, products)):
            yield "no_authority"
        if Instructions.load().is_errand(bare):
            yield "request"

    def _overreaches(self, bare: str, products: list[Evidence]) -> bool:
        """Whether a sentence that rests on a review speaks of what only the live facts or the product's row may say."""
        for found in self._policy.matters.finditer(bare):
            said = frozenset(word for word in found.group().casefold().split() if word.isalpha())
            told = frozenset(tokens(" ".join(said - self._policy.typed_words)))
            if not products or not told.issubset(tokens("\n".join(item.text for item in products))):
                return True
        return False

    def _stock(self, product: Evidence) -> int | None:
        facts = self._sources.items.get(str(product.metadata.get("product_id")))
        return facts.stock if facts else None

    @property
    def _vouched(self) -> Trusted:
        """Made when first needed, so that a failure to make it is the rail's failure."""
        if self._trusted is None:
            self._trusted = Trusted(self._sources, self._policy)
        return self._trusted


def screen_output(text: str, sources: Sources, policy: Policy, system_prompt: str = "") -> OutputScreen:
    """The rail on one whole text."""
    return OutputRail(sources, policy, system_prompt).screen(text)
