"""The literal index: any substring of two characters or more is found, and nothing else."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.local import literals
from indexer.normalizing import normalize

texts = st.lists(
    st.text(st.sampled_from("科技創创新AaＡ 　\n1１〔[𠀀éﬁ😀\x00"), max_size=14) | st.text(max_size=10),
    min_size=1,
    max_size=6,
).map(lambda each: [text.encode("utf-8", "ignore").decode() for text in each])


def squeezed(text):
    return "".join(normalize(text).split())


def brute_force(stored, wanted):
    """Row -> occurrences over characters, for every row that holds `wanted`."""
    counts = {row: squeezed(text).count(squeezed(wanted)) for row, text in enumerate(stored)}
    return {row: count / len(squeezed(stored[row])) for row, count in counts.items() if count}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts, st.data())
def test_every_substring_is_found_as_brute_force_finds_it(index_of, stored, data):
    reader = index_of(stored)
    for text in stored:
        start = data.draw(st.integers(0, len(text)))
        wanted = text[start : data.draw(st.integers(start, len(text)))]
        found = reader.literal_candidates(wanted, 100)
        expected = brute_force(stored, wanted) if len(squeezed(wanted)) >= 2 else {}
        assert dict(zip(found.rows.tolist(), found.scores, strict=True)) == pytest.approx(expected)
        assert (np.diff(found.scores) <= 0).all()


@pytest.mark.parametrize(
    "wanted", ["科函〔2026〕102号", "科函[2026]102號", "科 函［２０２６］ 102 号", "創新", "创　新"]
)
def test_width_script_and_space_make_no_difference(index_of, wanted):
    assert index_of(["泉科函〔2026〕102号 创新", "别的"]).literal_candidates(wanted, 5).rows.tolist() == [0]


@pytest.mark.parametrize("wanted", ["", "科", " 科 ", "无此", "新科", "科新"])
def test_too_short_or_absent_finds_nothing(index_of, wanted):
    assert len(index_of(["科技创新"]).literal_candidates(wanted, 5).rows) == 0


def test_all_pairs_without_the_whole_is_no_find(index_of):
    assert index_of(["一二三一四", "二三四"]).literal_candidates("一二三四", 5).rows.tolist() == []


def test_a_denser_passage_comes_first_and_a_mask_keeps_rows_out(index_of):
    reader = index_of(["创新长长长长", "创新", "创新长创新"])
    assert reader.literal_candidates("创新", 5).rows.tolist() == [1, 2, 0]
    assert reader.literal_candidates("创新", 5, np.array([True, False, True])).rows.tolist() == [2, 0]
    assert reader.literal_candidates("创新", 1).rows.tolist() == [1]


def test_reading_goes_on_past_enough_until_something_is_found(index_of, monkeypatch):
    monkeypatch.setattr(literals, "ENOUGH", 3)
    monkeypatch.setattr(literals, "_FEW", 0)
    reader = index_of(["一二三一四三四"] * 6 + ["长" * 20 + "一二三四"])
    assert reader.literal_candidates("一二三四", 5).rows.tolist() == [6]
