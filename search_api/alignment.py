"""Align a question with passages, word by word: the reranker's score, and what it rests on.

For each question word q and passage p, m(q, p) is the largest cosine between q's vector and those of p's
words, cut at 0. What m is on average over the collection is taken off, what is left is weighted by how
informative q is, and summed over q. The form is that of ColBERT's MaxSim (Khattab and Zaharia 2020) with the
rarity weight of BM25 (Robertson et al. 1995), where a passage "has" q if m(q, p) > 0.5.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from indexer.index import IndexReader, RaggedRows
from indexer.records import Language
from indexer.word_table import WordTable, unit
from search_api.questions import Rendering

PRESENT = 0.5
RENDERED = 0.95
"""m(q, p) where the glossary gives the passage's words as another way to say q."""
LEAST_CEILING = 0.45
"""A word whose nearest translation is farther than this has none that could be trusted."""
_KEPT_WORDS = 20_000


@dataclass(frozen=True, slots=True)
class WordStatistics:
    """Over a sample of passages: the mean of m(q, p) and the share of passages with m > 0.5."""

    mean: float
    share: float


@dataclass(frozen=True, slots=True)
class Alignment:
    """m(q, p) of some words and passages, and what makes a score of it.

    matches, means: float32 (words, passages). weights: float32 (words, passages), by the passage's language.
    scores: float32 (passages,). ceilings: float32 (words,), the cosine of each word with its nearest word in
    the other language: as near as a translation can come.
    """

    matches: NDArray[np.float32]
    means: NDArray[np.float32]
    weights: NDArray[np.float32]
    scores: NDArray[np.float32]
    ceilings: NDArray[np.float32]

    def coverage(self, same: NDArray[np.bool_]) -> NDArray[np.float32]:
        """Return how much of the question each passage covers, by weight, float32 (passages,) in 0..1.

        A word is covered by 0 where it matches as it does on average, and by 1 where it matches as well as it
        can: literally in its own language, by its nearest translation across languages. So coverages of both
        languages can be compared. same: bool (passages,).
        """
        reach = np.where(same, 1, np.maximum(self.ceilings, LEAST_CEILING)[:, None])
        above = (self.matches - self.means) / np.maximum(reach - self.means, 0.05)
        # A word that every passage has is covered all the same, though it tells none from another.
        above = np.where(self.matches >= reach - 1e-3, 1, above)
        return self._share(np.clip(above, 0, 1).astype(np.float32))

    def _share(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        total = np.maximum(self.weights.sum(axis=0), np.float32(1e-6))
        return np.asarray((values * self.weights).sum(axis=0) / total, dtype=np.float32)


class Sample:
    """The distinct word vectors of a fixed sample of one language's passages, for word statistics."""

    def __init__(self, reader: IndexReader, units: _UnitVectors, rows: NDArray[np.int64]) -> None:
        self.size = len(rows)
        self._words = _Distinct(reader.table_rows(rows), units)
        self._known: OrderedDict[str, WordStatistics] = OrderedDict()
        self._lock = Lock()

    def statistics(self, names: Sequence[str], vectors: NDArray[np.float32]) -> list[WordStatistics]:
        """Return statistics of words, kept for the next question. vectors: float32 (words, dim), length 1."""
        return [self._word(name, vectors[i : i + 1]) for i, name in enumerate(names)]

    def _word(self, name: str, vector: NDArray[np.float32]) -> WordStatistics:
        # Each word by itself: BLAS rounds by the shape, and answers must not depend on what was asked before.
        found = self._known.get(name)
        if found is None:
            matches = self._words.best(vector)
            found = WordStatistics(float(matches.mean()), float((matches > PRESENT).mean()))
            with self._lock:
                self._known[name] = found
                while len(self._known) > _KEPT_WORDS:
                    self._known.popitem(last=False)
        return found


class Aligner:
    """Score passages of one index against questions."""

    def __init__(
        self,
        reader: IndexReader,
        table: WordTable,
        languages: Mapping[Language, NDArray[np.bool_]],
        samples: Mapping[Language, NDArray[np.int64]],
    ) -> None:
        """Take word statistics on `samples`, passages of each language; languages: masks of passages."""
        self._reader = reader
        self._table = table
        self._languages = languages
        self._units = _UnitVectors(table)
        self._samples = {language: Sample(reader, self._units, rows) for language, rows in samples.items()}

    def align(
        self, words: Sequence[str], rows: NDArray[np.int64], renderings: Sequence[Rendering] = ()
    ) -> Alignment:
        """Align question words with the passages `rows`.

        A passage with all words of a rendering of some question words has those words, whatever their
        vectors say.
        """
        sums = word_vectors(words, self._table)
        lengths, vectors = np.linalg.norm(sums, axis=1), unit(sums)
        passages = _Distinct(self._reader.table_rows(rows), self._units)
        matches = passages.best(vectors)
        sought = [{row for word in r.words for row in self._table.rows(word)} for r in renderings]
        for rendering, said in zip(renderings, passages.having(sought), strict=True):
            for place in rendering.places:
                matches[place, said] = np.maximum(matches[place, said], RENDERED)
        means, weights = np.zeros_like(matches), np.zeros_like(matches)
        for language, mask in self._languages.items():
            of_language = mask[rows]
            if of_language.any() and words:
                mean, rarity = self._statistics(words, vectors, language)
                means[:, of_language] = mean[:, None]
                weights[:, of_language] = (rarity * lengths)[:, None]
        nearest = [next((cosine for _, cosine in self._table.translations(word)), 0.0) for word in words]
        ceilings = np.array(nearest, np.float32)
        return Alignment(matches, means, weights, ((matches - means) * weights).sum(axis=0), ceilings)

    def _statistics(
        self, words: Sequence[str], vectors: NDArray[np.float32], language: Language
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        sample = self._samples[language]
        found = sample.statistics(words, vectors)
        mean = np.array([s.mean for s in found], np.float32)
        present = np.array([s.share for s in found], np.float32) * sample.size
        rarity = np.log((sample.size - present + 0.5) / (present + 0.5) + 1)
        return mean, rarity.astype(np.float32)


def word_vectors(words: Sequence[str], table: WordTable) -> NDArray[np.float32]:
    """Return the words' vectors, float32 (words, dim), not scaled; a word cut into pieces is their sum."""
    rows = [table.rows(word) for word in words]
    vectors = table.vectors[[row[0] if row else 0 for row in rows]].astype(np.float32)
    for i, row in enumerate(rows):
        if len(row) > 1:
            vectors[i] = table.vectors[list(row)].astype(np.float32).sum(axis=0)
    return vectors.reshape(len(words), table.dimension)


class _UnitVectors:
    """The table's vectors at unit length, float32, each made when it is first asked for.

    Memory for all of them is reserved but not touched: only the words of passages looked at take any.
    """

    def __init__(self, table: WordTable) -> None:
        self._table = table.vectors
        self._made = np.zeros(len(table.vectors), np.bool_)
        self._units = np.empty(table.vectors.shape, np.float32)

    def __len__(self) -> int:
        return len(self._made)

    def of(self, rows: NDArray[np.intp]) -> NDArray[np.float32]:
        """Return the vectors of table rows, float32 (rows, dim)."""
        missing = rows[~self._made[rows]]
        if len(missing):  # two threads may both make a vector: it is the same one
            self._units[missing] = unit(self._table[missing].astype(np.float32))
            self._made[missing] = True
        return self._units[rows]


class _Distinct:
    """Ragged table rows with each distinct row's vector gathered once."""

    def __init__(self, ragged: RaggedRows, units: _UnitVectors) -> None:
        seen = np.zeros(len(units), np.bool_)
        seen[ragged.rows] = True
        distinct = np.flatnonzero(seen)
        place = np.zeros(len(units), np.int32)
        place[distinct] = np.arange(len(distinct), dtype=np.int32)
        self._vectors = units.of(distinct)
        self._table_size = len(units)
        self._rows = ragged.rows
        self._places = place[ragged.rows]
        self._offsets = ragged.offsets

    def having(self, sought: Sequence[Set[int]]) -> Iterator[NDArray[np.intp]]:
        """Yield for each set of table rows which passages have every one of them; for an empty set, none."""
        wanted = np.zeros(self._table_size, np.bool_)
        wanted[[row for rows in sought for row in rows]] = True
        found = np.flatnonzero(wanted[self._rows])
        passages = np.searchsorted(self._offsets, found, side="right") - 1
        of_row: dict[int, set[int]] = {}
        for row, passage in zip(self._rows[found].tolist(), passages.tolist(), strict=True):
            of_row.setdefault(row, set()).add(passage)
        for rows in sought:
            each = [of_row.get(row, set()) for row in rows]
            yield np.array(sorted(set.intersection(*each)) if each else [], np.intp)

    def best(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return m(q, p), float32 (words, passages); 0 for a passage without words."""
        lengths = np.diff(self._offsets)
        best = np.zeros((len(vectors), len(lengths)), np.float32)
        filled = np.flatnonzero(lengths)
        if len(vectors) and len(filled):
            cosines = np.maximum(self._vectors @ vectors.T, 0)  # a row a word: gathered in one piece
            best[:, filled] = np.maximum.reduceat(cosines[self._places], self._offsets[filled], axis=0).T
        return best
