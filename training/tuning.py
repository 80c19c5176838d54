"""Choose the weights of the legs on development questions, apart for same-language and cross-language lists.

The alignment's weight is 1; those of the dense and the lexical leg are looked for on a grid. What counts is
nDCG@10 within the list of the language that answers, averaged over mixtures and directions so that each
counts alike, and over collections (the mixtures of XQuAD are one, a set asked alone is another). Questions
whose answer no leg found are the same under all weights and are left out. The choice is cross-validated: the
weights chosen on four parts of the questions are measured on the fifth. Where that is not better than the
weights there are, these stay: the search has found nothing but noise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from search_api.calibration import Weights
from search_api.ranking import literal_bonus
from training.calibrating import CUTOFF, JudgedList, Observed
from training.mixtures import FOLDS

STEPS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.3, 1.6)
GRID = tuple(Weights(dense, lexical, 1.0) for dense, lexical in product(STEPS, STEPS))
LEGS_ALONE = (Weights(1.0, 0.0, 0.0), Weights(0.0, 1.0, 0.0), Weights(0.0, 0.0, 1.0))


class Group(NamedTuple):
    """What questions are averaged within: a collection, and a mixture and direction in it."""

    collection: str
    name: str


@dataclass(frozen=True, slots=True)
class Tuned:
    """What a search found.

    chosen: the best weights over all questions; the present ones where the search gains nothing on questions
    held out. measured: weights and their nDCG@10 (×100), best first. held_out: nDCG@10 of weights chosen
    without the questions they are measured on. by_fold: those weights.
    """

    same: bool
    chosen: Weights
    measured: tuple[tuple[Weights, float], ...]
    held_out: float
    by_fold: tuple[Weights, ...]

    def of(self, weights: Weights) -> float:
        """Return what some weights measured."""
        return dict(self.measured)[weights]


def tune(observed: Sequence[Observed], same: bool, present: Weights) -> Tuned:
    """Search the grid and the present weights; each leg alone is measured beside them and never chosen."""
    choices = list(dict.fromkeys((*GRID, present)))
    tried = [*choices, *(alone for alone in LEGS_ALONE if alone not in choices)]
    asked = [question for question in observed if (question.asked == question.mixture.answers) is same]
    lists = [(q, each) for q in asked for each in q.lists if each.right.any() and each.measured.same is same]
    gains = np.stack([gains_of(each, tried) for _, each in lists])
    folds = np.array([question.fold for question, _ in lists])
    groups = [Group(q.mixture.alone, f"{q.mixture.name} {q.direction}") for q, _ in lists]
    by_fold, held_out = _held_out(gains[:, : len(choices)], folds, groups)
    overall = _mean_of_groups(gains, groups)
    better = held_out > overall[tried.index(present)]
    falling = np.argsort(-overall, kind="stable").tolist()
    return Tuned(
        same=same,
        chosen=choices[int(overall[: len(choices)].argmax())] if better else present,
        measured=tuple((tried[i], round(100 * float(overall[i]), 2)) for i in falling),
        held_out=round(100 * held_out, 2),
        by_fold=tuple(choices[i] for i in by_fold),
    )


def _held_out(
    gains: NDArray[np.float64], folds: NDArray[np.int64], groups: Sequence[Group]
) -> tuple[list[int], float]:
    """Return which column is best without each part, and what these columns measure on the parts left out."""
    best = []
    for fold in range(FOLDS):
        others = np.flatnonzero(folds != fold).tolist()
        best.append(int(_mean_of_groups(gains[others], [groups[i] for i in others]).argmax()))
    own = np.take_along_axis(gains, np.array(best)[folds][:, None], axis=1)
    return best, float(_mean_of_groups(own, groups)[0])


def gains_of(judged: JudgedList, tried: Sequence[Weights]) -> NDArray[np.float64]:
    """Return nDCG@10 of a list's first right passage under each of some weights, (tried,)."""
    scores = np.stack([w.vector for w in tried]) @ judged.measured.legs
    scores += literal_bonus(judged.literal)
    best = scores[:, judged.right].max(axis=1, keepdims=True)
    ranks = 1 + (scores > best).sum(axis=1)
    return np.where(ranks <= CUTOFF, 1 / np.log2(1 + ranks), 0.0)


def _mean_of_groups(gains: NDArray[np.float64], groups: Sequence[Group]) -> NDArray[np.float64]:
    """Return the mean over collections of the mean over groups of each group's mean.

    gains: (questions, tried). groups: one a question. Returns (tried,).
    """
    collections: dict[str, list[NDArray[np.float64]]] = {}
    for group in dict.fromkeys(groups):
        rows = [i for i, each in enumerate(groups) if each == group]
        collections.setdefault(group.collection, []).append(gains[rows].mean(axis=0))
    return np.asarray(np.mean([np.mean(means, axis=0) for means in collections.values()], axis=0))
