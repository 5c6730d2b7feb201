from __future__ import annotations

import pytest
from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessage

from graphs.sources import Sources
from graphs.verification.examine import examined
from graphs.verification.judge import ModelJudge, passages_of

SENTENCE = "The Fjell Parka is a waterproof down parka with heated pockets [2]."


@pytest.mark.parametrize(
    ("said", "expected"), [("yes", True), ("Yes.", True), ("no", False), ("yes, mostly", False), ("", False)]
)
async def test_only_a_plain_yes_is_one(said: str, expected: bool) -> None:
    model = GenericFakeChatModel(messages=iter([AIMessage(said)]))
    assert await ModelJudge(model).supports(SENTENCE, ["A waterproof down parka."]) is expected


async def test_a_broken_judge_accepts_nothing() -> None:
    assert not await ModelJudge(GenericFakeChatModel(messages=iter([]))).supports(SENTENCE, ["A parka."])


def test_a_judge_sees_the_passages_that_are_cited(sources: Sources) -> None:
    passages = passages_of(examined(SENTENCE, sources, "en").case)
    assert "A waterproof down parka for cold winters." in " ".join(passages)
