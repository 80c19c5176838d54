"""Fit and check the confidence of a ranking: development questions in, coefficients and tables out.

A question over a mixture gives two lists, one a language, each with the features of its best passage and
whether that answers. To know what an unanswerable question looks like, every list that holds the answer is
seen a second time with all answering passages withheld. Two logistic regressions, one for lists in the
question's language and one across, are fitted with a small ridge penalty by Newton's method (iteratively
reweighted least squares; Hastie, Tibshirani and Friedman 2009, section 4.4.1).

For what is reported, `cross_fitted` gives coefficients for five parts of the documents that answer, so that
no passage and, but for four, no article of XQuAD is seen in fitting and in testing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from indexer.engine import Engine
from indexer.records import Language
from search_api.calibration import Calibration, Confidence, ListFeatures
from search_api.ranking import LanguageList, literal_bonus, standardise
from search_api.searcher import Searcher
from training.mixtures import (
    FOLDS,
    MIXTURES,
    Development,
    DevelopmentSet,
    Mixture,
    build_index,
    directions,
    read_set,
    rows_of,
)

PENALTY = 1.0
CUTOFF = 10
_NONE = np.zeros(0, np.int64)
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class JudgedList:
    """A language's candidates for a development question. right, literal: bool (n,)."""

    measured: LanguageList
    right: NDArray[np.bool_]
    literal: NDArray[np.bool_]

    def withheld(self) -> JudgedList | None:
        """Return the list as it would be without the passages that answer; None where nothing is left."""
        return self.without(self.right)

    def without(self, hidden: NDArray[np.bool_]) -> JudgedList | None:
        """Return the list as it would be without some passages (n,); None where nothing is left."""
        kept = ~hidden
        if not kept.any():
            return None
        measured = replace(
            self.measured,
            places=self.measured.places[kept],
            legs=np.stack([standardise(leg[kept]) for leg in self.measured.legs]),
            coverage=self.measured.coverage[kept],
            unusual=self.measured.unusual[kept],
        )
        return JudgedList(measured, self.right[kept], self.literal[kept])


@dataclass(frozen=True, slots=True)
class Observed:
    """A development question over a mixture, ranked. fold: its part in cross-validation."""

    mixture: Mixture
    asked: str
    fold: int
    lists: tuple[JudgedList, ...]

    @property
    def direction(self) -> str:
        """Question language and the language of the passages that answer."""
        return f"{self.asked}→{self.mixture.answers}"

    def unanswerable(self) -> Observed:
        """Return the same question over the mixture without the passages that answer it."""
        lists = (each.withheld() for each in self.lists)
        return replace(self, lists=tuple(each for each in lists if each is not None))


@dataclass(frozen=True, slots=True)
class Example:
    """The best passage of a list: what the confidence sees, and whether it answers."""

    asked: str
    held: str
    fold: int
    same: bool
    features: ListFeatures
    right: bool


def observe(
    development: Development,
    engine: Engine,
    mixtures: Sequence[Mixture] = MIXTURES,
    progress: Progress = lambda _: None,
) -> list[Observed]:
    """Rank every question over every mixture, with the Searcher that readers use."""
    found: list[Observed] = []
    for mixture in mixtures:
        with TemporaryDirectory(prefix="wenzheng-mixture-") as folder:
            reader = build_index(development.texts(mixture), engine, Path(folder))
            searcher = Searcher(reader, engine)
            rows, twins = rows_of(reader), rows_of(reader, "twin")
            for direction in directions(mixture):
                found += _ask(searcher, rows, twins, mixture, development.sets[direction])
            reader.close()
        progress(f"{mixture.name}: {len(found):,} rankings so far")
    return found


def observe_alone(folder: Path, language: Language, engine: Engine) -> list[Observed]:
    """Rank every question of a development set of one language over its own passages alone."""
    asked = read_set(folder, language)
    mixture = Mixture(language, own=0, others=0, alone=folder.name)
    with TemporaryDirectory(prefix="wenzheng-alone-") as kept:
        reader = build_index(
            {f"answer-{name}": text for name, text in asked.texts.items()}, engine, Path(kept)
        )
        found = list(_ask(Searcher(reader, engine), rows_of(reader), {}, mixture, asked))
        reader.close()
    return found


def _ask(
    searcher: Searcher,
    rows: dict[str, NDArray[np.int64]],
    twins: dict[str, NDArray[np.int64]],
    mixture: Mixture,
    asked: DevelopmentSet,
) -> Iterator[Observed]:
    for question, text in asked.questions.items():
        ranking = searcher.rank(text)
        documents = asked.answered_by[question]
        answering = np.concatenate([rows[document] for document in documents])
        hidden = np.concatenate([twins.get(document, _NONE) for document in documents])
        right, literal = np.isin(ranking.pool.rows, answering), ranking.pool.scores["literal"] > 0
        judged = (JudgedList(each, right[each.places], literal[each.places]) for each in ranking.lists)
        seen = (each.without(np.isin(ranking.pool.rows[each.measured.places], hidden)) for each in judged)
        lists = tuple(each for each in seen if each is not None)
        yield Observed(mixture, asked.language, asked.fold_of(question), lists)


