"""The lexical index: BM25 over weighted term frequencies, every posting's weight worked out at publish.

Score of a term in a passage (Robertson & Zaragoza 2009, "The Probabilistic Relevance Framework", with
Lucene's idf, which is never negative, and without the constant factor k1 + 1):

    idf(t) · tf / (tf + k1 · (1 - b + b · length / mean length))      idf(t) = ln(1 + (N - df + ½) / (df + ½))

tf counts a word of the passage's own text as 1 and a context word (title, heading path) as CONTEXT_WEIGHT.
Length is the number of the text's own words. df is the number of passages in whose own text a term
stands: a word of a title is not made common by the length of its document.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.index import Candidates, TermGroup
from indexer.local.arrays import best, load_array, offsets_of, run_starts, save_array
from indexer.local.columns import Columns
from indexer.local.terms import TermTable

K1 = 0.9
B = 0.4
"""Anserini's values for passages (Yang, Fang & Lin 2017), tuned on short texts as ours are."""

CONTEXT_WEIGHT = 0.4
"""What a word of the title or heading path counts, against 1 for a word of the text."""


def inverse_frequency(passages: int, frequencies: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return Lucene's idf, ln(1 + (N - df + ½) / (df + ½)); a term of contexts only counts as df 1."""
    df = np.maximum(frequencies, 1).astype(np.float64)
    weights: NDArray[np.float64] = np.log1p((passages - df + 0.5) / (df + 0.5))
    return weights


def save_postings(folder: Path, columns: Columns, terms: int) -> None:
    """Work out and write the postings of all passages. `terms` is how many distinct terms there are."""
    pairs, own, context = _counted(columns)
    rows_bits = _bits(len(columns))
    term, row = pairs >> rows_bits, pairs & ((1 << rows_bits) - 1)
    frequencies = np.bincount(term[own > 0], minlength=terms)
    weights = inverse_frequency(len(columns), frequencies)[term] * _saturated(columns, row, own, context)
    save_array(folder, "posting_offsets", offsets_of(np.bincount(term, minlength=terms)))
    save_array(folder, "posting_rows", row.astype(np.int32))
    save_array(folder, "posting_weights", weights.astype(np.float32))
    save_array(folder, "term_frequencies", frequencies.astype(np.int32))


def _bits(passages: int) -> int:
    return max(passages - 1, 0).bit_length()


def _counted(columns: Columns) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return each (term, row) once, packed and ascending, with its counts in text and in context."""
    keys = np.concatenate(
        (
            _packed(columns.word_terms, columns.word_counts) << 1,
            _packed(columns.context_terms, columns.context_counts) << 1 | 1,
        )
    )
    keys.sort()
    starts = run_starts(keys >> 1)
    total = np.diff(np.append(starts, len(keys)))
    context = np.add.reduceat(keys & 1, starts) if len(starts) else total
    return keys[starts] >> 1, total - context, context


def _packed(terms: NDArray[np.int32], counts: NDArray[np.int64]) -> NDArray[np.int64]:
    # One sort of packed integers is many times faster than a lexsort of two arrays.
    rows = np.repeat(np.arange(len(counts)), counts)
    packed: NDArray[np.int64] = terms.astype(np.int64) << _bits(len(counts)) | rows
    return packed


def _saturated(
    columns: Columns, row: NDArray[np.int64], own: NDArray[np.int64], context: NDArray[np.int64]
) -> NDArray[np.float64]:
    frequency = own + CONTEXT_WEIGHT * context
    lengths = columns.word_counts
    mean = max(float(lengths.mean()), 1.0) if len(lengths) else 1.0
    norms = K1 * (1 - B + B * lengths / mean)
    saturated: NDArray[np.float64] = frequency / (frequency + norms[row])
    return saturated


@dataclass(frozen=True, slots=True)
class Postings:
    """The postings of a published generation.

    offsets: int64 (terms + 1,). rows: int32, ascending in each term. weights: float32, beside rows.
    frequencies: int32 (terms,). passages: how many rows there are.
    """

    terms: TermTable
    offsets: NDArray[np.int64]
    rows: NDArray[np.int32]
    weights: NDArray[np.float32]
    frequencies: NDArray[np.int32]
    passages: int

    @classmethod
    def load(cls, folder: Path, terms: TermTable, passages: int) -> Postings:
        """Map the postings of a generation. Raises CorruptIndex."""
        return cls(
            terms,
            load_array(folder, "posting_offsets", "i"),
            load_array(folder, "posting_rows", "i"),
            load_array(folder, "posting_weights", "f"),
            load_array(folder, "term_frequencies", "i"),
            passages,
        )

    def document_frequency(self, terms: Sequence[str]) -> NDArray[np.int64]:
        """Return in how many passages' own text each term stands: int64 (len(terms),)."""
        ids = np.array(self.terms.ids(terms), dtype=np.int64)
        found = np.zeros(len(ids), dtype=np.int64)
        found[ids >= 0] = self.frequencies[ids[ids >= 0]]
        return found

    def search(
        self, groups: Sequence[TermGroup], limit: int, within: NDArray[np.bool_] | None = None
    ) -> Candidates:
        """Return the rows of the highest sums over groups; in a group the best alternative counts."""
        total = np.zeros(self.passages, dtype=np.float32)
        known = iter(self.terms.ids(term for group in groups for term, _ in group.terms))
        for group in groups:
            alternatives = [(next(known), weight * group.weight) for _, weight in group.terms]
            self._add([(term, weight) for term, weight in alternatives if term >= 0], total)
        if within is not None:
            total *= within
        rows = np.flatnonzero(total > 0)
        return best(rows, total[rows], limit)

    def _add(self, alternatives: Sequence[tuple[int, float]], total: NDArray[np.float32]) -> None:
        if len(alternatives) == 1:
            rows, weights = self._posting(*alternatives[0])
            total[rows] += weights
            return
        highest = np.zeros_like(total)
        for term, weight in alternatives:
            rows, weights = self._posting(term, weight)
            highest[rows] = np.maximum(highest[rows], weights)
        total += highest

    def _posting(self, term: int, weight: float) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        place = slice(int(self.offsets[term]), int(self.offsets[term + 1]))
        return self.rows[place], self.weights[place] * np.float32(weight)
