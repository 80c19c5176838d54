"""Measures of rankings, with the uncertainty of the questions they were taken on. No index, no folder.

Measures are those of ir_measures (MacAvaney et al. 2022), by its names: nDCG@10 with linear gains (Järvelin
and Kekäläinen 2002, as in trec_eval), R@k = relevant documents in the first k / all relevant ones, RR@k =
1 / rank of the first relevant document, 0 beyond k. Intervals are percentile bootstraps over the questions
(Efron 1979).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.errors import EvaluationError

DEFAULT_MEASURES = ("nDCG@10", "R@1", "R@3", "RR@10")
RESAMPLES = 2_000
SEED = 20_260_102
UNCUT = 1_000
"""Documents ranked for a measure without a cutoff, as is usual in TREC."""
_BLOCK = 4_000_000
"""Numbers held at once while resampling: 32 MB."""

Relevant = Mapping[str, Mapping[str, int]]
"""query_id -> document_id (or passage) -> score above 0."""
Ranked = Mapping[str, Sequence[str]]
"""query_id -> documents (or passages), best first, each once."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure as it was asked for, and as ir_measures knows it."""

    name: str
    parsed: Any

    @property
    def cutoff(self) -> int:
        """How many documents it looks at."""
        return int(self.parsed.params.get("cutoff") or UNCUT)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over questions, and the 95 % interval in which it lies."""

    mean: float
    low: float
    high: float
    questions: int


def parse_measures(names: Sequence[str]) -> tuple[Measure, ...]:
    """Parse measures by name. Raises EvaluationError for one that does not exist or cannot be taken here."""
    return tuple(_parse(name) for name in dict.fromkeys(names or DEFAULT_MEASURES))


def _parse(name: str) -> Measure:
    import ir_measures  # half a second, which asking and building need not wait for

    try:
        parsed = ir_measures.parse_measure(name)
        ir_measures.evaluator([parsed], [ir_measures.Qrel("q", "d", 1)])
        if parsed.params.get("cutoff", 1) < 1:
            raise ValueError("a cutoff counts from 1")
    except Exception as error:  # its parser raises NameError, ValueError and whatever its own parts raise
        raise EvaluationError(
            f"The measure {name!r} is not known ({error}). Expected a name such as nDCG@10, R@1, RR@10, "
            "MRR@10, P@5, AP or Success@3. Correct it."
        ) from None
    return Measure(name, parsed)


def take(measures: Sequence[Measure], relevant: Relevant, ranked: Ranked) -> dict[str, dict[str, float]]:
    """Return query_id -> measure -> value in 0..1 for every judged question; one without an answer gets 0."""
    import ir_measures

    qrels = [ir_measures.Qrel(q, d, score) for q, scores in relevant.items() for d, score in scores.items()]
    # Ranks, not scores, count: falling whole numbers keep an order that ties would leave to document ids.
    run = [
        ir_measures.ScoredDoc(query_id, document, float(-rank))
        for query_id in relevant
        for rank, document in enumerate(ranked.get(query_id, ()))
    ]
    values = {query_id: dict.fromkeys((m.name for m in measures), 0.0) for query_id in relevant}
    for measure in measures:
        for found in ir_measures.iter_calc([measure.parsed], qrels, run) if run else ():
            if found.query_id in values:
                values[found.query_id][measure.name] = float(found.value)
    return values


def estimate(values: Sequence[float], resamples: int = RESAMPLES, seed: int = SEED) -> Estimate:
    """Return the mean and its 95 % percentile bootstrap interval; the same values give the same interval."""
    sample = np.asarray(values, dtype=np.float64)
    if not len(sample):
        return Estimate(0.0, 0.0, 0.0, 0)
    low, high = np.percentile(_resampled_means(sample, resamples, seed), [2.5, 97.5])
    return Estimate(float(sample.mean()), float(low), float(high), len(sample))


def _resampled_means(sample: NDArray[np.float64], resamples: int, seed: int) -> NDArray[np.float64]:
    generator = np.random.default_rng(seed)
    at_once = max(1, _BLOCK // len(sample))
    blocks = [min(at_once, resamples - start) for start in range(0, resamples, at_once)]
    return np.concatenate(
        [sample[generator.integers(len(sample), size=(block, len(sample)))].mean(axis=1) for block in blocks]
    )


def summarise(values: Iterable[Mapping[str, float]]) -> dict[str, Estimate]:
    """Return an estimate a measure over the questions that have a value for it."""
    columns: dict[str, list[float]] = {}
    for each in values:
        for name, value in each.items():
            columns.setdefault(name, []).append(value)
    return {name: estimate(column) for name, column in columns.items()}


def rank_of(document: str, ranked: Sequence[str]) -> int | None:
    """Return the rank of a document from 1, None where it was not found."""
    return ranked.index(document) + 1 if document in ranked else None
