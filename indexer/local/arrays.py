"""Arrays on disk: plain .npy files, written whole and memory-mapped. Never pickled."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from indexer.errors import CorruptIndex
from indexer.index import Candidates


def save_array(folder: Path, name: str, array: NDArray[Any]) -> None:
    """Write `array` to `folder/name.npy`. Raises OSError where the disk refuses."""
    contiguous = np.ascontiguousarray(array)
    with (folder / f"{name}.npy").open("wb") as file:
        header = np.lib.format.header_data_from_array_1_0(contiguous)
        np.lib.format.write_array_header_1_0(file, header)
        # Not ndarray.tofile: it writes through a second C stream and can lose a full disk's error.
        file.write(contiguous.reshape(-1).view(np.uint8).data)


def load_array(folder: Path, name: str, kind: str, dimensions: int = 1) -> NDArray[Any]:
    """Map `folder/name.npy` for reading; `kind` is the dtype's letter ("i", "u", "f").

    Raises CorruptIndex where the file is not such an array.
    """
    path = folder / f"{name}.npy"
    try:
        array = np.load(path, mmap_mode="r", allow_pickle=False)
    except (ValueError, EOFError, SyntaxError) as error:
        raise CorruptIndex(f"{path} is not a .npy array ({error}).") from error
    if array.dtype.kind not in kind or array.ndim != dimensions:
        raise CorruptIndex(f"{path} holds {array.dtype} {array.shape}; expected kind {kind}, {dimensions}-d.")
    # A plain view: numpy's memmap subclass costs microseconds at every slice.
    plain: NDArray[Any] = array.view(np.ndarray)
    return plain


def narrow(array: NDArray[Any]) -> NDArray[Any]:
    """Return non-negative integers in the smallest unsigned dtype that holds the largest of them."""
    largest = int(array.max()) if len(array) else 0
    return array.astype(np.min_scalar_type(largest))


def offsets_of(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return where each of n ragged rows starts, and where the last ends: int64 (n + 1,)."""
    offsets = np.zeros(len(counts) + 1, dtype=np.int64)
    np.cumsum(counts, out=offsets[1:])
    return offsets


def run_starts(ordered: NDArray[Any]) -> NDArray[np.int64]:
    """Return where each run of equal values starts in an ordered array: int64."""
    if not len(ordered):
        return np.zeros(0, dtype=np.int64)
    changed = np.empty(len(ordered), dtype=np.bool_)
    changed[0] = True
    np.not_equal(ordered[1:], ordered[:-1], out=changed[1:])
    return np.flatnonzero(changed)


def slices_of(
    offsets: NDArray[np.int64], rows: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return for ragged `rows` the positions of all their values, in order, and their own offsets."""
    starts = offsets[rows]
    own = offsets_of(offsets[rows + 1] - starts)
    positions = np.repeat(starts - own[:-1], np.diff(own)) + np.arange(own[-1])
    return positions, own


def best(rows: NDArray[np.int64], scores: NDArray[np.float32], limit: int) -> Candidates:
    """Return the `limit` rows of the highest scores, best first; equal scores by row.

    rows: int64 (m,) ascending. scores: float32 (m,).
    """
    if limit < len(rows):
        kept = highest(scores, max(limit, 0))
        rows, scores = rows[kept], scores[kept]
    order = np.lexsort((rows, -scores))
    return Candidates(rows[order].astype(np.int64), scores[order].astype(np.float32))


def highest(scores: NDArray[Any], limit: int) -> NDArray[np.int64]:
    """Return the places of the `limit` highest scores, ascending; of equal ones the first."""
    # argpartition picks among equal scores as it likes; the first rows must win for answers to repeat.
    if limit == 0:
        return np.zeros(0, dtype=np.int64)
    edge = np.partition(scores, len(scores) - limit)[len(scores) - limit]
    above = np.flatnonzero(scores > edge)
    equal = np.flatnonzero(scores == edge)[: limit - len(above)]
    return np.sort(np.concatenate((above, equal)))


def no_candidates() -> Candidates:
    """Return an empty list of candidates."""
    return Candidates(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32))


def flat(
    values: Sequence[Sequence[int] | NDArray[Any]], dtype: DTypeLike
) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Join ragged rows into one array, with the count of each row."""
    counts = np.array([len(row) for row in values], dtype=np.int64)
    joined = [np.asarray(row, dtype=dtype) for row in values]
    return (np.concatenate(joined) if joined else np.zeros(0, dtype=dtype)), counts
