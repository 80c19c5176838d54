"""The forward arrays of a generation: what each passage holds, row by row.

Everything else in a generation (postings, the literal index, vectors.faiss) is derived from these, so
that a build that carries documents over and a build from nothing give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.local.arrays import load_array, narrow, offsets_of, save_array

LANGUAGES = ("zh", "en")
"""A passage's language is stored as its place in this list."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Forward arrays of n passages, in row order, in memory.

    languages: uint8 (n,). duplicates: int64 (n,), equal for texts that are equal once normalised.
    sample_keys: uint64 (n,), the order in which the sample is drawn.
    word_counts: int64 (n,); word_terms, word_starts, word_lengths: integers (all words,).
    context_counts, context_terms; table_counts, table_rows: the same for context words and table rows.
    squeezed_counts: int64 (n,), bytes; squeezed: uint8, UTF-8 of the normalised text without white space.
    vectors: float16 (n, dim).
    """

    languages: NDArray[np.uint8]
    duplicates: NDArray[np.int64]
    sample_keys: NDArray[np.uint64]
    word_counts: NDArray[np.int64]
    word_terms: NDArray[np.int32]
    word_starts: NDArray[Any]
    word_lengths: NDArray[Any]
    context_counts: NDArray[np.int64]
    context_terms: NDArray[np.int32]
    table_counts: NDArray[np.int64]
    table_rows: NDArray[np.int32]
    squeezed_counts: NDArray[np.int64]
    squeezed: NDArray[np.uint8]
    vectors: NDArray[np.float16]

    def __len__(self) -> int:
        return len(self.languages)

    def with_terms(self, new_ids: NDArray[np.int32]) -> Columns:
        """Return the same passages with every term id looked up in `new_ids`."""
        return replace(self, word_terms=new_ids[self.word_terms], context_terms=new_ids[self.context_terms])

    def save(self, folder: Path) -> None:
        """Write every array but the vectors, whose one copy is in vectors.faiss."""
        for name in ("languages", "duplicates", "sample_keys", "word_terms", "context_terms", "table_rows"):
            save_array(folder, name, getattr(self, name))
        save_array(folder, "squeezed", self.squeezed)
        for name in ("word_starts", "word_lengths"):
            save_array(folder, name, narrow(getattr(self, name)))
        for name in ("word", "context", "table", "squeezed"):
            save_array(folder, f"{name}_offsets", offsets_of(getattr(self, f"{name}_counts")))


def empty_columns(dimension: int) -> Columns:
    """Return the columns of no passage, with every dtype as it is kept in memory."""
    none = np.zeros(0, dtype=np.int64)
    terms = np.zeros(0, dtype=np.int32)
    return Columns(
        languages=np.zeros(0, dtype=np.uint8),
        duplicates=none,
        sample_keys=np.zeros(0, dtype=np.uint64),
        word_counts=none,
        word_terms=terms,
        word_starts=terms,
        word_lengths=terms,
        context_counts=none,
        context_terms=terms,
        table_counts=none,
        table_rows=terms,
        squeezed_counts=none,
        squeezed=np.zeros(0, dtype=np.uint8),
        vectors=np.zeros((0, dimension), dtype=np.float16),
    )


def concatenate(parts: Iterable[Columns], dimension: int) -> Columns:
    """Return the passages of all parts, one after another."""
    kept = [empty_columns(dimension), *parts]
    return Columns(
        **{each.name: np.concatenate([getattr(part, each.name) for part in kept]) for each in fields(Columns)}
    )


@dataclass(frozen=True, slots=True)
class StoredColumns:
    """The same arrays of a published generation, memory-mapped; ragged ones with offsets (n + 1,)."""

    languages: NDArray[np.uint8]
    duplicates: NDArray[np.int64]
    sample_keys: NDArray[np.uint64]
    word_offsets: NDArray[np.int64]
    word_terms: NDArray[np.int32]
    word_starts: NDArray[Any]
    word_lengths: NDArray[Any]
    context_offsets: NDArray[np.int64]
    context_terms: NDArray[np.int32]
    table_offsets: NDArray[np.int64]
    table_rows: NDArray[np.int32]
    squeezed_offsets: NDArray[np.int64]
    squeezed: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.languages)

    def part(self, first: int, last: int, vectors: NDArray[np.float16]) -> Columns:
        """Return rows first … last - 1 as columns; `vectors` are those of all rows."""
        words = _span(self.word_offsets, first, last)
        return Columns(
            languages=self.languages[first:last],
            duplicates=self.duplicates[first:last],
            sample_keys=self.sample_keys[first:last],
            word_counts=np.diff(self.word_offsets[first : last + 1]),
            word_terms=self.word_terms[words],
            word_starts=self.word_starts[words],
            word_lengths=self.word_lengths[words],
            context_counts=np.diff(self.context_offsets[first : last + 1]),
            context_terms=self.context_terms[_span(self.context_offsets, first, last)],
            table_counts=np.diff(self.table_offsets[first : last + 1]),
            table_rows=self.table_rows[_span(self.table_offsets, first, last)],
            squeezed_counts=np.diff(self.squeezed_offsets[first : last + 1]),
            squeezed=self.squeezed[_span(self.squeezed_offsets, first, last)],
            vectors=vectors[first:last],
        )


def _span(offsets: NDArray[np.int64], first: int, last: int) -> slice:
    return slice(int(offsets[first]), int(offsets[last]))


def load_columns(folder: Path) -> StoredColumns:
    """Map the forward arrays of a generation. Raises CorruptIndex."""
    return StoredColumns(**{each.name: load_array(folder, each.name, "iu") for each in fields(StoredColumns)})
