"""Turn pairs into sparse matrices over the table's rows.

A word has a row if it is frequent enough. Any other word is cut greedily, longest first, into words that
have rows, exactly as a WordPiece tokenizer without a continuation prefix does it, so that
sentence-transformers' own tokenizer and this project's look-up agree.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.word_table import UNKNOWN, pieces_of

Words = Callable[[str], list[str]]


@dataclass(frozen=True, slots=True)
class Ragged:
    """Lists of ids: the i-th is ids[offsets[i]:offsets[i + 1]]. ids: int32. offsets: int64."""

    ids: NDArray[np.int32]
    offsets: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.offsets) - 1


@dataclass(frozen=True, slots=True)
class SegmentedPairs:
    """Both sides of some pairs as ids of `words`."""

    words: list[str]
    zh: Ragged
    en: Ragged


class Collector:
    """Collect word ids of texts, giving every new word the next id."""

    def __init__(self) -> None:
        self.ids: dict[str, int] = {}
        self._flat = {"zh": array("i"), "en": array("i")}
        self._offsets = {"zh": array("q", [0]), "en": array("q", [0])}

    def add(self, zh: Sequence[str], en: Sequence[str]) -> None:
        """Add one pair of word lists."""
        for side, words in (("zh", zh), ("en", en)):
            self._flat[side].extend(self.ids.setdefault(word, len(self.ids)) for word in words)
            self._offsets[side].append(len(self._flat[side]))

    def finish(self) -> SegmentedPairs:
        """Return what was collected."""
        sides = [
            Ragged(np.array(self._flat[s], dtype=np.int32), np.array(self._offsets[s], dtype=np.int64))
            for s in ("zh", "en")
        ]
        return SegmentedPairs(list(self.ids), *sides)


def choose_rows(counts: Counter[str], required: Iterable[str], least: int, most: int) -> list[str]:
    """Return at most `most` words: the unknown word, the required ones, characters, frequent words.

    Characters come before words, since any other word is cut into them. Both come by falling count, equals in
    the order of code points, so that the same counts give the same table in every process.
    """
    characters = Counter[str]()
    for word, count in counts.items():
        for character in set(word):
            characters[character] += count
    rows = [UNKNOWN]
    seen = {UNKNOWN}
    singles, frequent = _by_falling_count(characters, least), _by_falling_count(counts, least)
    for word in (*dict.fromkeys(required), *singles, *frequent):
        if len(rows) < most and word not in seen:
            seen.add(word)
            rows.append(word)
    return rows


def _by_falling_count(counts: Counter[str], least: int) -> list[str]:
    return [word for word, n in sorted(counts.items(), key=lambda item: (-item[1], item[0])) if n >= least]


def to_rows(ragged: Ragged, words: Sequence[str], rows: Sequence[str]) -> Ragged:
    """Translate word ids into row ids; words without a row become their pieces' rows."""
    row_of = {word: row for row, word in enumerate(rows)}
    pieces = [pieces_of(word, row_of) for word in words]
    lengths = np.array([len(p) for p in pieces], dtype=np.int64)
    starts = np.concatenate([[0], np.cumsum(lengths)])
    flat = np.array([row for p in pieces for row in p], dtype=np.int32)
    per_word = lengths[ragged.ids]
    ends = np.concatenate([[0], np.cumsum(per_word)])
    take = np.repeat(starts[ragged.ids] - ends[:-1], per_word) + np.arange(ends[-1])
    return Ragged(flat[take], ends[ragged.offsets])
