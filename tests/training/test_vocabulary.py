import os
import subprocess
import sys
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.word_table import LONGEST_WORD, UNKNOWN, pieces_of
from training.export import _tokenizer
from training.vocabulary import Collector, Ragged, choose_rows, to_rows

ALPHABET = "ab科技新1"
ROWS = [UNKNOWN, *dict.fromkeys(["a", "ab", "aba", "科", "科技", "技", "科技新", "1", "b1"])]
ROW_OF = {word: row for row, word in enumerate(ROWS)}
TOKENIZER = _tokenizer(ROWS)


@given(st.lists(st.text(ALPHABET, min_size=1, max_size=12), max_size=6))
def test_greedy_pieces_are_those_of_the_wordpiece_tokenizer(words: list[str]) -> None:
    ours = [row for word in words for row in pieces_of(word, ROW_OF)]

    assert TOKENIZER.encode(" ".join(words), add_special_tokens=False).ids == ours


@given(st.lists(st.text(min_size=1, max_size=8).filter(lambda w: len(w.split()) == 1 == len(w.split(" ")))))
def test_words_of_any_characters_are_cut_alike(words: list[str]) -> None:
    words = [word for word in words if word == "".join(word.split())]
    ours = [row for word in words for row in pieces_of(word, ROW_OF)]

    assert TOKENIZER.encode(" ".join(words), add_special_tokens=False).ids == ours


@pytest.mark.parametrize("length", [LONGEST_WORD, LONGEST_WORD + 1])
def test_too_long_a_word_is_unknown_to_both(length: int) -> None:
    word = "科" * length
    expected = [3] * length if length <= LONGEST_WORD else [0]
    row_of = {UNKNOWN: 0, "x": 1, "y": 2, "科": 3}

    assert list(pieces_of(word, row_of)) == expected
    assert _tokenizer(list(row_of)).encode(word, add_special_tokens=False).ids == expected


def test_rows_are_the_unknown_word_required_ones_characters_and_frequent_words() -> None:
    counts = Counter({"创新": 5, "科技": 9, "rare": 1, "policy": 6})
    rows = choose_rows(counts, required=["揭榜挂帅", "rare"], least=5, most=100)

    assert rows[:3] == [UNKNOWN, "揭榜挂帅", "rare"]
    assert rows[-3:] == ["科技", "policy", "创新"]
    assert sorted(rows[3:-3]) == sorted("科技创新policy")
    assert len(rows) == len(set(rows))


def test_a_table_has_no_more_rows_than_asked_for() -> None:
    counts = Counter({f"word{i}": 9 for i in range(50)})

    assert len(choose_rows(counts, [], 1, 20)) == 20


def test_rows_are_in_the_same_order_in_every_process() -> None:
    """Sets of strings are ordered by a hash that differs from process to process."""
    script = (
        "from collections import Counter; from training.vocabulary import choose_rows;"
        "print(choose_rows(Counter({'abcdefg': 9, 'hijklmn': 9, '科技创新': 9}), [], 1, 100))"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(seen) == 1


words = st.text("ab科技", min_size=1, max_size=4)


@given(st.lists(st.tuples(st.lists(words, max_size=5), st.lists(words, max_size=5)), max_size=6))
def test_what_is_collected_can_be_read_back(pairs: list[tuple[list[str], list[str]]]) -> None:
    collector = Collector()
    for zh, en in pairs:
        collector.add(zh, en)
    found = collector.finish()

    for number, sides in enumerate(pairs):
        for side, expected in zip((found.zh, found.en), sides, strict=True):
            assert [found.words[i] for i in of(side, number)] == expected


@given(st.lists(st.lists(words, max_size=5), max_size=6))
def test_word_ids_become_the_rows_of_their_pieces(texts: list[list[str]]) -> None:
    collector = Collector()
    for text in texts:
        collector.add(text, [])
    found = collector.finish()
    rows = to_rows(found.zh, found.words, ROWS)

    assert len(rows) == len(texts)
    for number, text in enumerate(texts):
        assert of(rows, number) == [row for word in text for row in pieces_of(word, ROW_OF)]


def of(ragged: Ragged, number: int) -> list[int]:
    ids: np.ndarray = ragged.ids[ragged.offsets[number] : ragged.offsets[number + 1]]
    return ids.tolist()
