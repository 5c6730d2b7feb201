"""The gate between a model's words and the shopper: a sentence passes whole and checked, or not at all."""

from __future__ import annotations

from collections.abc import Callable

from graphs.answer import Claim
from graphs.guardrails.output import screen_output
from graphs.guardrails.policy import Policy
from graphs.sources import Sources
from graphs.turn import Lang
from graphs.verification.sentences import SentenceBuffer
from graphs.verification.verify import examine

_MAY_PASS = ("supported", "not_a_claim")


class Gate:
    """Collects a stream, examines each sentence against its sources and the output rail, and releases what holds.

    `on_release` gets the sentence's number and its text, separated so that the texts concatenate to `released`.
    """

    def __init__(
        self, sources: Sources, lang: Lang, policy: Policy, system: str, on_release: Callable[[int, str], None]
    ) -> None:
        self._sources, self._lang, self._policy, self._system = sources, lang, policy, system
        self._on_release = on_release
        self._buffer = SentenceBuffer(lang)
        self._count = 0
        self.released = ""
        self.rejected: list[Claim] = []

    def feed(self, chunk: str) -> None:
        for sentence in self._buffer.feed(chunk):
            self._examine(sentence)

    def finish(self) -> None:
        for sentence in self._buffer.flush():
            self._examine(sentence)

    def abandon_sentence(self) -> None:
        """Forgets a sentence the stream was cut in the middle of."""
        self._buffer = SentenceBuffer(self._lang)

    def _examine(self, sentence: str) -> None:
        text = sentence.strip()
        if not text:
            return
        claim = examine(text, self._sources, self._lang)
        separated = f"{_separator(self.released, sentence)}{text}"
        safe = screen_output(self.released + separated, self._sources, self._policy, self._system).action == "allow"
        if claim.verdict not in _MAY_PASS or not safe:
            self.rejected.append(claim)
            return
        self.released += separated
        self._on_release(self._count, separated)
        self._count += 1


def _separator(before: str, sentence: str) -> str:
    if not before:
        return ""
    return "\n" if sentence.startswith("\n") else " "
