"""Vectors against their oracle: NumPy's exact products, on vectors that are not of unit length."""

import hashlib

import numpy as np
import pytest

from indexer.errors import CorruptIndex, VectorShapeMismatch
from indexer.local.vectors import FEW_ROWS, FILE, Vectors, save_vectors

COUNT, DIMENSION = 9_000, 24


@pytest.fixture(scope="module")
def rows():
    random = np.random.default_rng(7)
    return (random.standard_normal((COUNT, DIMENSION)) * random.uniform(0.1, 5, (COUNT, 1))).astype(
        np.float16
    )


@pytest.fixture(scope="module")
def vectors(rows, tmp_path_factory):
    folder = tmp_path_factory.mktemp("vectors")
    save_vectors(folder, rows)
    return Vectors.load(folder, hashlib.sha256((folder / FILE).read_bytes()).hexdigest(), DIMENSION, COUNT)


def question(seed):
    return np.random.default_rng(seed).standard_normal(DIMENSION).astype(np.float32)


def oracle(rows, query, limit, within=None):
    scores = rows.astype(np.float64) @ query.astype(np.float64)
    allowed = np.arange(len(rows)) if within is None else np.flatnonzero(within)
    order = allowed[np.lexsort((allowed, -scores[allowed]))][:limit]
    return order, scores[order]


def masks():
    random = np.random.default_rng(3)
    return {
        "all": None,
        "many": random.random(COUNT) < 0.7,
        "few": random.random(COUNT) < 0.05,
        "one": np.arange(COUNT) == COUNT - 1,
        "none": np.zeros(COUNT, dtype=bool),
    }


@pytest.mark.parametrize("mask", ["all", "many", "few", "one", "none"])
@pytest.mark.parametrize("limit", [1, 50])
def test_search_finds_what_exact_products_find(vectors, rows, mask, limit):
    within = masks()[mask]
    for seed in range(5):
        found = vectors.search(question(seed), limit, within)
        expected, scores = oracle(rows, question(seed), limit, within)
        assert found.rows.tolist() == expected.tolist()
        np.testing.assert_allclose(found.scores, scores, rtol=1e-4, atol=1e-4)


def test_masks_take_both_ways_of_filtering():
    kept = {name: COUNT if mask is None else int(mask.sum()) for name, mask in masks().items()}
    assert kept["few"] <= FEW_ROWS < kept["many"]


def test_a_limit_above_the_count_returns_every_row_once(vectors):
    assert sorted(vectors.search(question(1), COUNT * 2).rows) == list(range(COUNT))


def test_no_limit_returns_nothing(vectors):
    assert len(vectors.search(question(1), 0).rows) == 0


def test_scores_are_the_products(vectors, rows):
    wanted = np.array([5, 3, 3, 8_999])
    expected = rows[wanted].astype(np.float32) @ question(2)
    np.testing.assert_allclose(vectors.scores(question(2), wanted), expected, rtol=1e-5)


def test_rows_are_the_float16_values_that_were_saved(vectors, rows):
    assert np.array_equal(vectors.rows, rows)


@pytest.mark.parametrize(
    "query",
    [
        np.zeros(DIMENSION + 1, np.float32),
        np.zeros((1, DIMENSION), np.float32),
        np.zeros(DIMENSION, np.int64),
        np.full(DIMENSION, np.nan, np.float32),
        np.full(DIMENSION, np.inf, np.float32),
        np.full(DIMENSION, 70_000, np.float32),
    ],
)
def test_a_question_of_another_shape_or_not_finite_is_refused(vectors, query):
    with pytest.raises(VectorShapeMismatch, match="The question"):
        vectors.search(query, 5)


def test_bytes_that_differ_never_reach_faiss(tmp_path, rows):
    save_vectors(tmp_path, rows[:10])
    with pytest.raises(CorruptIndex, match=r"vectors\.faiss: SHA-256 is .* the manifest says 00"):
        Vectors.load(tmp_path, "00", DIMENSION, 10)


@pytest.mark.parametrize("shape", [(DIMENSION, 11), (DIMENSION + 1, 10)])
def test_another_count_or_dimension_than_the_manifest_says_is_refused(tmp_path, rows, shape):
    save_vectors(tmp_path, rows[:10])
    sha256 = hashlib.sha256((tmp_path / FILE).read_bytes()).hexdigest()
    with pytest.raises(CorruptIndex, match="10 vectors of 24"):
        Vectors.load(tmp_path, sha256, *shape)
