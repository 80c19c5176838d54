import numpy as np
import pytest

from search_api.calibration import Calibration, Confidence, Weights
from search_api.ranking import LanguageList
from training.calibrating import JudgedList, Observed, cross_fitted, examples_of
from training.mixtures import FOLDS, Mixture
from training.reliability import (
    Claims,
    best_of,
    choose_claim,
    measure_claims,
    measure_losses,
    measure_reliability,
)

PLAIN = Calibration(
    Weights(1, 0, 0),
    Weights(1, 0, 0),
    Confidence(4, 0, 0, 0, -2, 0, 0),
    Confidence(4, 0, 0, 0, -2, 0, 0),
    0.5,
)
MIXTURE = Mixture("zh", 10, 10)


def judged(dense: np.ndarray, coverage: np.ndarray, right: int | None, same: bool) -> JudgedList:
    size = len(dense)
    legs = np.stack([dense, *np.zeros((2, size))]).astype(np.float32)
    measured = LanguageList(
        np.arange(size), same, legs, coverage.astype(np.float32), np.zeros(size, np.float32)
    )
    return JudgedList(measured, np.arange(size) == right, np.zeros(size, np.bool_))


def generated(count: int, seed: int = 0) -> list[Observed]:
    """Make questions in which a right first passage covers more, on average, than a wrong one."""
    generator = np.random.default_rng(seed)
    made = []
    for i in range(count):
        own, other = generator.normal(0, 1, (2, 6)), generator.normal(0, 1, (2, 6))
        best, right = int(own[0].argmax()), bool(generator.random() < 0.8)
        own[1, best] += 2 if right else 0
        mine = judged(own[0], own[1], best if right else (best + 1) % 6, same=True)
        made.append(Observed(MIXTURE, "zh", i % FOLDS, (mine, judged(other[0], other[1], None, same=False))))
    return made


def test_what_is_said_is_what_is_seen() -> None:
    observed = generated(4000)
    examples, fitted = examples_of(observed, PLAIN), cross_fitted(observed, PLAIN)
    bins = measure_reliability(examples, fitted)

    assert {each.direction for each in bins} == {"zh→zh", "zh→en"}
    assert sum(each.lists for each in bins) == len(examples)
    assert all(each.low <= each.said <= each.high for each in bins)
    crowded = [each for each in bins if each.lists > 400 and each.direction == "zh→zh"]
    assert len(crowded) >= 3
    assert all(each.said == pytest.approx(each.right, abs=0.08) for each in crowded)


def test_losses_are_told_by_mixture_and_direction() -> None:
    observed = generated(100)
    (loss,) = measure_losses(observed, cross_fitted(observed, PLAIN))

    assert (loss.mixture, loss.direction, loss.questions) == (MIXTURE.name, "zh→zh", 100)
    assert loss.joined[0] <= loss.alone[0] and loss.alone[1] == 100.0


def test_claims_grow_fewer_and_surer() -> None:
    observed = generated(600)
    claims = measure_claims(observed, cross_fitted(observed, PLAIN))
    shares = np.array([(c.right, c.wrong, c.false) for c in claims])

    assert (np.diff(shares, axis=0) <= 0).all()
    assert claims[79].precision > claims[9].precision


def test_the_threshold_is_the_least_that_is_right_often_enough() -> None:
    claims = [Claims(0.3, 0.8, 0.1, 0.3), Claims(0.5, 0.7, 0.02, 0.03), Claims(0.7, 0.5, 0.0, 0.01)]

    assert choose_claim(claims, 0.9) == 0.5
    assert choose_claim(claims[:1], 0.9) == 0.99


def test_the_first_passage_of_all_is_that_of_the_surer_list() -> None:
    legs, surer, unsure = np.array([2.0, 1.0]), np.array([0.9, 0.1]), np.array([0.4, 0.3])
    own, other = judged(legs, unsure, 0, same=True), judged(legs, surer, None, same=False)
    said, right = best_of(Observed(MIXTURE, "zh", 0, (own, other)), PLAIN)

    assert said == pytest.approx(1 / (1 + np.exp(-(4 * 0.9 - 2))))
    assert not right
    assert best_of(Observed(MIXTURE, "zh", 0, (own,)), PLAIN)[1]
