import numpy as np
import pytest

from search_api.calibration import Weights
from search_api.ranking import LanguageList
from training.calibrating import JudgedList, Observed
from training.mixtures import FOLDS, Mixture
from training.tuning import gains_of, tune

PRESENT = Weights(0.5, 0.5, 1.0)
ALIGNMENT_ONLY = Weights(0.0, 0.0, 1.0)


def observed(count: int, useful: int, seed: int = 0, asked: str = "zh") -> list[Observed]:
    """Make questions of which one leg (0 dense, 1 lexical, 2 alignment) knows the answer."""
    generator = np.random.default_rng(seed)
    made = []
    for i in range(count):
        legs = generator.normal(size=(3, 20)).astype(np.float32)
        legs[useful, 4] += 3
        measured = LanguageList(np.arange(20), asked == "zh", legs, *np.zeros((2, 20), np.float32))
        each = JudgedList(measured, np.arange(20) == 4, np.zeros(20, np.bool_))
        made.append(Observed(Mixture("zh", 0, 0), asked, i % FOLDS, (each,)))
    return made


def test_gains_are_those_of_counting_ranks_by_hand() -> None:
    legs = np.array([[3, 2, 1], [0, 5, 0], [0, 0, 9]], np.float32)
    measured = LanguageList(np.arange(3), True, legs, *np.zeros((2, 3), np.float32))
    right = np.array([False, True, False])
    each = JudgedList(measured, right, np.zeros(3, np.bool_))
    tried = [Weights(1, 0, 0), Weights(0, 1, 0), Weights(0.1, 0, 1)]

    assert gains_of(each, tried).tolist() == pytest.approx([1 / np.log2(3), 1, 1 / np.log2(4)])
    literal = JudgedList(measured, right, right)
    assert gains_of(literal, tried[:1]).tolist() == [1]


@pytest.mark.parametrize("useful", [0, 1])
def test_the_leg_that_knows_is_given_weight(useful: int) -> None:
    chosen = tune(observed(300, useful), True, ALIGNMENT_ONLY).chosen
    weights = (chosen.dense, chosen.lexical)

    assert weights[useful] >= 1.3 and weights[1 - useful] <= 0.6


def test_only_the_lists_of_the_kind_asked_for_count() -> None:
    both = [*observed(100, 0, asked="zh"), *observed(100, 2, seed=1, asked="en")]

    assert tune(both, True, PRESENT).chosen.dense > 1
    assert tune(both, False, PRESENT).chosen.dense < 0.5


def test_a_search_that_finds_nothing_but_noise_changes_nothing() -> None:
    best = tune(observed(200, 2), True, PRESENT).measured[0][0]
    tuned = tune(observed(200, 2), True, best)

    assert tuned.held_out <= tuned.of(best)
    assert tuned.chosen == best


def test_results_are_in_order_and_hold_the_present_weights() -> None:
    tuned = tune(observed(50, 1), True, Weights(0.37, 0.91, 1.0))
    values = [value for _, value in tuned.measured]

    assert values == sorted(values, reverse=True)
    assert 0 < tuned.of(Weights(0.37, 0.91, 1.0)) <= 100
    assert len(tuned.by_fold) == FOLDS
