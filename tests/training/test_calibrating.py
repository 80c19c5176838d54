from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import minimize

from search_api.calibration import Calibration, Confidence, ListFeatures, Weights
from search_api.ranking import LanguageList
from training.calibrating import (
    Example,
    JudgedList,
    Observed,
    cross_fitted,
    examples_of,
    fit_confidence,
    fit_logistic,
    gain,
    rank_alone,
    rank_joined,
)
from training.mixtures import FOLDS, Mixture

PLAIN = Calibration(
    Weights(1, 0, 0),
    Weights(1, 0, 0),
    Confidence(4, 0, 0, 0, -2, 0, 0),
    Confidence(4, 0, 0, 0, -2, 0, 0),
    0.5,
)
MIXTURE = Mixture("zh", 10, 10)


def judged(
    dense: Sequence[float], coverage: Sequence[float], right: Sequence[int] = (), same: bool = True
) -> JudgedList:
    size = len(dense)
    legs = np.stack([np.array(dense, np.float32), *np.zeros((2, size), np.float32)])
    answers, covered = np.isin(np.arange(size), right), np.array(coverage, np.float32)
    measured = LanguageList(np.arange(size), same, legs, covered, np.zeros(size, np.float32))
    return JudgedList(measured, answers, np.zeros(size, np.bool_))


def question(*lists: JudgedList, asked: str = "zh", fold: int = 0) -> Observed:
    return Observed(MIXTURE, asked, fold, lists)


def generated(count: int, seed: int = 0) -> list[Observed]:
    """Make questions in which a right first passage covers more, on average, than a wrong one."""
    generator = np.random.default_rng(seed)
    made = []
    for i in range(count):
        own, other = generator.normal(0, 1, (2, 6)), generator.normal(0, 1, (2, 6))
        best, right = int(own[0].argmax()), bool(generator.random() < 0.8)
        own[1, best] += 2 if right else 0
        lists = (
            judged(own[0], own[1], [best if right else (best + 1) % 6]),
            judged(other[0], other[1], same=False),
        )
        made.append(question(*lists, fold=i % FOLDS))
    return made


def test_newtons_method_finds_the_minimum_of_the_penalised_loss() -> None:
    generator = np.random.default_rng(0)
    features = generator.normal(size=(300, 3))
    right = generator.random(300) < 1 / (1 + np.exp(-(features @ [1, -2, 0.5] - 0.7)))

    def loss(w: np.ndarray) -> float:
        odds = features @ w[:-1] + w[-1]
        return float((np.logaddexp(0, odds) - right * odds).sum() + 0.5 * (w[:-1] ** 2).sum())

    expected = minimize(loss, np.zeros(4), tol=1e-10).x
    np.testing.assert_allclose(fit_logistic(features, right), expected, atol=1e-4)


def test_features_that_part_right_from_wrong_perfectly_still_give_finite_coefficients() -> None:
    features = np.linspace(-1, 1, 20)[:, None]
    fitted = fit_logistic(features, features[:, 0] > 0)

    assert np.isfinite(fitted).all() and fitted[0] > 0


def test_coefficients_apply_to_features_as_they_are() -> None:
    generator = np.random.default_rng(1)
    features = generator.normal([0.5, 3, 2, 6], [0.2, 1, 2, 2], size=(2000, 4))
    truth = Confidence(6, 0.5, 0.1, 0.2, -6, 0, 0)
    odds = np.array([truth.log_odds(ListFeatures(*row)) for row in features.tolist()])
    fitted = fit_confidence(features, generator.random(2000) < 1 / (1 + np.exp(-odds)))

    assert fitted.coverage == pytest.approx(6, abs=0.8)
    assert fitted.bias == pytest.approx(-6, abs=0.8)


def test_a_constant_feature_does_no_harm() -> None:
    features = np.column_stack([np.linspace(0, 1, 50), np.full((50, 3), 2.0)])

    assert np.isfinite(fit_confidence(features, features[:, 0] > 0.4).coverage)


def test_withheld_lists_lack_what_answers_and_are_standardised_again() -> None:
    rest = judged([3, 1, 0, -1], [0.9, 0.5, 0.4, 0.3], right=[0]).withheld()

    assert rest is not None
    assert rest.measured.places.tolist() == [1, 2, 3] and not rest.right.any()
    assert rest.measured.coverage.tolist() == pytest.approx([0.5, 0.4, 0.3])
    assert rest.measured.legs[0].mean() == pytest.approx(0, abs=1e-6)
    assert rest.measured.legs[0].std() == pytest.approx(1, abs=1e-6)
    assert judged([1], [0.9], right=[0]).withheld() is None


def test_every_list_is_an_example_and_one_with_an_answer_is_a_second_without_it() -> None:
    asked = question(judged([2, 1], [0.9, 0.2], right=[0]), judged([1, 0], [0.4, 0.3], same=False))
    found = examples_of([asked], PLAIN)

    assert [(e.held, e.same, e.right) for e in found] == [
        ("zh", True, True),
        ("zh", True, False),
        ("en", False, False),
    ]
    assert found[0].features == ListFeatures(pytest.approx(0.9), 0.0, 1.0, 2.0)


def test_ranks_are_counted_alone_and_among_both_languages() -> None:
    own = judged([2, 1, 0], [0.5, 0.5, 0.5], right=[1])
    surer = judged([9, 5, 0], [0.9, 0.1, 0.1], same=False)
    asked = question(own, surer)

    assert rank_alone(asked, PLAIN) == 2
    assert rank_joined(asked, PLAIN) == 3
    assert rank_joined(asked.unanswerable(), PLAIN) is None


def test_a_whole_question_found_literally_counts_as_in_the_search() -> None:
    plain = judged([2, 1, 0], [0.5, 0.5, 0.5], right=[1])
    literal = JudgedList(plain.measured, plain.right, np.array([False, True, False]))

    assert rank_alone(question(literal), PLAIN) == 1


@pytest.mark.parametrize(
    ("rank", "expected"), [(1, 1.0), (2, 1 / np.log2(3)), (10, 1 / np.log2(11)), (11, 0.0), (None, 0.0)]
)
def test_gain_is_that_of_one_relevant_document(rank: int | None, expected: float) -> None:
    assert gain(rank) == pytest.approx(expected)


def test_a_parts_coefficients_do_not_depend_on_its_questions() -> None:
    observed = generated(200)
    turned = [
        replace(q, lists=tuple(replace(e, right=~e.right) for e in q.lists)) if q.fold == 0 else q
        for q in observed
    ]
    first, second = cross_fitted(observed, PLAIN), cross_fitted(turned, PLAIN)

    assert first[0] == second[0]
    assert first[1] != second[1]


def test_an_example_remembers_its_direction() -> None:
    (example,) = examples_of([question(judged([1.0], [0.4]), asked="en")], PLAIN)

    assert isinstance(example, Example) and (example.asked, example.held) == ("en", "en")
