"""How scores are put together. The weights are fitted elsewhere and not tested here."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from search_api.alignment import Alignment
from search_api.calibration import Calibration, Confidence, Weights
from search_api.candidates import Pool
from search_api.ranking import (
    FEWEST,
    LITERAL_BONUS,
    LanguageList,
    literal_bonus,
    make_list,
    rank_scores,
    standardise,
)

CALIBRATION = Calibration(
    same_weights=Weights(1, 1, 1),
    across_weights=Weights(1, 0, 1),
    same_confidence=Confidence(coverage=4, unusual=1, lead=0.5, top=0.25, bias=-3, usual_lead=1, usual_top=5),
    across_confidence=Confidence(
        coverage=3, unusual=1, lead=0.5, top=0.25, bias=-2, usual_lead=1, usual_top=5
    ),
    claim=0.5,
)
BACKGROUND = np.array([0.0, 0.1, 0.2, 0.3], np.float32)
SIZE = 6
EVERYWHERE = np.arange(SIZE)
NOWHERE = np.zeros(SIZE, np.bool_)

floats = st.floats(-100, 100, width=32)


def pool_of(**scores: list[float]) -> Pool:
    legs = {
        leg: np.array(scores.get(leg, [0.0] * SIZE), np.float32) for leg in ("dense", "lexical", "literal")
    }
    return Pool(np.arange(SIZE, dtype=np.int64), {}, legs)


def alignment_of(scores: list[float]) -> Alignment:
    """One question word, whose match is the score; it is found nowhere else."""
    matches = np.array([scores], np.float32)
    zeros, ones = np.zeros_like(matches), np.ones_like(matches)
    return Alignment(matches, zeros, ones, matches[0], np.array([0.5], np.float32))


POOL = pool_of(dense=[0.9, 0.5, 0.4, 0.3, 0.2, 0.1], lexical=[3, 2, 9, 0, 0, 1])
ALIGNED = alignment_of([0.9, 0.2, 0.3, 0.8, 0.1, 0.2])


def scored(lists: list[tuple[list[int], bool]], pool: Pool = POOL, referenced: Any = NOWHERE) -> NDArray[Any]:
    made = [make_list(pool, ALIGNED, np.array(p), same, BACKGROUND) for p, same in lists]
    return rank_scores(pool, made, referenced, CALIBRATION)


@given(arrays(np.float32, st.integers(0, 30), elements=floats))
def test_standardised_scores_have_mean_0_and_deviation_1_and_keep_their_order(
    scores: NDArray[np.float32],
) -> None:
    found = standardise(scores)
    assert found.shape == scores.shape
    assert found.dtype == np.float32
    assert np.isfinite(found).all()
    if len(scores) and scores.std() > 0.01:
        assert found.mean() == pytest.approx(0, abs=1e-2)
        assert found.std() == pytest.approx(1, abs=1e-2)
        assert (np.diff(found[np.argsort(scores)]) >= 0).all()


def test_scores_that_are_all_alike_say_nothing() -> None:
    assert standardise(np.full(4, 0.3, np.float32)).tolist() == [0, 0, 0, 0]
    assert standardise(np.array([5], np.float32)).tolist() == [0]


def test_a_list_knows_its_candidates_by_place() -> None:
    places = np.array([2, 0, 5])
    listed = make_list(POOL, ALIGNED, places, True, BACKGROUND)
    np.testing.assert_allclose(listed.legs[0], standardise(POOL.scores["dense"][places]))
    np.testing.assert_allclose(listed.legs[1], standardise(POOL.scores["lexical"][places]))
    np.testing.assert_allclose(listed.legs[2], standardise(ALIGNED.scores[places]))
    np.testing.assert_allclose(listed.coverage, [0.3, 0.9, 0.2], atol=1e-6)
    spread = float(BACKGROUND.std())
    np.testing.assert_allclose(listed.unusual, (np.array([0.4, 0.9, 0.1]) - 0.15) / spread, rtol=1e-4)


def test_features_are_those_of_the_best_candidate() -> None:
    listed = make_list(POOL, ALIGNED, EVERYWHERE, True, BACKGROUND)
    scores = np.array([1, 5, 4.5, 0, 0, 0], np.float32)
    features = listed.features(scores)
    assert features.coverage == pytest.approx(0.2)
    assert features.unusual == pytest.approx(float(listed.unusual[1]))


def test_the_best_of_a_list_leads_and_stands_out() -> None:
    features = listed_of(4).features(np.array([1, 5, 4.5, 0], np.float32))
    assert (features.lead, features.top) == (0.5, 5)


@pytest.mark.parametrize("count", [1, 2, FEWEST - 1])
def test_in_a_short_list_nothing_is_held_against_its_best(count: int) -> None:
    usual = replace(CALIBRATION, same_confidence=Confidence(0, 0, 1, 1, 0, usual_lead=3, usual_top=7))
    assert listed_of(count).joined(usual).max() == pytest.approx(10)


def listed_of(count: int) -> LanguageList:
    numbers = np.linspace(0, 1, count, dtype=np.float32)
    return LanguageList(np.arange(count), True, np.stack([numbers] * 3), numbers, numbers)


def test_a_literal_that_stands_nowhere_else_counts_for_more() -> None:
    one, many = literal_bonus(np.arange(999) == 4), literal_bonus(np.arange(999) > 0)
    assert one[4] > many[4] == LITERAL_BONUS
    assert one[0] == many[0] == 0


@pytest.mark.parametrize("same", [True, False])
def test_the_best_score_of_a_list_is_its_log_odds_and_its_order_stays(same: bool) -> None:
    listed = replace(listed_of(FEWEST + 2), same=same)
    raw = listed.scores(CALIBRATION.weights(same))
    joined = listed.joined(CALIBRATION)
    odds = CALIBRATION.confidence(same).log_odds(listed.features(raw))
    assert joined.max() == pytest.approx(odds, abs=1e-4)
    assert (np.argsort(-joined, kind="stable") == np.argsort(-raw, kind="stable")).all()


def test_another_language_changes_nothing_in_a_list() -> None:
    alone = scored([([0, 2, 4], True)])
    beside = scored([([0, 2, 4], True), ([1, 3, 5], False)])
    assert (alone[[0, 2, 4]] == beside[[0, 2, 4]]).all()


def test_a_literal_match_helps_and_a_document_asked_for_by_number_comes_first() -> None:
    literal = pool_of(
        dense=POOL.scores["dense"].tolist(),
        lexical=POOL.scores["lexical"].tolist(),
        literal=[0, 0, 0, 0, 0.1, 0],
    )
    lists = [([0, 2, 4], True), ([1, 3, 5], False)]
    plain, helped = scored(lists), scored(lists, literal)
    assert np.flatnonzero(helped > plain).tolist() == [4]
    referenced = np.array([False, False, False, False, False, True])
    assert int(scored(lists, literal, referenced).argmax()) == 5


def test_no_candidates_have_no_scores() -> None:
    empty = Pool(np.zeros(0, np.int64), {}, {leg: np.zeros(0, np.float32) for leg in ("literal",)})
    assert rank_scores(empty, [], np.zeros(0, np.bool_), CALIBRATION).shape == (0,)
