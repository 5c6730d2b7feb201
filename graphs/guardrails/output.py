"""The output rail: what may not be shown, however well it is cited. Works on a whole answer and on the text so far."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from graphs.guardrails.normal import normalise
from graphs.guardrails.personal import find_personal
from graphs.guardrails.policy import Policy
from graphs.sources import Sources
from graphs.verification.sentences import split
from retrievers.catalogue import DocumentType
from retrievers.records import Evidence

_STORE_TEXTS = (DocumentType.FAQ, DocumentType.POLICY)
_LINK_FIELDS = ("url", "image_url")
_SCHEME = re.compile(r"^(?:https?://)?(?:www\.)?", re.IGNORECASE)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class OutputScreen:
    """`text` is what may be shown: all of it, nothing (refuse), or all but the offending sentences (redact)."""

    action: Literal["allow", "refuse", "redact"]
    text: str
    reasons: tuple[str, ...] = ()


def screen_output(text: str, sources: Sources, policy: Policy, system_prompt: str = "") -> OutputScreen:
    """A leaked prompt refuses the whole; links, contacts, markup and profanity cost the sentence they are in."""
    if shares_words(text, system_prompt, policy.prompt_overlap):
        return OutputScreen("refuse", "", ("prompt_leak",))
    trusted = _Trusted(sources, policy)
    kept, reasons = "", list[str]()
    end = 0
    for sentence in split(text):
        found = list(_reasons(sentence.text, trusted, policy))
        reasons += found
        if not found:
            kept += (text[end : sentence.start] if kept else "") + sentence.text
        end = sentence.end
    if not reasons:
        return OutputScreen("allow", text)
    return OutputScreen("redact" if kept else "refuse", kept, tuple(dict.fromkeys(reasons)))


def shares_words(text: str, other: str, count: int) -> bool:
    """Whether both contain the same `count` words in a row, whatever stands between the words."""
    return not _runs(text, count).isdisjoint(_runs(other, count))


def _reasons(sentence: str, trusted: _Trusted, policy: Policy) -> Iterator[str]:
    plain = normalise(sentence)
    without_email = policy.email.sub(" ", plain)
    if any(not trusted.link(found.group()) for found in policy.links.finditer(without_email)):
        yield "untrusted_link"
    if any(not trusted.contact(plain[found.start : found.end]) for found in find_personal(plain, policy)):
        yield "untrusted_contact"
    if policy.markup.search(plain):
        yield "markup"
    if policy.profanity.search(plain):
        yield "profanity"


class _Trusted:
    """Links of product rows, links and contacts of the store's own texts; nothing that shoppers wrote.

    A product may be called what looks like a site or a number: its name may be said, and nothing but the name.
    """

    def __init__(self, sources: Sources, policy: Policy) -> None:
        store = [item for item in sources.evidence.values() if item.type in _STORE_TEXTS]
        products = [item for item in sources.evidence.values() if item.type == DocumentType.PRODUCT]
        fields = [field for item in (*store, *products) for field in _link_fields(item)]
        written = normalise("\n".join(item.text for item in store))
        links = [*fields, *(found.group() for found in policy.links.finditer(written))]
        named = normalise("\n".join(_named(item) for item in products))
        self._links = frozenset(_bare(link) for link in links)
        names = (_bare(found.group()) for found in policy.links.finditer(named))
        self._hosts = frozenset(link.partition("/")[0] for link in (*self._links, *names))
        self._contacts = frozenset(
            _plain(text[found.start : found.end]) for text in (written, named) for found in find_personal(text, policy)
        )

    def link(self, link: str) -> bool:
        """The very link, or just the name of a trusted site."""
        bare = _bare(link)
        return bare in self._links or bare in self._hosts

    def contact(self, contact: str) -> bool:
        return _plain(contact) in self._contacts


def _link_fields(item: Evidence) -> list[str]:
    fields = [item.source, *(item.metadata.get(name) for name in _LINK_FIELDS)]
    return [field for field in fields if isinstance(field, str)]


def _named(product: Evidence) -> str:
    attributes = product.metadata.get("attributes") or {}
    return "\n".join([product.title, *(f"{name}: {value}" for name, value in attributes.items())])


def _bare(link: str) -> str:
    return _SCHEME.sub("", link).rstrip(".,;:!?/").casefold()


def _plain(contact: str) -> str:
    """An e-mail address as it is, a number as its digits."""
    return contact.casefold() if "@" in contact else re.sub(r"\D", "", contact)


def _runs(text: str, count: int) -> frozenset[tuple[str, ...]]:
    words = _WORD.findall(normalise(text).casefold())
    return frozenset(tuple(words[at : at + count]) for at in range(len(words) - count + 1))
