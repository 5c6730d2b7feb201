"""A model that lies in every second sentence: whatever the chunks, no lie is ever released."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from graphs.guardrails.policy import Policy
from graphs.release import Gate
from graphs.sources import Sources
from graphs.verification.judge import Judge
from graphs.verification.verify import verify
from tests.support.verified_sources import verified_sources

TRUTHS = [
    "Veloce Tempo 3 Running Shoe costs $129.00 and is rated 4.6 stars [1].",
    "The Fjell Parka is waterproof and filled with goose down [2].",
    "You can return unworn items within 30 days of delivery [4].",
    "You have been looking at winter coats for 20 minutes [F3].",
]
LIES = {  # kind of lie -> sentence, and what of it must not be seen
    "price": ("The Veloce Tempo 3 costs $99.00 [1].", "$99"),
    "currency": ("The Veloce Tempo 3 costs €129.00 [1].", "€"),
    "old price": ("The Veloce Tempo 3 costs $119.00 [1].", "119"),
    "stock": ("The Fjell Parka is in stock [2].", "in stock"),
    "stock count": ("Only 2 left in stock of the Veloce Tempo 3 [1].", "Only 2"),
    "rating": ("Veloce Tempo 3 is rated 4.9 stars [1].", "4.9"),
    "figure and unit": ("The Veloce Tempo 3 weighs 241 kg [1].", " 241 kg"),
    "yes or no": ("The Veloce Tempo 3 is waterproof [1].", "Tempo 3 is waterproof"),
    "enumeration": ("The material of the Veloce Tempo 3 is leather [1].", "leather"),
    "invented feature": ("The Veloce Tempo 3 has a heated insole [1].", "heated"),
    "another product's name": ("The Fjell Parka is a Veloce Tempo 3 [1].", "is a Veloce"),
    "unknown name": ("Unworn items can be returned to Garmin within 30 days [4].", "Garmin"),
    "policy": ("You can return unworn items within 90 days of delivery [4].", "90 days"),
    "no marker": ("The Fjell Parka is the warmest parka on earth.", "warmest"),
    "made-up marker": ("The Fjell Parka has solar panels [7].", "solar"),
    "about the shopper": ("Because you usually buy size 9, the Veloce Tempo 3 fits you [1].", "size 9"),
    "another's feature": ("You have been looking at hiking boots for 20 minutes [F3].", "hiking"),
    "comparison": ("The Norrland Fjell Parka is cheaper than the Veloce Tempo 3 [1][2].", "cheaper"),
    "review's authority": ("The Veloce Tempo 3 was sold for $80 though [3].", "$80"),
}


@pytest.fixture
def sources() -> Sources:
    return verified_sources()


class _Stream:
    """A gate fed in pieces, and what came out of it."""

    def __init__(self, sources: Sources, judge: Judge | None = None) -> None:
        self.sent: list[str] = []
        self.gate = Gate(sources, "en", Policy.load(), "Be honest.", lambda _, text: self.sent.append(text), judge)

    async def say(self, text: str, chance: random.Random | None = None) -> str:
        while text:
            size = chance.randint(1, 9) if chance else len(text)
            await self.gate.feed(text[:size])
            text = text[size:]
        await self.gate.finish()
        return "".join(self.sent)


def _every_second(lies: list[str]) -> str:
    told = [sentence for at, lie in enumerate(lies) for sentence in (TRUTHS[at % len(TRUTHS)], lie)]
    return " ".join(told)


@pytest.mark.parametrize("kind", LIES)
async def test_no_kind_of_lie_is_released(kind: str, sources: Sources) -> None:
    lie, telltale = LIES[kind]
    stream = _Stream(sources)
    sent = await stream.say(_every_second([lie]))
    assert TRUTHS[0] in sent
    assert telltale not in sent
    assert [rejected.claim.text for rejected in stream.gate.rejected] == [lie]


@pytest.mark.parametrize("seed", range(12))
async def test_chunk_borders_do_not_let_lies_through(seed: int, sources: Sources) -> None:
    chance = random.Random(seed)
    lies = [lie for lie, _ in LIES.values()]
    chance.shuffle(lies)
    stream = _Stream(sources)
    sent = await stream.say(_every_second(lies), chance)
    assert sent == stream.gate.released
    assert all(truth in sent for truth in TRUTHS)
    assert not [telltale for _, telltale in LIES.values() if telltale in sent]
    assert {rejected.claim.text for rejected in stream.gate.rejected} == set(lies)
    assert verify(sent, sources, "en").answer == sent  # the end node has nothing to add or to take


async def test_a_sentence_leaves_as_soon_as_the_next_begins(sources: Sources) -> None:
    stream = _Stream(sources)
    await stream.gate.feed(TRUTHS[0])
    assert stream.sent == []
    await stream.gate.feed(" Th")
    assert stream.sent == []
    await stream.gate.feed("e ")
    assert stream.sent == [TRUTHS[0]]


async def test_what_was_mended_is_sent_mended_and_recorded(sources: Sources) -> None:
    stream = _Stream(sources)
    assert await stream.say("The Veloce Tempo 3 costs $99.00 [1].") == "The Veloce Tempo 3 costs $129.00 [1]."
    (rejected,) = stream.gate.rejected
    assert (rejected.action, rejected.became) == ("corrected", "The Veloce Tempo 3 costs $129.00 [1].")


async def test_a_greeting_over_lies_is_not_sent(sources: Sources) -> None:
    stream = _Stream(sources)
    assert await stream.say("Sure! The Fjell Parka has solar panels [7].") == ""
    assert [rejected.action for rejected in stream.gate.rejected] == ["dropped"]


UNCERTAIN = "The Fjell Parka is a waterproof down parka with heated pockets [2]."


class _Says:
    """A judge of one opinion, and what it was asked."""

    def __init__(self, opinion: bool) -> None:
        self.opinion = opinion
        self.asked: list[str] = []

    async def supports(self, sentence: str, passages: Sequence[str]) -> bool:
        assert passages
        self.asked.append(sentence)
        return self.opinion


@pytest.mark.parametrize("opinion", [True, False])
async def test_a_judge_decides_what_is_uncertain_and_nothing_else(opinion: bool, sources: Sources) -> None:
    judge = _Says(opinion)
    stream = _Stream(sources, judge)
    sent = await stream.say(f"{_every_second([lie for lie, _ in LIES.values()])} {UNCERTAIN}")
    assert set(judge.asked) <= {UNCERTAIN, *(lie for lie, _ in LIES.values())}
    assert UNCERTAIN in judge.asked
    assert (UNCERTAIN in sent) is opinion
    assert verify(sent, sources, "en", stream.gate.judged).answer == sent
    contradicted = [each.claim.text for each in stream.gate.rejected if each.claim.verdict == "contradicted"]
    assert len(contradicted) > 5
    assert set(contradicted).isdisjoint(judge.asked)
