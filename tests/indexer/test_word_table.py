"""The shipped table: rows for every word, unit vectors, translations; a folder that is not whole is named."""

import json
import os
import shutil
from collections.abc import Callable
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import EncoderUnavailable
from indexer.word_table import LONGEST_WORD, SHIPPED, UNKNOWN, WordTable, pieces_of, unit

WORDS = st.one_of(
    st.text(st.characters(exclude_categories=["Z", "C"]), min_size=1, max_size=8),
    st.sampled_from(["科技创新券", "voucher", "xyzzyplugh", "1257.96", "a" * 101, "国发[2023]12号", "r&d"]),
)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A folder of links to the shipped table's files, for a test to put others in their place."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "table", copy_function=os.symlink))


def replace(path: Path, content: bytes) -> None:
    path.unlink()
    path.write_bytes(content)


def test_the_first_row_is_the_unknown_word_which_any_other_outweighs(table: WordTable) -> None:
    assert table.row_of[UNKNOWN] == 0
    assert table.words[0] == UNKNOWN
    lengths = np.linalg.norm(table.vectors.astype(np.float32), axis=1)
    assert 0 < lengths[0] < lengths[1:].min() / 100


def test_every_row_has_one_word_and_a_finite_vector(table: WordTable) -> None:
    assert sorted(table.row_of.values()) == list(range(len(table.vectors)))
    assert [table.row_of[word] for word in table.words] == list(range(len(table.words)))
    assert np.isfinite(table.matrix).all()
    assert (np.linalg.norm(table.matrix[1:], axis=1) > 0).all()
    assert table.matrix.shape == (len(table.words), table.dimension)


@pytest.mark.parametrize(
    ("word", "rows"),
    [
        ("ab", (3,)),
        ("abc", (4,)),
        ("abab", (3, 3)),
        ("abca", (4, 1)),
        ("ba", (2, 1)),
        ("abx", (0,)),
        ("x", (0,)),
        ("a" * LONGEST_WORD, (1,) * LONGEST_WORD),
        ("a" * (LONGEST_WORD + 1), (0,)),
    ],
)
def test_a_word_without_a_row_is_cut_greedily_or_unknown(word: str, rows: tuple[int, ...]) -> None:
    assert pieces_of(word, {UNKNOWN: 0, "a": 1, "b": 2, "ab": 3, "abc": 4}) == rows


@given(st.lists(WORDS, max_size=6))
def test_rows_spell_their_words(table: WordTable, words: list[str]) -> None:
    for word in words:
        rows = table.rows(word)
        assert rows == (0,) or "".join(table.words[row] for row in rows) == word
    assert table.rows_of(words).tolist() == [row for word in words for row in table.rows(word)]
    distinct = table.distinct_rows(words)
    assert distinct.tolist() == sorted(set(table.rows_of(words).tolist()) - {0})
    assert distinct.dtype == table.rows_of(words).dtype == np.int32


@given(st.lists(WORDS, max_size=6))
def test_a_sum_has_length_one_or_none(table: WordTable, words: list[str]) -> None:
    vector = table.sum_of(words)
    assert vector.shape == (table.dimension,)
    assert vector.dtype == np.float32
    length = float(np.linalg.norm(vector))
    assert length == (pytest.approx(1, abs=1e-5) if words else 0)


def test_an_unknown_word_changes_next_to_nothing(table: WordTable) -> None:
    known = table.sum_of(["专利", "资助"])
    assert known @ table.sum_of(["专利", "资助", "㈠项"]) > 0.999


@given(st.permutations(["科技创新券", "补助", "发", "voucher", "2025"]))
def test_the_order_of_words_makes_no_difference(table: WordTable, words: list[str]) -> None:
    np.testing.assert_allclose(table.sum_of(words), table.sum_of(sorted(words)), atol=1e-6)


@pytest.mark.parametrize(("word", "other"), [("voucher", "券"), ("专利", "patent"), ("科技", "technology")])
def test_words_are_near_their_translation(table: WordTable, word: str, other: str) -> None:
    here, there, far = (unit(table.sum_of([each])) for each in (word, other, "抚恤金"))
    assert here @ there > here @ far + 0.1


def test_translations_are_words_of_the_other_language_nearest_first(table: WordTable) -> None:
    found = table.translations("专利")
    assert "patent" in [word for word, _ in found]
    assert all(word.isascii() for word, _ in found)
    cosines = [cosine for _, cosine in found]
    assert cosines == sorted(cosines, reverse=True)
    assert 0 < cosines[-1] <= cosines[0] <= 1
    assert all(not word.isascii() for word, _ in table.translations("patent"))


@pytest.mark.parametrize("word", ["xyzzyplugh", "", "a" * 200])
def test_a_word_without_a_row_of_its_own_has_no_translation(table: WordTable, word: str) -> None:
    assert table.translations(word) == []


def test_unit_scales_rows_and_leaves_zero() -> None:
    given_rows = np.array([[3, 4], [0, 0], [-2, 0]], np.float32)
    np.testing.assert_allclose(unit(given_rows), [[0.6, 0.8], [0, 0], [-1, 0]])


def test_the_checksum_follows_what_changes_a_vector(table: WordTable, copy: Path) -> None:
    assert WordTable(copy).checksum == table.checksum
    tokenizer = copy / "0_StaticEmbedding" / "tokenizer.json"
    content = json.loads(tokenizer.read_text("utf-8"))
    content["model"]["vocab"]["泉城云码"] = 1
    replace(tokenizer, json.dumps(content).encode())
    assert WordTable(copy).checksum != table.checksum


NEEDED: dict[str, Callable[[WordTable], object]] = {
    "0_StaticEmbedding/model.safetensors": lambda table: table.vectors,
    "0_StaticEmbedding/tokenizer.json": lambda table: table.row_of,
    "dictionary.txt": lambda table: table.dictionary,
    "neighbours.npy": lambda table: table.translations("专利"),
    "similarities.npy": lambda table: table.translations("专利"),
}
DAMAGE: dict[str, Callable[[Path], object]] = {
    "gone": lambda path: path.unlink(),
    "empty": lambda path: replace(path, b""),
    "cut short": lambda path: replace(path, path.read_bytes()[: path.stat().st_size // 2]),
    "another format": lambda path: replace(path, b"\x93not what it should be, but long enough" * 9),
}


# Any list of words is a dictionary; the segmenter's signature tells them apart.
PASSES = {("dictionary.txt", "empty"), ("dictionary.txt", "cut short")}


@pytest.mark.parametrize(("name", "damage"), [case for case in product(NEEDED, DAMAGE) if case not in PASSES])
def test_a_folder_that_is_not_whole_is_named_with_what_to_do(copy: Path, name: str, damage: str) -> None:
    DAMAGE[damage](copy / name)
    with pytest.raises(EncoderUnavailable) as raised:
        NEEDED[name](WordTable(copy))
    assert str(copy / name) in str(raised.value)
    assert "Install Wenzheng again" in str(raised.value)
