"""Repeats are folded into the best of them."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from search_api.folding import fold_repeats


def fold(order: list[int], groups: list[int]) -> tuple[list[int], list[int]]:
    kept, folded = fold_repeats(np.array(order, np.int64), np.array(groups, np.int64))
    return kept.tolist(), folded.tolist()


def test_the_best_of_each_group_stays_where_it_stood_and_counts_the_others() -> None:
    assert fold([3, 1, 0, 2, 4], [7, 8, 7, 7, 9]) == ([3, 1, 4], [2, 0, 0])


def test_nothing_and_only_repeats() -> None:
    assert fold([], []) == ([], [])
    assert fold([2, 0, 1], [5, 5, 5]) == ([2], [2])


@given(st.lists(st.integers(-3, 3)).flatmap(lambda g: st.tuples(st.permutations(range(len(g))), st.just(g))))
def test_folding_agrees_with_counting_by_hand(case: tuple[list[int], list[int]]) -> None:
    order, groups = case
    kept: dict[int, int] = {}
    folded: dict[int, int] = {}
    for place in order:
        if groups[place] in kept:
            folded[groups[place]] += 1
        else:
            kept[groups[place]], folded[groups[place]] = place, 0
    assert fold(order, groups) == (list(kept.values()), list(folded.values()))
