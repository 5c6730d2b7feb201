"""Whether what an answer rests on about the shopper is the shopper's own, and allowed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from app.evaluation.evaluators.result import Json, Result, not_applicable, share

_OWN = ("online", "onboarding")  # a default is typical of others, and nobody's own


def wrong_personalisation(inputs: Json, outputs: Json, reference_outputs: Json) -> Result:
    """Share of the features decided by or cited that are not this shopper's: 0 is best.

    `known` of the reference is what the store holds of the shopper, read beside the assistant; `may` are the features
    that may be used, if not all. Reasons on cards name no feature: those they rest on are among the used ones.
    """
    features = reference_outputs.get("features")
    if not features:
        return not_applicable("wrong_personalisation_rate", "nothing is known of what is the shopper's own")
    found = list(_rested_on(outputs))
    wrong = [told for name, status, value, cited in found if (told := _wrong(name, status, value, cited, features))]
    return share("wrong_personalisation_rate", len(wrong), len(found), wrong)


def used_features(inputs: Json, outputs: Json, reference_outputs: Json) -> Result:
    """Share of the features the answer had to use (`must`) that decided something."""
    must = (reference_outputs.get("features") or {}).get("must")
    if not must:
        return not_applicable("used_features", "no feature has to be used")
    used = {each["name"] for each in outputs.get("features") or () if each["used"]}
    unused = [name for name in must if name not in used]
    return share("used_features", len(must) - len(unused), len(must), [f"not used: {each}" for each in unused])


def _rested_on(outputs: Json) -> Iterator[tuple[str, str, Any, bool]]:
    """Name, status and value of each feature, and whether a sentence cites it."""
    features = {each["name"]: each for each in outputs.get("features") or ()}
    cited = {each["id"] for each in outputs.get("citations") or () if each["marker"].startswith("F")}
    for name, each in features.items():
        if each["used"] or name in cited:
            yield name, each["status"], each["value"], name in cited
    yield from ((name, "missing", None, True) for name in sorted(cited - features.keys()))


def _wrong(name: str, status: str, value: Any, cited: bool, features: Json) -> str:
    if status not in _OWN:
        return f"{name} is cited and {status}" if cited else ""
    if "may" in features and name not in features["may"]:
        return f"{name} may not be used"
    own = features.get("known", {}).get(name)
    return "" if _plain(own) == _plain(value) else f"{name} is {own!r}, not {value!r}"


def _plain(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=str, ensure_ascii=False)