def examples_of(observed: Iterable[Observed], calibration: Calibration) -> list[Example]:
    """Return an example for every list, and one for every list of which the answer is withheld."""
    found = []
    for question in observed:
        for judged in question.lists:
            found.append(_example(question, judged, calibration))
            rest = judged.withheld() if judged.right.any() else None
            found += [_example(question, rest, calibration)] if rest else []
    return found


def _example(question: Observed, judged: JudgedList, calibration: Calibration) -> Example:
    same = judged.measured.same
    held = question.asked if same else {"zh": "en", "en": "zh"}[question.asked]
    scores = judged.measured.scores(calibration.weights(same))
    right = bool(judged.right[int(np.argmax(scores))])
    return Example(question.asked, held, question.fold, same, judged.measured.features(scores), right)


def fit(examples: Sequence[Example], calibration: Calibration) -> Calibration:
    """Return the calibration with both regressions fitted anew."""
    same, across = (
        fit_confidence(
            np.array([astuple(e.features) for e in examples if e.same is wanted]),
            np.array([e.right for e in examples if e.same is wanted]),
        )
        for wanted in (True, False)
    )
    return replace(calibration, same_confidence=same, across_confidence=across)


def fit_confidence(features: NDArray[np.float64], right: NDArray[np.bool_]) -> Confidence:
    """Return the regression of `right` (n,) on features (n, 4), which are standardised for the penalty."""
    centre, spread = features.mean(axis=0), np.maximum(features.std(axis=0), 1e-9)
    fitted = fit_logistic((features - centre) / spread, right)
    coefficients = fitted[:-1] / spread
    bias = fitted[-1] - coefficients @ centre
    usual = np.median(features[right][:, 2:], axis=0) if right.any() else np.zeros(2)
    return Confidence(*(round(float(number), 4) for number in (*coefficients, bias, *usual)))


def fit_logistic(
    features: NDArray[np.float64], right: NDArray[np.bool_], penalty: float = PENALTY
) -> NDArray[np.float64]:
    """Return coefficients and, last, the bias that minimise log loss + penalty / 2 · |coefficients|²."""
    design = np.column_stack([features, np.ones(len(features))])
    ridge = np.diag([penalty] * features.shape[1] + [1e-9])
    fitted = np.zeros(design.shape[1])
    for _ in range(50):
        chance = 0.5 * (1 + np.tanh(design @ fitted / 2))
        slope = design.T @ (chance - right) + ridge @ fitted
        curvature = (design * (chance * (1 - chance))[:, None]).T @ design + ridge
        step = np.linalg.solve(curvature, slope)
        fitted = fitted - step
        if np.abs(step).max() < 1e-9:
            break
    return np.asarray(fitted)


def cross_fitted(observed: Sequence[Observed], calibration: Calibration) -> dict[int, Calibration]:
    """Return for each part the calibration fitted on the other parts."""
    examples = examples_of(observed, calibration)
    return {fold: fit([e for e in examples if e.fold != fold], calibration) for fold in range(FOLDS)}


def rank_of_answer(judged: Sequence[JudgedList], scores: Sequence[NDArray[np.float32]]) -> int | None:
    """Return the rank of the first right passage over lists of comparable scores; None if there is none."""
    if not any(each.right.any() for each in judged):
        return None
    right = np.concatenate([each.right for each in judged])
    joined = np.concatenate(list(scores)) + literal_bonus(np.concatenate([each.literal for each in judged]))
    return 1 + int((joined > joined[right].max()).sum())


def rank_joined(question: Observed, calibration: Calibration) -> int | None:
    """Return the rank of the first right passage among the passages of both languages."""
    return rank_of_answer(question.lists, [each.measured.joined(calibration) for each in question.lists])


def rank_alone(question: Observed, calibration: Calibration) -> int | None:
    """Return its rank among the passages of its own language, as if there were no others."""
    alone = [each for each in question.lists if each.right.any()]
    return rank_of_answer(alone, [e.measured.scores(calibration.weights(e.measured.same)) for e in alone])


def gain(rank: int | None) -> float:
    """Return nDCG@10 of the first right passage: 1 / log2(1 + rank) down to rank 10, then 0."""
    return float(1 / np.log2(1 + rank)) if rank is not None and rank <= CUTOFF else 0.0
