"""Which sentences state something that must be proved."""

from __future__ import annotations

import re
from collections.abc import Iterator

from graphs.verification.language import Language
from graphs.verification.markers import markers
from graphs.verification.quantities import read_figures

_DRESSING = re.compile(r"^[\s\-*•#>\d.]*(?=[^\W\d])|[*_`]+")
_CLOSING = " .!?…。！？:,;–-\"'”’)"
_NAME = re.compile(r"(?<=[\w,;)] )[A-Z][\w-]+|\b(?=\w*\d)(?=\w*[A-Za-z])\w+")


def is_claim(sentence: str, spoken: Language) -> bool:
    """A sentence with a marker always is; courtesies, questions, offers and the store's own notices are not.

    A figure, a name or a word such as "price" makes a claim of anything but the store's own wording.
    """
    if markers(sentence):
        return True
    bare = _DRESSING.sub("", sentence).strip()
    if not bare.strip(_CLOSING) or bare.casefold() in spoken.own_sentences:
        return False
    core = bare.strip(_CLOSING)
    figures = read_figures(bare, spoken)
    if spoken.restatement.fullmatch(core):
        return not all(figure.bound for figure in figures)
    if figures or _NAME.search(core) or spoken.claims_anyway.search(core):
        return True
    return not _says_nothing(bare, core, spoken)


def about_shopper(bare: str, spoken: Language) -> Iterator[re.Match[str]]:
    """Where a sentence without markers speaks about the shopper; such a sentence must cite a feature."""
    return spoken.about_shopper.finditer(bare)


def _says_nothing(bare: str, core: str, spoken: Language) -> bool:
    if bare.rstrip("\"'”’)").endswith(("?", "？")) and spoken.question.fullmatch(core):
        return True
    return spoken.not_a_claim.fullmatch(core) is not None
