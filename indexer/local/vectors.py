"""Vectors and their exact search: the only import of faiss.

Vectors are kept as float16, once, in FAISS's own file; FAISS multiplies them in float32 with nothing
approximated. docs/decisions/vectors-float16.md has the figures.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import faiss as typed_faiss
import numpy as np
from numpy.typing import NDArray

from indexer.errors import CorruptIndex, VectorShapeMismatch
from indexer.index import Candidates
from indexer.local.arrays import best, no_candidates

# Its stubs describe the C++ signatures, not what its Python layer makes of them.
faiss: Any = typed_faiss

FILE = "vectors.faiss"

FEW_ROWS = 4096
"""Below this many rows left by a filter, reading just those rows is quicker than FAISS's selector."""

_ROWS_AT_ONCE = 16_384


def checked(vectors: NDArray[Any], shape: tuple[int, ...], whose: str) -> NDArray[np.float32]:
    """Return `vectors` as contiguous float32 of `shape`.

    Raises VectorShapeMismatch for another shape, a dtype that is not floating, or values that are not
    finite or too large for float16.
    """
    array = np.asarray(vectors)
    if array.shape != shape or array.dtype.kind != "f":
        raise VectorShapeMismatch(
            f"{whose} has {array.dtype} vectors of shape {array.shape}; expected float32 {shape}. "
            "Use the encoder that the index was built with."
        )
    limit = float(np.finfo(np.float16).max)
    if array.size and not np.abs(array).max() <= limit:
        raise VectorShapeMismatch(
            f"{whose} has a vector with a value that is not finite or beyond ±{limit:g}; vectors are "
            "expected to be of unit length. Check the encoder's files."
        )
    return np.ascontiguousarray(array, dtype=np.float32)


def save_vectors(folder: Path, vectors: NDArray[np.float16]) -> None:
    """Write float16 (n, dim) as a FAISS index. Raises OSError."""
    dimension = vectors.shape[1]
    index = faiss.IndexScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
    for first in range(0, len(vectors), _ROWS_AT_ONCE):
        index.add(vectors[first : first + _ROWS_AT_ONCE].astype(np.float32))
    # Written by Python, not by faiss.write_index: a full disk must be an OSError.
    with (folder / FILE).open("wb") as file:
        file.write(faiss.serialize_index(index).data)


class Vectors:
    """The vectors of one generation. Never changed after it is made, so threads may share it."""

    def __init__(self, index: Any, dimension: int) -> None:
        self._index = index
        self.dimension = dimension
        codes = (
            faiss.rev_swig_ptr(index.codes.data(), index.codes.size()) if index.ntotal else np.zeros(0, "u1")
        )
        # The codes are the float16 values themselves: one copy serves search, rescoring and reuse.
        self.rows: NDArray[np.float16] = codes.view(np.float16).reshape(index.ntotal, dimension)

    @classmethod
    def load(cls, folder: Path, sha256: str, dimension: int, count: int) -> Vectors:
        """Read a generation's vectors, hashing the very bytes that FAISS then parses.

        Raises CorruptIndex where they are not the ones that were published.
        """
        data = (folder / FILE).read_bytes()
        actual = hashlib.sha256(data).hexdigest()
        if actual != sha256:
            raise CorruptIndex(f"{folder / FILE}: SHA-256 is {actual}, the manifest says {sha256}.")
        index = faiss.deserialize_index(np.frombuffer(data, dtype=np.uint8))
        if (index.d, index.ntotal) != (dimension, count):
            raise CorruptIndex(
                f"{folder / FILE} holds {index.ntotal} vectors of {index.d}, expected {count} of {dimension}."
            )
        return cls(index, dimension)

    def __len__(self) -> int:
        return len(self.rows)

    def search(
        self, vector: NDArray[np.float32], limit: int, within: NDArray[np.bool_] | None = None
    ) -> Candidates:
        """Return the rows of the largest inner products with `vector` (dim,), best first.

        within: bool (n,), the rows that may be returned. Raises VectorShapeMismatch.
        """
        query = checked(vector, (self.dimension,), "The question")
        allowed = len(self) if within is None else int(np.count_nonzero(within))
        wanted = min(limit, allowed)
        if wanted <= 0:
            return no_candidates()
        if within is not None and allowed <= FEW_ROWS:
            rows = np.flatnonzero(within)
            return best(rows, self.scores(query, rows), wanted)
        return self._search(query, wanted, within)

    def _search(
        self, query: NDArray[np.float32], wanted: int, within: NDArray[np.bool_] | None
    ) -> Candidates:
        parameters = None
        if within is not None:
            selector = faiss.IDSelectorBitmap(np.packbits(within, bitorder="little"))
            parameters = faiss.SearchParameters(sel=selector)
        scores, rows = self._index.search(query[None, :], wanted, params=parameters)
        found = rows[0] >= 0
        order = np.lexsort((rows[0][found], -scores[0][found]))
        return Candidates(rows[0][found][order], scores[0][found][order])

    def scores(self, vector: NDArray[np.float32], rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the inner product of `vector` (dim,) with each of `rows`: float32 (len(rows),)."""
        query = checked(vector, (self.dimension,), "The question")
        scores: NDArray[np.float32] = self.rows[rows].astype(np.float32) @ query
        return scores
