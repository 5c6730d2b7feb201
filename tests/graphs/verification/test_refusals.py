"""Why something was not done is told in the store's own words, which have to pass the checks they will meet."""

from __future__ import annotations

import re

import pytest

from graphs.prompts.phrases import Phrases
from graphs.sources import Sources
from graphs.turn import Lang
from graphs.verification.language import language
from graphs.verification.verify import verify
from tools.records import Action, Outcome

LINE = {"item_id": "RUN-1", "product_id": "RUN-1", "title": "Halden Pace 3", "quantity": 2, "price": 24.0}
NAMED = {
    "order_id": "W42",
    "state": "delivered",
    "allowed": "no longer needed",
    "items": "2 × Halden Pace 3",
    "orders": "W42",
    "payments": "mock",
}
RECEIPT = {
    "order_id": "W42",
    "status": "delivered",
    "lines": [LINE],
    "allowed": ["no longer needed"],
    "orders": [{"order_id": "W42", "status": "delivered"}],
    "payment_methods": [{"id": "mock", "kind": "mock", "label": "mock"}],
}


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_every_refusal_can_be_told_of_every_tool(lang: Lang, sources: Sources) -> None:
    phrases = Phrases.load(lang).table["refused"]
    assert len(phrases) > 30
    dropped = []
    for reason, phrase in phrases.items():
        assert set(re.findall(r"\{(\w+)\}", phrase)) <= {*NAMED, "cite"}, reason
        for tool in language(lang).deeds.verbs_of:
            refused = Outcome(Action(tool, {}, "refused", {"reason": reason, **RECEIPT}))
            if verify(phrase.format(cite="[A1]", **NAMED), sources.and_done([refused]), lang).failed:
                dropped.append((reason, tool))
    assert dropped == []
