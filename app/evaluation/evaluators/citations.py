"""Whether sentences hold by what they cite, and whether the right pages were cited."""

from __future__ import annotations

from typing import Any

from app.evaluation.evaluators.result import Json, Result, not_applicable, said, share

_SELF = {"F": "feature", "A": "action"}  # sources that are no passages, by the letter of their markers


def citation_quality(inputs: Json, outputs: Json, reference_outputs: Json) -> list[Result]:
    """ALCE's precision and recall (Gao et al. 2023) of what was written, as the receipt of the answer carries them."""
    quality = (outputs.get("receipt") or {}).get("citation_quality") or {}
    return [_carried(f"citation_{name}", quality.get(name)) for name in ("precision", "recall")]


def unsupported_claims(inputs: Json, outputs: Json, reference_outputs: Json) -> Result:
    """Share of the claims shown that no source supports: 0 is best."""
    claims = [claim for claim in outputs.get("claims") or () if claim["verdict"] != "not_a_claim"]
    wrong = [claim["text"] for claim in claims if claim["verdict"] != "supported"]
    return share("unsupported_claim_rate", len(wrong), len(claims), wrong)


def cited_sources(inputs: Json, outputs: Json, reference_outputs: Json) -> Result:
    """Share of the pages (`sources`, one of a `|` list) and `kinds` of source that had to be cited and were."""
    wanted = reference_outputs.get("cites")
    if not wanted:
        return not_applicable("cited_sources", "no source is asked for")
    citations = outputs.get("citations") or ()
    pages, kinds = {each["source"] for each in citations}, {_kind(each) for each in citations}
    missing = [page for page in wanted.get("sources") or () if not pages & set(page.split("|"))]
    missing += [kind for kind in wanted.get("kinds") or () if kind not in kinds]
    of = len(wanted.get("sources") or ()) + len(wanted.get("kinds") or ())
    told = [f"missing {', '.join(missing)}; cited {', '.join(sorted(pages)) or 'nothing'}"] if missing else []
    return share("cited_sources", of - len(missing), of, told)


def _kind(citation: Any) -> str:
    return _SELF.get(citation["marker"][:1]) or citation["id"].partition("/")[0]


def _carried(key: str, value: float | None) -> Result:
    return not_applicable(key, "nothing was claimed or cited") if value is None else said(key, value)
