from __future__ import annotations

import pytest
from langchain_core.language_models import FakeListChatModel, GenericFakeChatModel

from app.evaluation.evaluators.judge import Rubric, model_judge

INPUTS = {"turns": ["a warm coat {please}"]}


def opinion(reply):
    return model_judge(FakeListChatModel(responses=[reply]), Rubric.load())(INPUTS, {"answer": "Here."}, {})


def test_an_opinion_in_the_form_asked_for_counts() -> None:
    result = opinion('{"reason": "answers it", "score": 0.75}')
    assert result == {"key": "judged_helpfulness", "score": 0.75, "comment": "answers it"}


@pytest.mark.parametrize(
    "reply",
    ["I would say 0.9", '{"score": 0.9}', '{"reason": "x", "score": 7}', '{"reason": "x", "score": "0.9"}', ""],
)
def test_anything_else_is_no_opinion(reply) -> None:
    result = opinion(reply)
    assert result["score"] is None
    assert result["comment"].startswith("not the JSON asked for")


def test_a_judge_that_is_away_judges_nothing() -> None:
    gone = model_judge(GenericFakeChatModel(messages=iter([])), Rubric.load())
    result = gone(INPUTS, {"answer": "Here."}, {})
    assert result["score"] is None
    assert result["comment"]
