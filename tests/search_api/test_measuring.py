from math import log2

import numpy as np
import pytest

from indexer.errors import EvaluationError
from search_api.measuring import DEFAULT_MEASURES, UNCUT, estimate, parse_measures, rank_of, summarise, take

RELEVANT = {"q1": {"d1": 2, "d2": 1}, "q2": {"d3": 1}, "q3": {"d1": 1}}
RANKED = {"q1": ["d2", "d3", "d1"], "q2": ["d1", "d3"]}
BY_HAND = {
    "q1": {"nDCG@10": (1 + 2 / log2(4)) / (2 + 1 / log2(3)), "R@1": 0.5, "R@3": 1.0, "RR@10": 1.0},
    "q2": {"nDCG@10": 1 / log2(3), "R@1": 0.0, "R@3": 1.0, "RR@10": 0.5},
    "q3": {"nDCG@10": 0.0, "R@1": 0.0, "R@3": 0.0, "RR@10": 0.0},
}


def test_measures_are_those_calculated_by_hand_and_an_unanswered_question_is_0() -> None:
    values = take(parse_measures(DEFAULT_MEASURES), RELEVANT, RANKED)

    assert values.keys() == BY_HAND.keys()
    for query_id, expected in BY_HAND.items():
        assert values[query_id] == pytest.approx(expected)


def test_an_unanswered_question_lowers_the_mean() -> None:
    found = summarise(take(parse_measures(["RR@10"]), RELEVANT, RANKED).values())

    assert found["RR@10"].mean == pytest.approx((1 + 0.5 + 0) / 3)
    assert found["RR@10"].questions == 3


def test_nothing_found_at_all_is_0_everywhere() -> None:
    assert take(parse_measures(["R@1"]), RELEVANT, {}) == {q: {"R@1": 0.0} for q in RELEVANT}


def test_order_counts_and_not_the_ids() -> None:
    measures = parse_measures(["R@1"])

    for order in (["a", "b", "c"], ["c", "a", "b"], ["b", "c", "a"]):
        assert take(measures, {"q": {order[0]: 1}}, {"q": order}) == {"q": {"R@1": 1.0}}


def test_documents_beyond_the_cutoff_count_for_nothing() -> None:
    ranked = {"q": [f"d{i}" for i in range(11)]}

    assert take(parse_measures(["nDCG@10", "RR@10"]), {"q": {"d10": 1}}, ranked) == {
        "q": {"nDCG@10": 0.0, "RR@10": 0.0}
    }


def test_a_measure_keeps_the_name_it_was_asked_for_by() -> None:
    values = take(parse_measures(["MRR@10", "RR@10", "MRR@10"]), RELEVANT, RANKED)

    assert values["q2"] == {"MRR@10": 0.5, "RR@10": 0.5}


def test_cutoffs() -> None:
    assert [m.cutoff for m in parse_measures(["nDCG@10", "R@3", "AP"])] == [10, 3, UNCUT]
    assert [m.name for m in parse_measures([])] == list(DEFAULT_MEASURES)


@pytest.mark.parametrize("name", ["nDGC@10", "R@", "", "nDCG at 10", "@10", "R@x", "nDCG@0", "nDCG@-1"])
def test_an_unknown_measure_is_an_error_with_examples(name: str) -> None:
    with pytest.raises(EvaluationError, match=r"nDCG@10, R@1") as error:
        parse_measures([name])

    assert repr(name) in str(error.value)


def test_the_interval_is_the_same_every_time_and_holds_the_mean() -> None:
    values = np.random.default_rng(7).random(200).tolist()

    first, second = estimate(values), estimate(values)

    assert first == second
    assert first.low < first.mean < first.high
    standard_error = np.std(values) / np.sqrt(len(values))
    assert first.high - first.low == pytest.approx(2 * 1.96 * standard_error, rel=0.1)


def test_blocks_do_not_change_the_interval(monkeypatch: pytest.MonkeyPatch) -> None:
    values = [0.0, 0.25, 0.5, 1.0] * 25
    whole = estimate(values)
    monkeypatch.setattr("search_api.measuring._BLOCK", 700)

    assert estimate(values) == whole


def test_values_that_are_all_alike_have_no_width() -> None:
    found = estimate([1.0] * 9)

    assert (found.mean, found.low, found.high, found.questions) == (1.0, 1.0, 1.0, 9)
    assert estimate([]).questions == 0


def test_ranks_count_from_1() -> None:
    assert [rank_of(d, ["a", "b"]) for d in "abc"] == [1, 2, None]
