"""The literal index: finds any substring of two characters or more, whatever the segmenter did.

It keeps, for every pair of neighbouring characters of the normalised text without white space, the
passages that hold it. A text that is looked for is in the passages that hold all its pairs, or in none.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.index import Candidates
from indexer.local.arrays import best, highest, load_array, no_candidates, offsets_of, run_starts, save_array
from indexer.local.columns import Columns, StoredColumns
from indexer.local.folding import squeeze, to_bytes, to_text

ENOUGH = 2000
"""Passages read at most for one question, shortest first, once `limit` of them hold the text."""

_FEW = 64
"""With so few passages left, reading them costs less than another intersection."""

_CODE_BITS = 21


def save_literals(folder: Path, columns: Columns) -> None:
    """Work out and write the character pairs of all passages."""
    characters = _characters(columns)
    pairs, rows = _pairs(columns, characters)
    starts = run_starts(pairs)
    save_array(folder, "pair_keys", pairs[starts])
    save_array(folder, "pair_offsets", np.append(starts, len(pairs)))
    save_array(folder, "pair_rows", rows)
    save_array(folder, "squeezed_characters", characters.astype(np.int32))


def _characters(columns: Columns) -> NDArray[np.int64]:
    """Return how many characters each passage's squeezed text has: int64 (n,)."""
    counts = np.zeros(len(columns), dtype=np.int64)
    held = columns.squeezed_counts > 0
    starts = offsets_of(columns.squeezed_counts)[:-1][held]
    if len(starts):
        begins = (columns.squeezed & 0xC0) != 0x80  # every UTF-8 byte but the continuing ones
        counts[held] = np.add.reduceat(begins, starts, dtype=np.int64)
    return counts


def _pairs(columns: Columns, characters: NDArray[np.int64]) -> tuple[NDArray[np.uint64], NDArray[np.int32]]:
    """Return each (pair, row) once, ascending: keys uint64 (first code << 21 | second) and rows int32."""
    codes = np.frombuffer(
        to_text(columns.squeezed.tobytes()).encode("utf-32-le", "surrogatepass"), dtype=np.uint32
    )
    alphabet, letters = _lettered(codes)
    rows = np.repeat(np.arange(len(columns), dtype=np.uint32), characters)
    inside = rows[1:] == rows[:-1]
    # Numbering the characters in use first keeps a pair and its row within 64 bits, for one fast sort.
    bits, row_bits = len(alphabet).bit_length(), max(len(columns) - 1, 0).bit_length()
    keys = letters[:-1][inside] << np.uint64(bits) | letters[1:][inside]
    keys = keys << np.uint64(row_bits) | rows[:-1][inside]
    keys.sort()
    keys = keys[run_starts(keys)]
    found = (keys & np.uint64((1 << row_bits) - 1)).astype(np.int32)
    keys >>= np.uint64(row_bits)
    first, second = alphabet[keys >> np.uint64(bits)], alphabet[keys & np.uint64((1 << bits) - 1)]
    return first << np.uint64(_CODE_BITS) | second, found


def _lettered(codes: NDArray[np.uint32]) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Return the code points in use, ascending, and the place in them of each of `codes`."""
    used = np.zeros(1 << _CODE_BITS, dtype=np.bool_)
    used[codes] = True
    alphabet = np.flatnonzero(used)
    places = np.zeros(1 << _CODE_BITS, dtype=np.uint64)
    places[alphabet] = np.arange(len(alphabet), dtype=np.uint64)
    return alphabet.astype(np.uint64), places[codes]


@dataclass(frozen=True, slots=True)
class Literals:
    """The literal index of a published generation.

    keys: uint64 (pairs,) ascending. offsets: int64 (pairs + 1,). rows: int32, ascending in each pair.
    characters: int32 (n,), the length of each squeezed text.
    """

    columns: StoredColumns
    keys: NDArray[np.uint64]
    offsets: NDArray[np.int64]
    rows: NDArray[np.int32]
    characters: NDArray[np.int32]

    @classmethod
    def load(cls, folder: Path, columns: StoredColumns) -> Literals:
        """Map the literal index of a generation. Raises CorruptIndex."""
        return cls(
            columns,
            load_array(folder, "pair_keys", "u"),
            load_array(folder, "pair_offsets", "i"),
            load_array(folder, "pair_rows", "i"),
            load_array(folder, "squeezed_characters", "i"),
        )

    def search(self, text: str, limit: int, within: NDArray[np.bool_] | None = None) -> Candidates:
        """Return rows that hold `text`, by occurrences (not overlapping) over the passage's characters.

        Passages are read shortest first. Where more than ENOUGH may hold the text, reading stops once
        `limit` were found, so that of a very common text a long passage full of it may be missed.
        """
        wanted = squeeze(text)
        if len(wanted) < 2 or limit <= 0:
            return no_candidates()
        rows = self._holding_all_pairs(wanted)
        if within is not None:
            rows = rows[within[rows]]
        return self._verified(rows, to_bytes(wanted), limit)

    def _holding_all_pairs(self, wanted: str) -> NDArray[np.int32]:
        pairs = {ord(a) << _CODE_BITS | ord(b) for a, b in itertools.pairwise(wanted)}
        keys = np.array(sorted(pairs), dtype=np.uint64)
        places = np.searchsorted(self.keys, keys)
        if places[-1] == len(self.keys) or (self.keys[places] != keys).any():
            return np.zeros(0, dtype=np.int32)
        lists = sorted((self.rows[self.offsets[p] : self.offsets[p + 1]] for p in places), key=len)
        left = lists[0]
        for other in lists[1:]:
            if len(left) <= _FEW:
                break
            left = _common(left, other)
        return left

    def _verified(self, rows: NDArray[np.int32], wanted: bytes, limit: int) -> Candidates:
        if len(rows) <= ENOUGH:
            return best(*self._holding(rows, wanted), limit)
        shortest = highest(-self.characters[rows], ENOUGH)
        found = self._holding(rows[shortest], wanted)
        if len(found[0]) < limit:
            found = self._holding(rows, wanted)
        return best(*found, limit)

    def _holding(
        self, rows: NDArray[np.int32], wanted: bytes
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return those of `rows` whose text holds `wanted`, with their scores."""
        # The buffer itself: making an array of each slice would cost more than looking through it.
        text, offsets = self.columns.squeezed.data, self.columns.squeezed_offsets
        spans = zip(offsets[rows].tolist(), offsets[rows + 1].tolist(), strict=True)
        counts = np.array([bytes(text[start:end]).count(wanted) for start, end in spans], dtype=np.int64)
        held = counts > 0
        scores = counts[held] / self.characters[rows[held]]
        return rows[held].astype(np.int64), scores.astype(np.float32)


def _common(few: NDArray[np.int32], many: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return what two ascending lists share; `few` is the shorter."""
    places = np.searchsorted(many, few)
    places[places == len(many)] = 0
    common: NDArray[np.int32] = few[many[places] == few]
    return common
