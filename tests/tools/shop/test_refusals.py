from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tools.shop.refusals import REASONS, Refused

_PROMPTS = Path(__file__).parents[3] / "graphs" / "prompts"


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_every_language_can_say_why(lang):
    said = tomllib.loads((_PROMPTS / f"{lang}.toml").read_text("utf-8"))["refused"]

    assert set(REASONS) - set(said) == set()


def test_a_receipt_names_the_reason_first():
    receipt = Refused("sold_out", item_id="mug", stock=0).receipt()

    assert list(receipt) == ["reason", "item_id", "stock"]
    assert len(REASONS) == len(set(REASONS)) > 20
