"""Fold passages with the same text into one, so that the closing words of many letters show once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def fold_repeats(
    order: NDArray[np.int64], groups: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Keep the best of each group.

    order: int64 (n,), places, best first. groups: int64 (n,), by place. Returns the places kept, best first,
    and for each how many were folded into it.
    """
    in_order = groups[order]
    _, first, counts = np.unique(in_order, return_index=True, return_counts=True)
    kept = np.sort(first)
    folded = counts[np.argsort(first, kind="stable")] - 1
    return order[kept], folded.astype(np.int64)
