"""A result as JSON, as a table, and in plain words (`words.toml`)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from app.evaluation.online.controls import AgainstItself
from app.evaluation.online.interleaving import Preference
from app.evaluation.online.metrics import METRICS
from app.evaluation.online.study import ArmResult, Difference, Result
from app.evaluation.online.uplift import ALPHA, SRM_ALPHA
from retrievers.features.descriptions import retail_descriptions

PRIMARY = METRICS[0].name  # decided beforehand, and the most sensitive


def as_json(result: Result, against: AgainstItself | None, interleaved: Preference | None) -> dict[str, Any]:
    told: dict[str, Any] = {
        "experiment": result.name,
        "control": result.control,
        "arms": {name: _arm(arm) for name, arm in result.arms.items()},
        "sample_ratio_p": result.mismatch_p,
        "mixed_shoppers": result.mixed,
        "orphan_events": result.owed.to_none,
        "owed": asdict(result.owed),
        "answers": asdict(result.answers),
        "fallbacks": list(fallbacks(result)),
        "verdicts": list(verdicts(result)),
    }
    if against is not None:
        told["a_a"] = {"splits": against.splits, "found": against.found, "ok": against.holds}
    return told | ({"interleaving": asdict(interleaved)} if interleaved is not None else {})


def verdicts(result: Result) -> Iterator[str]:
    """Of every feature left out, by the primary metric."""
    words = _words()
    if result.mismatch_p < SRM_ALPHA:
        yield words["control"]["mismatch"].format(p=f"{result.mismatch_p:.2g}")
    for name, arm in result.arms.items():
        if arm.without:
            yield _verdict(_called(arm), result.arms[name].having.get(PRIMARY))


def fallbacks(result: Result) -> Iterator[str]:
    """Where the logs did not say which answer or which arm something belongs to, and what was taken instead."""
    words, owed, answers = _words()["fallback"], result.owed, result.answers
    if owed.by_last_touch:
        yield words["last_touch"].format(n=owed.by_last_touch, all=owed.by_run + owed.by_last_touch)
    if answers.worked_out:
        yield words["worked_out"].format(n=answers.worked_out, all=answers.recorded + answers.worked_out)
    if answers.elsewhere:
        yield words["elsewhere"].format(n=answers.elsewhere)


def table(result: Result) -> list[list[str]]:
    """A row an arm, the headings first; what is surely different from the control has a star."""
    heads = ["arm", "shoppers", *(metric.name for metric in METRICS)]
    return [heads, *([name, str(len(arm.shoppers)), *_cells(arm)] for name, arm in result.arms.items())]


def _cells(arm: ArmResult) -> Iterator[str]:
    for metric in METRICS:
        figure, difference = arm.figures.get(metric.name), arm.having.get(metric.name)
        star = "*" if difference is not None and difference.p_holm < ALPHA else ""
        yield "-" if figure is None else f"{figure.value:.4g}{star}"


def _arm(arm: ArmResult) -> dict[str, Any]:
    return {
        "without": list(arm.without),
        "shoppers": len(arm.shoppers),
        "answers": sum(one.answers for one in arm.shoppers.values()),
        "metrics": {name: {"value": each.value, "interval": each.interval} for name, each in arm.figures.items()},
        "ctr_by_position": [round(share, 4) for share in arm.ctr_by_position],
        "having": {name: asdict(each.uplift) | {"p_holm": each.p_holm} for name, each in arm.having.items()},
    }


def _verdict(what: str, difference: Difference | None) -> str:
    words = _words()
    if difference is None or difference.uplift.relative is None:
        return str(words["verdict"]["unknown"].format(what=what))
    found = difference.uplift
    kind = "unclear" if difference.p_holm >= ALPHA else "earns" if found.value > 0 else "harms"
    sign = -1.0 if kind == "harms" else 1.0
    shares = {"relative": found.relative, "low": found.relative_low, "high": found.relative_high}
    told = {name: f"{sign * (share or 0.0):{'+' if kind == 'unclear' else ''}.0%}" for name, share in shares.items()}
    return str(words["verdict"][kind].format(what=what, metric=words["metric"][PRIMARY], **told))


def _called(arm: ArmResult) -> str:
    known = retail_descriptions()
    if len(arm.without) == sum(each.entity == "user" for each in known.values()):
        return str(_words()["everything"])
    return ", ".join(dict.fromkeys(known[name].names["en"] for name in arm.without))


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8"))
