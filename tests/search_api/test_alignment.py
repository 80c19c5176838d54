"""The aligner against its own definition, worked out by loops."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from indexer.engine import Engine
from indexer.index import RaggedRows
from search_api import alignment
from search_api.alignment import LEAST_CEILING, PRESENT, RENDERED, Aligner, word_vectors
from search_api.questions import Rendering
from search_api.searcher import Searcher

ROWS, DIMENSION = 12, 6
WORDS: Mapping[str, tuple[int, ...]] = {
    "pay": (1,),
    "voucher": (2,),
    "创新": (3,),
    "券": (4,),
    "创新券": (3, 4),
    "unknown": (0,),
    "tax": (9,),
}


class FakeTable:
    """Twelve words with vectors that are not of unit length; row 0 is the unknown word."""

    def __init__(self) -> None:
        self.vectors = np.random.default_rng(7).normal(size=(ROWS, DIMENSION)).astype(np.float16)
        self.vectors[0] = 0
        self.vectors[8] = 0

    dimension = DIMENSION

    def rows(self, word: str) -> tuple[int, ...]:
        return WORDS[word]

    def translations(self, word: str) -> list[tuple[str, float]]:
        return [("券", 0.8), ("创新", 0.6)] if word == "voucher" else []


class FakeReader:
    """Passages as ascending table rows; the first ones are Chinese, the rest English."""

    def __init__(self, passages: Sequence[Sequence[int]]) -> None:
        self.passages = passages

    def table_rows(self, rows: NDArray[np.int64]) -> RaggedRows:
        chosen = [self.passages[row] for row in rows]
        offsets = np.cumsum([0, *map(len, chosen)])
        return RaggedRows(np.array([row for each in chosen for row in each], np.int32), offsets)


PASSAGES = [[1, 3, 4], [2, 3], [], [4, 5, 6, 7], [1, 2, 3, 4, 9], [8], [3, 4, 10]]
CHINESE = np.array([True, True, True, True, False, False, False])
SAMPLES: Any = {"zh": np.array([0, 1, 2, 3]), "en": np.array([4, 5])}


def make_aligner(passages: Sequence[Sequence[int]] = PASSAGES) -> Aligner:
    reader: Any = FakeReader(passages)
    table: Any = FakeTable()
    return Aligner(reader, table, {"zh": CHINESE, "en": ~CHINESE}, SAMPLES)


def vector_of(word: str) -> NDArray[np.float64]:
    total: NDArray[np.float64] = sum(FakeTable().vectors[row].astype(np.float64) for row in WORDS[word])
    return total


def nearest(word: str, passage: Sequence[int]) -> float:
    """m(q, p), by its definition."""
    asked = vector_of(word)
    best = 0.0
    for row in passage:
        spoken = FakeTable().vectors[row].astype(np.float64)
        lengths = np.linalg.norm(asked) * np.linalg.norm(spoken)
        best = max(best, float(asked @ spoken / lengths) if lengths else 0.0)
    return best


def expected(word: str, row: int) -> tuple[float, float, float]:
    """The match, mean and weight of a word and a passage, by their definitions."""
    sample = SAMPLES["zh" if CHINESE[row] else "en"]
    over = [nearest(word, PASSAGES[each]) for each in sample]
    present = sum(match > PRESENT for match in over)
    rarity = math.log((len(over) - present + 0.5) / (present + 0.5) + 1)
    mean = sum(over) / len(over)
    return nearest(word, PASSAGES[row]), mean, rarity * float(np.linalg.norm(vector_of(word)))


def test_matches_means_and_weights_agree_with_their_definitions() -> None:
    words = list(WORDS)
    rows = np.array([6, 0, 2, 5, 4, 1])
    found = make_aligner().align(words, rows)
    told = np.array([[expected(word, row) for row in rows] for word in words])
    np.testing.assert_allclose(found.matches, told[..., 0], atol=1e-5)
    np.testing.assert_allclose(found.means, told[..., 1], atol=1e-5)
    np.testing.assert_allclose(found.weights, told[..., 2], atol=1e-4)
    score = ((told[..., 0] - told[..., 1]) * told[..., 2]).sum(axis=0)
    np.testing.assert_allclose(found.scores, score, atol=1e-4)
    assert found.matches.dtype == found.scores.dtype == np.float32


def test_a_word_that_stands_in_a_passage_matches_fully_and_an_unknown_one_not_at_all() -> None:
    found = make_aligner().align(["voucher", "unknown"], np.array([1, 2]))
    np.testing.assert_allclose(found.matches, [[1, 0], [0, 0]], atol=1e-6)
    assert found.weights[1].tolist() == [0, 0]


@pytest.mark.parametrize(
    ("spoken", "having"),
    [
        (("创新", "券"), [0, 4, 6]),
        (("创新券",), [0, 4, 6]),
        (("创新", "tax"), [4]),
        (("unknown",), []),
        ((), []),
    ],
)
def test_only_passages_with_all_words_of_a_rendering_have_what_it_says(
    spoken: tuple[str, ...], having: list[int]
) -> None:
    rows = np.arange(len(PASSAGES))
    plain = make_aligner().align(["pay", "voucher"], rows).matches
    found = make_aligner().align(["pay", "voucher"], rows, [Rendering((1,), spoken)]).matches
    assert (found[0] == plain[0]).all()
    for row in rows:
        said = max(plain[1, row], RENDERED) if row in having else plain[1, row]
        assert found[1, row] == np.float32(said)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sets(st.integers(1, ROWS - 1)), min_size=7, max_size=7), st.sets(st.integers(0, ROWS - 1)))
def test_renderings_find_what_sets_find(passages: list[set[int]], sought: set[int]) -> None:
    made = make_aligner([sorted(each) for each in passages])
    rows = np.arange(len(passages))
    distinct = alignment._Distinct(made._reader.table_rows(rows), made._units)
    (found,) = distinct.having([sought])
    assert found.tolist() == [row for row, each in enumerate(passages) if sought and sought <= each]


def test_several_renderings_do_not_mix() -> None:
    rows = np.arange(len(PASSAGES))
    renderings = [
        Rendering((0,), ("创新", "券")),
        Rendering((1,), ("tax",)),
        Rendering((0, 1), ("pay", "tax")),
    ]
    matches = make_aligner().align(["unknown", "unknown"], rows, renderings).matches
    assert np.flatnonzero(matches[0]).tolist() == [0, 4, 6]
    assert np.flatnonzero(matches[1]).tolist() == [4]


def test_no_words_and_no_passages() -> None:
    assert make_aligner().align([], np.array([0, 4])).scores.tolist() == [0, 0]
    none = make_aligner().align(["pay"], np.zeros(0, np.int64), [Rendering((0,), ("tax",))])
    assert none.matches.shape == (1, 0)
    assert none.scores.tolist() == []


def test_what_was_asked_before_changes_nothing() -> None:
    """Statistics are kept; they must be those that a fresh aligner would take, to the last bit."""
    rows = np.arange(len(PASSAGES))
    used = make_aligner()
    for asked in (["voucher"], ["tax", "pay", "券"], ["创新券", "创新", "pay"]):
        used.align(asked, rows)
    words = ["pay", "voucher", "创新券", "券", "tax"]
    after, fresh = used.align(words, rows), make_aligner().align(words, rows)
    assert (after.scores == fresh.scores).all()
    assert (after.means == fresh.means).all()


def test_few_words_kept_change_nothing_but_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = np.arange(len(PASSAGES))
    words = list(WORDS)
    kept = make_aligner().align(words, rows).scores
    monkeypatch.setattr(alignment, "_KEPT_WORDS", 1)
    forgetful = make_aligner()
    assert (forgetful.align(words, rows).scores == kept).all()
    assert all(len(sample._known) == 1 for sample in forgetful._samples.values())


def test_coverage_is_0_to_1_and_full_where_every_word_stands() -> None:
    rows = np.arange(len(PASSAGES))
    found = make_aligner().align(["pay", "voucher"], rows)
    coverage = found.coverage(np.ones(len(rows), np.bool_))
    assert (coverage >= 0).all()
    assert (coverage <= 1).all()
    assert coverage[4] == pytest.approx(1)
    assert coverage[2] == 0


def test_across_languages_the_nearest_translation_covers_a_word() -> None:
    """A match as good as the best translation of a word is full coverage there, and is not at home."""
    found = make_aligner().align(["voucher", "pay"], np.arange(len(PASSAGES)))
    assert found.ceilings.tolist() == pytest.approx([0.8, 0])
    across = found.coverage(np.zeros(len(PASSAGES), np.bool_))
    at_home = found.coverage(np.ones(len(PASSAGES), np.bool_))
    assert (across >= at_home - 1e-6).all()
    assert (across > at_home + 1e-3).any()
    assert LEAST_CEILING > 0


def test_vectors_of_words_are_sums_of_their_pieces() -> None:
    table: Any = FakeTable()
    found = word_vectors(["创新券", "pay", "unknown"], table)
    np.testing.assert_allclose(found, [vector_of("创新券"), vector_of("pay"), np.zeros(DIMENSION)], atol=1e-6)
    assert word_vectors([], table).shape == (0, DIMENSION)


@pytest.mark.parametrize("question", ["how much tech-voucher money was paid", "科技创新券补助发了多少钱"])
def test_over_the_sample_corpus_matches_are_exact_cosines(
    searcher: Searcher, engine: Engine, question: str
) -> None:
    ranking = searcher.rank(question)
    words = [word.word.text for word in ranking.query.content]
    rows = ranking.pool.rows[::23]
    plain = searcher._aligner.align(words, rows)
    ragged = searcher.reader.table_rows(rows)
    table = engine.table.vectors
    for i, word in enumerate(words):
        asked = np.sum([table[row].astype(np.float64) for row in engine.table.rows(word)], axis=0)
        for j in range(len(rows)):
            spoken = table[ragged.rows[ragged.offsets[j] : ragged.offsets[j + 1]]].astype(np.float64)
            lengths = np.linalg.norm(spoken, axis=1) * np.linalg.norm(asked)
            cosines = np.divide(spoken @ asked, lengths, out=np.zeros(len(spoken)), where=lengths > 0)
            assert plain.matches[i, j] == pytest.approx(max(0.0, cosines.max(initial=0.0)), abs=1e-4)
