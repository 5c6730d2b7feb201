"""The gate between a model's words and the shopper: a sentence passes whole and checked, or not at all."""

from __future__ import annotations

from collections.abc import Callable

from graphs.guardrails.output import OutputRail
from graphs.guardrails.policy import Policy
from graphs.sources import Sources
from graphs.turn import Lang
from graphs.verification.examine import examined
from graphs.verification.judge import Judge, passages_of
from graphs.verification.outcome import RejectedClaim
from graphs.verification.sentences import SentenceBuffer
from graphs.verification.verify import Settled, may_be_judged, settle


class Gate:
    """Collects a stream, settles each sentence with its sources and the output rail, and releases what holds.

    Courtesies wait for the first supported sentence: an answer whose facts all fail is not shown as a greeting, and can
    still be written again. `on_release` gets a sentence's number and its text; the texts concatenate to `released`.
    """

    def __init__(
        self,
        sources: Sources,
        lang: Lang,
        policy: Policy,
        system: str,
        on_release: Callable[[int, str], None],
        judge: Judge | None = None,
    ) -> None:
        self._sources, self._lang, self._judge = sources, lang, judge
        self._policy, self._system = policy, system
        self._rail = OutputRail(sources, policy, system)
        self._on_release = on_release
        self._buffer = SentenceBuffer()
        self._count = 0
        self._waiting: list[str] = []
        self.released = ""
        self.rejected: list[RejectedClaim] = []
        self.judged: list[str] = []  # uncertain sentences the judge accepted
        self.withheld: list[str] = []  # the output rail's reasons, in the order they came up

    async def feed(self, chunk: str) -> None:
        for sentence in self._buffer.feed(chunk):
            await self._examine(sentence)

    def learn(self, sources: Sources) -> None:
        """Tools found more: later sentences may cite it."""
        self._sources = sources
        self._rail = OutputRail(sources, self._policy, self._system)

    async def finish(self) -> None:
        """Ends the answer; one made of courtesies alone is released only if nothing else was said."""
        for sentence in self._buffer.flush():
            await self._examine(sentence)
        if not self.rejected:
            self._release_waiting()

    def abandon(self) -> None:
        """Forgets what a stream that broke off had not yet earned."""
        self._buffer = SentenceBuffer()
        self._waiting.clear()

    async def _examine(self, sentence: str) -> None:
        if not sentence.strip():
            return
        settled = await self._settled(sentence.strip())
        if settled.rejected:
            self.rejected.append(settled.rejected)
        if settled.shown is None:
            return
        lead = sentence[: len(sentence) - len(sentence.lstrip())]
        shown = lead + settled.shown.text
        if settled.shown.verdict == "not_a_claim":
            self._waiting.append(shown)
            if self.released:
                self._release_waiting()
        elif self._safe("".join((*self._waiting, shown))):
            self._release_waiting()
            self._release(shown)
        else:
            self.rejected.append(RejectedClaim(settled.shown, "withheld"))

    async def _settled(self, sentence: str) -> Settled:
        """The judge is asked only about what would be dropped for the want of certainty."""
        settled = settle(sentence, self._sources, self._lang)
        if self._judge is None or settled.shown is not None:
            return settled
        found = examined(sentence, self._sources, self._lang)
        if may_be_judged(found) and await self._judge.supports(sentence, passages_of(found.case)):
            self.judged.append(sentence)
            return settle(sentence, self._sources, self._lang, self.judged)
        return settled

    def _safe(self, more: str) -> bool:
        objections = self._rail.objections(self.released, more)
        self.withheld += [reason for reason in objections if reason not in self.withheld]
        return not objections

    def _release_waiting(self) -> None:
        for sentence in self._waiting:
            if self._safe(sentence):
                self._release(sentence)
        self._waiting.clear()

    def _release(self, sentence: str) -> None:
        text = _separator(sentence, first=not self.released) + sentence.strip()
        self.released += text
        self._on_release(self._count, text)
        self._count += 1


def _separator(sentence: str, *, first: bool) -> str:
    """The white space before a sentence, as verification will keep it: a space, a line break or an empty line."""
    if first:
        return ""
    breaks = sentence[: len(sentence) - len(sentence.lstrip())].count("\n")
    return "\n" * min(breaks, 2) or " "
