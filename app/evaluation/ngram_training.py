"""Weights of the n-gram flag, fitted to rows the caller names and checked on rows left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.evaluation.guard import Labelled
from graphs.guardrails.ngrams import BUCKETS, NgramModel, buckets
from retrievers.sanitising.visible import normalise

Floats = NDArray[np.float64]

FOLDS = 5
_DECAY = 0.3  # L2 penalty; 0.1 and 1.0 lose some points of recall at the same false positive rate
_ATTACK_WEIGHT, _LABELLED_WEIGHT, _HARMLESS_WEIGHT = 3.0, 1.0, 0.1  # attacks are few, ordinary requests many
_STEPS, _RATE = 300, 0.1
_HARMLESS_FLAGGED = 0.001  # share of the other harmless texts it may cost
_FALSE_POSITIVES = 0.005  # share of the harmless labelled rows the threshold may cost, rows left out


@dataclass(frozen=True, slots=True)
class Trained:
    """`recall` and `false_positive_rate` are those of rows left out of the fitting, at the model's threshold."""

    model: NgramModel
    recall: float
    false_positive_rate: float
    harmless_rate: float  # share of the unlabelled harmless texts flagged, fitted on them


@dataclass(frozen=True, slots=True)
class _Matrix:
    """Sparse rows: `bucket`, `row` and `value` of each entry."""

    bucket: NDArray[np.int64]
    row: NDArray[np.int64]
    value: Floats
    rows: int

    @classmethod
    def of(cls, found: Sequence[NDArray[Any]]) -> _Matrix:
        sizes = np.array([len(each) for each in found])
        value = np.repeat(1 / np.sqrt(np.maximum(sizes, 1)), sizes)
        return cls(np.concatenate(found), np.repeat(np.arange(len(found)), sizes), value, len(found))

    def times(self, weights: Floats) -> Floats:
        return np.bincount(self.row, weights[self.bucket] * self.value, minlength=self.rows).astype(np.float64)

    def transposed_times(self, residual: Floats) -> Floats:
        return np.bincount(self.bucket, residual[self.row] * self.value, minlength=BUCKETS).astype(np.float64)


def train(labelled: Sequence[Labelled], harmless: Sequence[str]) -> Trained:
    """Fits on everything. The threshold is what few harmless rows reach: labelled ones left out, and the others."""
    known = [buckets(normalise(row.text)) for row in labelled]
    plain = [buckets(normalise(text)) for text in harmless]
    attack = np.array([row.attack for row in labelled])
    left_out = _cross_validated(known, attack, plain)
    weights, bias = _fit([*known, *plain], *_targets(attack, len(plain)))
    others = _Matrix.of(plain).times(weights) + bias if plain else np.array([-np.inf])
    threshold = max(
        float(np.quantile(left_out[~attack], 1 - _FALSE_POSITIVES, method="higher")),
        float(np.quantile(others, 1 - _HARMLESS_FLAGGED, method="higher")),
    )
    scale = float(np.abs(weights).max() / 127) or 1.0
    model = NgramModel(np.round(weights / scale).astype(np.int8), scale, bias, threshold)
    return Trained(
        model=model,
        recall=float(np.mean(left_out[attack] > model.threshold)),
        false_positive_rate=float(np.mean(left_out[~attack] > model.threshold)),
        harmless_rate=float(np.mean([model.flags(normalise(text)) for text in harmless])) if harmless else 0.0,
    )


def _cross_validated(known: Sequence[NDArray[Any]], attack: NDArray[np.bool_], plain: Sequence[NDArray[Any]]) -> Floats:
    """Each labelled row's score by a model that did not see it."""
    fold = np.random.default_rng(0).integers(0, FOLDS, len(known))
    scores = np.zeros(len(known))
    for number in range(FOLDS):
        seen = np.flatnonzero(fold != number)
        weights, bias = _fit([*(known[at] for at in seen.tolist()), *plain], *_targets(attack[seen], len(plain)))
        unseen = np.flatnonzero(fold == number)
        scores[unseen] = _Matrix.of([known[at] for at in unseen.tolist()]).times(weights) + bias
    return scores


def _targets(attack: NDArray[np.bool_], harmless: int) -> tuple[Floats, Floats]:
    """Labels and weights of the rows, the labelled ones first."""
    label = np.concatenate([attack.astype(float), np.zeros(harmless)])
    weight = np.concatenate([np.where(attack, _ATTACK_WEIGHT, _LABELLED_WEIGHT), np.full(harmless, _HARMLESS_WEIGHT)])
    return label, weight


def _fit(rows: Sequence[NDArray[Any]], label: Floats, weight: Floats) -> tuple[Floats, float]:
    """L2-regularised logistic regression by Adam (Kingma and Ba 2015) on all rows at once: deterministic."""
    matrix, parameters = _Matrix.of(rows), np.zeros(BUCKETS + 1)
    first, second = np.zeros_like(parameters), np.zeros_like(parameters)
    for step in range(1, _STEPS + 1):
        score = matrix.times(parameters[:-1]) + parameters[-1]
        residual = weight * (1 / (1 + np.exp(-score)) - label)
        gradient = np.append(matrix.transposed_times(residual) + _DECAY * parameters[:-1], residual.sum())
        first, second = 0.9 * first + 0.1 * gradient, 0.999 * second + 0.001 * gradient**2
        parameters -= _RATE * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
    return parameters[:-1], float(parameters[-1])
