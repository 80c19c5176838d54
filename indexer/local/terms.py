"""The terms of a generation: text to id and back, without reading them all when an index is opened.

Ids follow code-point order. `term_hashes` is ordered too, so that a look-up is a binary search of all
terms of a question at once.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.local.arrays import load_array, offsets_of, save_array
from indexer.local.folding import hash64, to_bytes, to_text


def save_terms(folder: Path, terms: Sequence[str]) -> None:
    """Write `terms`, which are distinct and in order; a term's id is its place."""
    encoded = [to_bytes(term) for term in terms]
    hashes = np.array([hash64(each) for each in encoded], dtype=np.uint64)
    order = np.argsort(hashes, kind="stable")
    counts = np.array([len(each) for each in encoded], dtype=np.int64)
    save_array(folder, "term_bytes", np.frombuffer(b"".join(encoded), dtype=np.uint8))
    save_array(folder, "term_offsets", offsets_of(counts))
    save_array(folder, "term_hashes", hashes[order])
    save_array(folder, "term_hash_ids", order.astype(np.int32))


@dataclass(frozen=True, slots=True)
class TermTable:
    """Terms of a published generation.

    text: uint8, all terms as UTF-8. offsets: int64 (t + 1,). hashes: uint64 (t,) ascending;
    hash_ids: int32 (t,), the term of each hash.
    """

    text: NDArray[np.uint8]
    offsets: NDArray[np.int64]
    hashes: NDArray[np.uint64]
    hash_ids: NDArray[np.int32]

    @classmethod
    def load(cls, folder: Path) -> TermTable:
        """Map the terms of a generation. Raises CorruptIndex."""
        return cls(
            load_array(folder, "term_bytes", "u"),
            load_array(folder, "term_offsets", "i"),
            load_array(folder, "term_hashes", "u"),
            load_array(folder, "term_hash_ids", "i"),
        )

    def __len__(self) -> int:
        return len(self.hashes)

    def encoded(self, term: int) -> bytes:
        """Return the UTF-8 of a term."""
        return self.text[self.offsets[term] : self.offsets[term + 1]].tobytes()

    def ids(self, terms: Iterable[str]) -> list[int]:
        """Return the id of each term, -1 for one that no passage has."""
        encoded = [to_bytes(term) for term in terms]
        hashes = np.array([hash64(each) for each in encoded], dtype=np.uint64)
        places = np.searchsorted(self.hashes, hashes)
        return [self._at(int(place), each) for place, each in zip(places, encoded, strict=True)]

    def _at(self, place: int, encoded: bytes) -> int:
        # Two terms may share a hash: walk while it stays the same.
        while place < len(self.hashes):
            term = int(self.hash_ids[place])
            if self.encoded(term) == encoded:
                return term
            place += 1
            if place == len(self.hashes) or self.hashes[place] != self.hashes[place - 1]:
                break
        return -1

    def all(self) -> list[str]:
        """Return every term in id order."""
        data, ends = self.text.tobytes(), self.offsets.tolist()
        return [to_text(data[start:end]) for start, end in itertools.pairwise(ends)]
