"""The rungs: each is the assistant with less to go on than the next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.evaluation.ablation.evidence import Reword, as_it_is, dense, lexical
from retrievers.plan import Taste, own_taste
from retrievers.records import Reading, ShopperFeatures

Name = Literal["no_evidence", "golden_evidence", "bm25", "dense", "hybrid", "features", "rerank"]


def no_taste(reading: Reading, features: ShopperFeatures) -> ShopperFeatures:
    return {}


@dataclass(frozen=True, slots=True)
class Rung:
    """`reword` is None where nothing is searched for; `features`: whether the feature store is read; `taste` says which
    facts about the shopper may order products."""

    name: Name
    reword: Reword | None
    features: bool = False
    taste: Taste = no_taste


RUNGS: tuple[Rung, ...] = (
    Rung("no_evidence", None),
    Rung("golden_evidence", None),
    Rung("bm25", lexical),
    Rung("dense", dense),
    Rung("hybrid", as_it_is),
    Rung("features", as_it_is, features=True),
    Rung("rerank", as_it_is, features=True, taste=own_taste),
)
STEPS: tuple[tuple[Name, Name], ...] = (
    ("no_evidence", "golden_evidence"),
    ("bm25", "hybrid"),
    ("dense", "hybrid"),
    ("hybrid", "features"),
    ("features", "rerank"),
    ("rerank", "golden_evidence"),
)
