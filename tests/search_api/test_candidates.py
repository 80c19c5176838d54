"""The legs' candidates are united, in each language by itself."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.index import Candidates, TermGroup
from search_api.candidates import LEGS, Pool, collect

CHINESE = np.array([True, True, True, True, False, False])
ENGLISH = ~CHINESE
SCORES = {
    "dense": np.array([0.9, 0.8, 0.7, 0.6, 0.2, 0.1], np.float32),
    "lexical": np.array([5, 4, 0, 0, 0, 1], np.float32),
    "literal": np.array([0, 0, 0, 2, 0, 0], np.float32),
}


class FakeReader:
    """Six passages with a score a leg. A leg finds those above 0, the dense leg all."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def _found(self, leg: str, limit: int, within: NDArray[np.bool_] | None) -> Candidates:
        self.asked.append(leg)
        scores = SCORES[leg] if within is None else np.where(within, SCORES[leg], 0)
        rows = np.flatnonzero(scores > 0)
        order = rows[np.argsort(-scores[rows], kind="stable")][:limit].astype(np.int64)
        return Candidates(order, SCORES[leg][order])

    def dense_candidates(self, vector: Any, limit: int, within: Any = None) -> Candidates:
        return self._found("dense", limit, within)

    def lexical_candidates(self, groups: Any, limit: int, within: Any = None) -> Candidates:
        return self._found("lexical", limit, within)

    def literal_candidates(self, text: str, limit: int, within: Any = None) -> Candidates:
        return self._found("literal", limit, within)

    def dense_scores(self, vector: Any, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        return SCORES["dense"][rows]


def pool_of(
    masks: Sequence[NDArray[np.bool_] | None],
    literal: str = "创新",
    extra: Sequence[int] = (),
    depth: int = 2,
) -> Pool:
    vector, groups = np.ones(2, np.float32), [TermGroup((("创新", 1.0),))]
    reader: Any = FakeReader()
    return collect(reader, vector, groups, literal, np.array(extra, np.int64), masks, depth)


def test_one_language_never_crowds_the_other_out() -> None:
    """The two best passages everywhere are Chinese; the English ones are candidates all the same."""
    assert pool_of([None]).rows.tolist() == [0, 1, 3]
    assert pool_of([CHINESE, ENGLISH]).rows.tolist() == [0, 1, 3, 4, 5]


def test_what_a_leg_found_is_best_first_over_all_languages() -> None:
    found = pool_of([ENGLISH, CHINESE]).found
    assert found["dense"].rows.tolist() == [0, 1, 4, 5]
    assert found["lexical"].rows.tolist() == [0, 1, 5]
    assert found["literal"].rows.tolist() == [3]
    assert set(found) == set(LEGS)


def test_scores_stand_beside_their_rows_and_are_0_where_a_leg_missed() -> None:
    pool = pool_of([CHINESE, ENGLISH])
    assert pool.scores["lexical"].tolist() == [5, 4, 0, 0, 1]
    assert pool.scores["literal"].tolist() == [0, 0, 2, 0, 0]
    np.testing.assert_array_equal(pool.scores["dense"], SCORES["dense"][pool.rows])


def test_rows_asked_for_by_number_are_candidates_whatever_the_legs_say() -> None:
    pool = pool_of([CHINESE], extra=[2, 0])
    assert pool.rows.tolist() == [0, 1, 2, 3]
    assert pool.scores["lexical"].tolist() == [5, 4, 0, 0]
    assert pool.scores["dense"][2] == np.float32(0.7)


def test_a_single_character_is_not_looked_for_literally() -> None:
    assert pool_of([None], literal="券").found["literal"].rows.tolist() == []


def test_within_nothing_nothing_is_found() -> None:
    pool = pool_of([])
    assert pool.rows.tolist() == []
    assert {leg: scores.shape for leg, scores in pool.scores.items()} == dict.fromkeys(LEGS, (0,))
