"""Yes and no."""

from __future__ import annotations

import pytest

from tests.graphs.conversation.conftest import Conversation
from tools.records import Decision

YES = [
    "yes", "Yes!", "yes please", "yep", "sure", "ok", "okay, go ahead", "go ahead", "do it", "please do",
    "yes, do it", "confirm", "I confirm",
       "sounds good", "yes, that's right", "yes, cancel it", "yes, place the order", "sure, go ahead", "absolutely",
       "looks good", "yes yes",
       "네", "예", "응", "네, 진행해 주세요", "그렇게 해줘", "좋아요", "네 확인했어요", "진행해주세요", "ㅇㅇ",
       "네, 취소해 주세요", "부탁드려요"]  # fmt: skip
NO = [
    "no", "No.", "no thanks", "nope", "no, leave it", "leave it", "don't", "stop", "never mind",
    "no, I changed my mind", "I changed my mind",
      "not now", "hold on", "forget it", "no, don't do it", "wait", "아니요", "아뇨, 괜찮아요", "하지 마세요",
      "그냥 두세요", "안 할래요", "아니, 됐어",
      "나중에 할게요", "don't place the order", "please don't cancel it"]  # fmt: skip


@pytest.mark.parametrize("message", YES)
def test_yes(headphones: Conversation, message: str) -> None:
    assert headphones.waits_for("a1").say(message).decision == Decision("a1", True)


@pytest.mark.parametrize("message", NO)
def test_no(headphones: Conversation, message: str) -> None:
    assert headphones.waits_for("a1").say(message).decision == Decision("a1", False)


@pytest.mark.parametrize("message", [*YES[:12], *NO[:8], "네", "아니요"])
def test_with_nothing_waiting_it_decides_nothing(headphones: Conversation, message: str) -> None:
    understood = headphones.say(message)
    assert understood.decision is None
    assert understood.unclear is not None
    assert understood.unclear.code == "nothing_pending"


@pytest.mark.parametrize("message", ["yes", "no", "go ahead", "네"])
def test_with_several_waiting_it_is_asked_which(headphones: Conversation, message: str) -> None:
    unclear = headphones.waits_for("a1", "a2").say(message).unclear
    assert unclear is not None
    assert unclear.code == "which_pending"


@pytest.mark.parametrize(
    "message",
    ["yes, but in blue", "no, cheaper", "no leather", "ok, show me laptops", "yes, the second one",
     "sure, but is it waterproof?",
     "not leather", "no Tonhaus", "is that ok?", "should I say yes?", "yes if it is free", "네, 그런데 파란색으로",
     "don't show me leather"],
)  # fmt: skip
def test_more_than_yes_or_no_is_no_consent(headphones: Conversation, message: str) -> None:
    understood = headphones.waits_for("a1").say(message)
    assert understood.decision is None, understood


def test_what_follows_a_yes_or_no_is_understood(headphones: Conversation) -> None:
    cheaper = headphones.waits_for("a1").say("no, cheaper").reading
    assert cheaper is not None
    assert [item.value for item in cheaper.limits] == [44.99]
