from __future__ import annotations

import tomllib
from pathlib import Path
from typing import get_args

import pytest

from graphs.sources import Sources
from graphs.turn import Lang
from graphs.verification.deeds import deeds
from graphs.verification.examine import examine
from graphs.verification.language import language
from retrievers.catalogue import DocumentType
from retrievers.records import Evidence
from tools.records import Action, Outcome

LANGUAGES: tuple[Lang, ...] = get_args(Lang)
SAID = tomllib.loads(Path(__file__).with_name("deeds.toml").read_text(encoding="utf-8"))
TABLE = [(lang, kind, sentence) for lang in LANGUAGES for kind in ("rules", "deeds") for sentence in SAID[lang][kind]]


def _of_this_shopper(sentence: str, lang: Lang) -> bool:
    found = deeds(sentence, language(lang).deeds)
    return any(deed.whose != "anybody" and not deed.denied for deed in found)


def _page(text: str) -> Sources:
    page = Evidence("policy:returns", DocumentType.POLICY, "policies", "Returns", text, 1.0)
    return Sources(evidence={"1": page}, features={}, items={}, currency="USD")


@pytest.mark.parametrize(("lang", "kind", "sentence"), TABLE)
def test_rules_for_everybody_are_told_from_deeds(lang: Lang, kind: str, sentence: str) -> None:
    assert _of_this_shopper(sentence, lang) is (kind == "deeds")


@pytest.mark.parametrize(("lang", "sentence"), [(lang, sentence) for lang, kind, sentence in TABLE if kind == "rules"])
def test_a_page_may_state_a_rule(lang: Lang, sentence: str) -> None:
    claim = examine(sentence.rstrip(".") + " [1].", _page(sentence), lang)
    assert not any(check.name == "figures_match" and not check.passed for check in claim.checks)
    assert claim.verdict == "supported"


@pytest.mark.parametrize(("lang", "sentence"), [(lang, sentence) for lang, kind, sentence in TABLE if kind == "deeds"])
def test_no_page_proves_a_deed(lang: Lang, sentence: str) -> None:
    """Not even one that says the very same."""
    assert examine(sentence.rstrip(".") + " [1].", _page(sentence), lang).verdict != "supported"


@pytest.mark.parametrize("sentence", ["Your refund is on its way [A1].", "We have refunded your order [A1]."])
def test_what_is_under_way_needs_the_action(sentence: str) -> None:
    proposed, done = (
        Sources(evidence={}, features={}, items={}, currency="USD").and_done(
            [Outcome(Action("cancel_order", {}, status, {"order_id": "#W1", "status": "cancelled"}))]
        )
        for status in ("proposed", "done")
    )
    assert examine(sentence, done, "en").verdict == "supported"
    assert examine(sentence, proposed, "en").verdict != "supported"
