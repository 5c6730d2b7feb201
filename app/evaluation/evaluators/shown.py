"""What was shown against what turns before it showed, and against what is relevant."""

from __future__ import annotations

import ir_measures
from ir_measures import RR, Qrel, R, ScoredDoc, Success, nDCG

from app.evaluation.evaluators.result import Json, Result, not_applicable, said

RETRIEVAL = ("hit", "recall", "ndcg", "mrr")
_CUT = 10
_GRADES = range(1, 11)


def retrieval(inputs: Json, outputs: Json, reference_outputs: Json) -> list[Result]:
    """Of the products shown, at most ten, against graded ids (`relevant`); the gain of a grade is 2^grade - 1."""
    relevant = reference_outputs.get("relevant")
    if not relevant:
        return [not_applicable(key, "no product is named relevant") for key in RETRIEVAL]
    shown = [str(card["product_id"]) for card in outputs.get("products") or ()]
    gains = {grade: 2**grade - 1 for grade in _GRADES}
    measures = {"hit": Success @ _CUT, "recall": R @ _CUT, "ndcg": nDCG(gains=gains) @ _CUT, "mrr": RR @ _CUT}
    qrels = [Qrel("q", product_id, grade) for product_id, grade in relevant.items()]
    ranked = [ScoredDoc("q", product_id, float(len(shown) - place)) for place, product_id in enumerate(shown)]
    found = ir_measures.calc_aggregate(list(measures.values()), qrels, ranked) if ranked else {}
    return [said(key, float(found.get(measure, 0.0)), ", ".join(shown)) for key, measure in measures.items()]


def shown_products(inputs: Json, outputs: Json, reference_outputs: Json) -> Result:
    """Exactly these products: `ids` in any order, or the card `nth` of an earlier `turn`; `unseen`: none shown before.

    `outputs["shown_before"]` holds the product ids of each earlier turn.
    """
    wanted = reference_outputs.get("shows")
    if not wanted:
        return not_applicable("shown_products", "no particular product is asked for")
    shown = [str(card["product_id"]) for card in outputs.get("products") or ()]
    before = outputs.get("shown_before") or []
    if wanted.get("unseen"):
        again = {each for turn in before for each in turn} & set(shown)
        compared = bool(shown) and any(before)
        return said("shown_products", float(compared and not again), f"shown again: {', '.join(sorted(again))}")
    expected = [*wanted.get("ids", ()), *(_shown_then(before, each) for each in wanted.get("earlier", ()))]
    right = bool(expected) and sorted(expected) == sorted(shown)
    return said("shown_products", float(right), f"{', '.join(shown) or 'nothing'}; expected {', '.join(expected)}")


def _shown_then(before: list[list[str]], place: Json) -> str:
    cards = before[place["turn"] - 1] if place["turn"] <= len(before) else []
    return cards[place["nth"] - 1] if place["nth"] <= len(cards) else f"(turn {place['turn']} showed no such product)"
