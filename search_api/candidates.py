"""Passages worth a closer look: what the dense, lexical and literal legs find, in each language.

The legs look in each language of the index by itself, so that documents of one language can never crowd
the right answer of the other out of the candidates.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.index import Candidates, IndexReader, TermGroup

LEGS = ("dense", "lexical", "literal")
DEPTH = 200
"""Passages a leg contributes in each language."""


@dataclass(frozen=True, slots=True)
class Pool:
    """The union of all legs' candidates.

    rows: int64 (n,), ascending. found: leg -> what it found, best first, over all languages.
    scores: leg -> float32 (n,), the leg's score of each row; dense has all, the others 0 where they missed.
    """

    rows: NDArray[np.int64]
    found: Mapping[str, Candidates]
    scores: Mapping[str, NDArray[np.float32]]


def collect(
    reader: IndexReader,
    vector: NDArray[np.float32],
    groups: Sequence[TermGroup],
    literal: str,
    extra: NDArray[np.int64],
    masks: Sequence[NDArray[np.bool_] | None],
    depth: int = DEPTH,
) -> Pool:
    """Look with every leg within each mask (one a language; None is everywhere), and unite.

    `extra` rows are candidates whatever the legs say: the passages of a document asked for by number.
    """
    found = {
        "dense": _unite([reader.dense_candidates(vector, depth, mask) for mask in masks]),
        "lexical": _unite([reader.lexical_candidates(groups, depth, mask) for mask in masks]),
        "literal": _unite(
            [reader.literal_candidates(literal, depth, mask) for mask in masks] if len(literal) > 1 else []
        ),
    }
    rows = np.unique(np.concatenate([extra, *(c.rows for c in found.values())])).astype(np.int64)
    scores = {leg: _spread(found[leg], rows) for leg in ("lexical", "literal")}
    scores["dense"] = reader.dense_scores(vector, rows)
    return Pool(rows, found, scores)


def _unite(parts: Sequence[Candidates]) -> Candidates:
    if not parts:
        return Candidates(np.zeros(0, np.int64), np.zeros(0, np.float32))
    rows = np.concatenate([part.rows for part in parts])
    scores = np.concatenate([part.scores for part in parts])
    order = np.lexsort((rows, -scores))
    return Candidates(rows[order], scores[order])


def _spread(candidates: Candidates, rows: NDArray[np.int64]) -> NDArray[np.float32]:
    scores = np.zeros(len(rows), np.float32)
    scores[np.searchsorted(rows, candidates.rows)] = candidates.scores
    return scores
