"""Put candidates in order.

Within a language the legs' scores are standardised over the candidates, weighed and added. Scores of
different languages cannot be compared like that: a passage in the question's own language shares its very
words, one in the other language only their translations, whose cosines are lower. So each language's list is
then shifted as a whole, to where its best passage's confidence puts it; the confidence is a logistic function
of features that mean the same in both, fitted apart for same-language and cross-language lists.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from search_api.alignment import Alignment
from search_api.calibration import Calibration, ListFeatures, Weights, shipped_calibration
from search_api.candidates import Pool

WEIGHED = ("dense", "lexical", "alignment")
"""The legs in the order of `LanguageList.legs` and `Weights.vector`."""
LITERAL_BONUS = 2.0
RARE_LITERAL_BONUS = 60.0
RARE_LITERAL = 100
"""Added where the whole question stands in a passage letter by letter: the first where that is common, the
second, which puts these passages before all others, where at most so many candidates have it."""
REFERENCE_BONUS = 120.0
"""Added to the passages of a document that the question names by its number: they come first."""
FEWEST = 8
"""Candidates of a shorter list neither stand out nor lead: it is taken to be as usual in that."""


@dataclass(frozen=True, slots=True)
class LanguageList:
    """A language's candidates and what is known of them.

    places: int64 (n,), in the pool. same: whether it is the question's language. legs: float32 (3, n), each
    leg's scores standardised over the list. coverage: float32 (n,), 0..1, how much of the question each
    covers. unusual: float32 (n,), by how many standard deviations of its language's passages a dense score is
    above their mean.
    """

    places: NDArray[np.int64]
    same: bool
    legs: NDArray[np.float32]
    coverage: NDArray[np.float32]
    unusual: NDArray[np.float32]

    def scores(self, weights: Weights) -> NDArray[np.float32]:
        """Return the weighed sum of the legs, float32 (n,): comparable within the list only."""
        return np.asarray(weights.vector @ self.legs, np.float32)

    def features(self, scores: NDArray[np.float32]) -> ListFeatures:
        """Return what the candidate with the highest of `scores` (n,) tells of the list."""
        order = np.argsort(-scores, kind="stable")[:2]
        best, second = int(order[0]), int(order[-1])
        return ListFeatures(
            coverage=float(self.coverage[best]),
            unusual=float(self.unusual[best]),
            lead=float(scores[best] - scores[second]),
            top=float(scores[best]),
        )

    def joined(self, calibration: Calibration) -> NDArray[np.float32]:
        """Return scores that compare across lists, float32 (n,): the best one's are its log-odds."""
        scores = self.scores(calibration.weights(self.same))
        confidence, features = calibration.confidence(self.same), self.features(scores)
        if len(scores) < FEWEST:
            features = replace(features, lead=confidence.usual_lead, top=confidence.usual_top)
        log_odds = confidence.log_odds(features)
        return np.asarray(scores - scores.max() + np.float32(log_odds), np.float32)


def make_list(
    pool: Pool,
    alignment: Alignment,
    places: NDArray[np.int64],
    same: bool,
    background: NDArray[np.float32],
) -> LanguageList:
    """Measure the candidates at `places` (n > 0), all of one language.

    background: the question's dense scores with a sample of the language's passages.
    """
    raw = (pool.scores["dense"], pool.scores["lexical"], alignment.scores)
    dense = pool.scores["dense"][places]
    spread = np.float32(max(float(background.std()), 1e-3))
    return LanguageList(
        places=places,
        same=same,
        legs=np.stack([standardise(scores[places]) for scores in raw]),
        coverage=alignment.coverage(np.full(len(pool.rows), same))[places],
        unusual=np.asarray((dense - background.mean()) / spread, np.float32),
    )


def rank_scores(
    pool: Pool,
    lists: Sequence[LanguageList],
    referenced: NDArray[np.bool_],
    calibration: Calibration | None = None,
) -> NDArray[np.float32]:
    """Return a score for every candidate, float32 (n,). referenced: bool (n,).

    Where nothing is added for literal matches and references, the best score of a list is the log-odds that
    its passage answers the question.
    """
    scores = np.zeros(len(pool.rows), np.float32)
    for listed in lists:
        scores[listed.places] = listed.joined(calibration or shipped_calibration())
    scores += literal_bonus(pool.scores["literal"] > 0)
    scores += np.float32(REFERENCE_BONUS) * referenced
    return scores


def literal_bonus(literal: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Return what is added to each candidate, float32 (n,). literal: bool (n,)."""
    each = RARE_LITERAL_BONUS if int(literal.sum()) <= RARE_LITERAL else LITERAL_BONUS
    return np.asarray(each * literal, np.float32)


def standardise(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return scores with mean 0 and standard deviation 1; all 0 where they are all alike."""
    spread = float(scores.std()) if len(scores) else 0.0
    if spread < 1e-9:
        return np.zeros_like(scores)
    return np.asarray((scores - scores.mean()) / np.float32(spread), np.float32)
