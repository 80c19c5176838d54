"""What a calibration is worth: the other language's cost, said and seen probabilities, right claims.

All of it is measured with the coefficients of `cross_fitted`: a question's own part is never fitted on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from search_api.calibration import Calibration, probability
from training.calibrating import CUTOFF, Example, Observed, gain, rank_alone, rank_joined

WANTED_PRECISION = 0.9
"""Of what is claimed, when half of the questions have an answer in the collection."""
_BINS = 10


@dataclass(frozen=True, slots=True)
class Loss:
    """What the other language's passages cost a direction in a mixture: nDCG@10, R@10 and R@1, in 0..100."""

    mixture: str
    direction: str
    questions: int
    alone: tuple[float, float, float]
    joined: tuple[float, float, float]


def measure_losses(observed: Sequence[Observed], fitted: dict[int, Calibration]) -> list[Loss]:
    """Measure each mixture and direction with the calibration of each question's fold."""
    groups: dict[tuple[str, str], list[Observed]] = {}
    for question in observed:
        groups.setdefault((question.mixture.name, question.direction), []).append(question)
    losses = []
    for (mixture, direction), some in groups.items():
        alone = _measures([rank_alone(q, fitted[q.fold]) for q in some])
        joined = _measures([rank_joined(q, fitted[q.fold]) for q in some])
        losses.append(Loss(mixture, direction, len(some), alone, joined))
    return losses


def _measures(ranks: Sequence[int | None]) -> tuple[float, float, float]:
    gains = [gain(rank) for rank in ranks]
    found = [rank is not None and rank <= CUTOFF for rank in ranks]
    first = [rank == 1 for rank in ranks]
    ndcg, recall, top = (round(100 * float(np.mean(values)), 1) for values in (gains, found, first))
    return ndcg, recall, top


@dataclass(frozen=True, slots=True)
class Reliability:
    """Best passages said to be right with low..high: how many, the mean probability, the share right."""

    direction: str
    low: float
    high: float
    lists: int
    said: float
    right: float


def measure_reliability(examples: Sequence[Example], fitted: dict[int, Calibration]) -> list[Reliability]:
    """Compare said and seen in ten bins, for each question and passage language."""
    said = np.array([probability(fitted[e.fold].confidence(e.same).log_odds(e.features)) for e in examples])
    right = np.array([e.right for e in examples])
    names = np.array([f"{e.asked}→{e.held}" for e in examples])
    place = np.minimum((said * _BINS).astype(int), _BINS - 1)
    found = []
    for direction in sorted(set(names.tolist())):
        for low in range(_BINS):
            some = (names == direction) & (place == low)
            if some.any():
                means = (float(said[some].mean()), float(right[some].mean()))
                bounds = (low / _BINS, (low + 1) / _BINS)
                found.append(Reliability(direction, *bounds, int(some.sum()), *means))
    return found


@dataclass(frozen=True, slots=True)
class Claims:
    """What comes of claiming an answer from a probability on.

    right: share of answerable questions answered rightly. wrong: share of them answered wrongly. false: share
    of unanswerable ones answered. precision: right / all claims, as many questions being unanswerable.
    """

    least: float
    right: float
    wrong: float
    false: float

    @property
    def precision(self) -> float:
        """The share of claims that are right."""
        claims = self.right + self.wrong + self.false
        return self.right / claims if claims else 1.0


def measure_claims(observed: Sequence[Observed], fitted: dict[int, Calibration]) -> list[Claims]:
    """Measure claims at every hundredth of probability."""
    answerable = [best_of(q, fitted[q.fold]) for q in observed]
    unanswerable = [best_of(q.unanswerable(), fitted[q.fold]) for q in observed]
    said, right = np.array([s for s, _ in answerable]), np.array([r for _, r in answerable])
    other = np.array([s for s, _ in unanswerable])
    steps = [step / 100 for step in range(1, 100)]
    shares = (((said >= x) & right, (said >= x) & ~right, other >= x) for x in steps)
    return [Claims(x, *(float(s.mean()) for s in some)) for x, some in zip(steps, shares, strict=True)]


def best_of(question: Observed, calibration: Calibration) -> tuple[float, bool]:
    """Return the probability of the first passage over all lists, and whether it answers."""
    joined = [each.measured.joined(calibration) for each in question.lists]
    first = max(range(len(joined)), key=lambda i: float(joined[i].max()))
    right = question.lists[first].right[int(np.argmax(joined[first]))]
    return probability(float(joined[first].max())), bool(right)


def choose_claim(claims: Sequence[Claims], precision: float = WANTED_PRECISION) -> float:
    """Return the least probability from which on claims are right often enough."""
    enough = [each.least for each in claims if each.precision >= precision]
    return min(enough, default=0.99)
