"""Compare FAISS's exact and nearly exact index types: time of a search, size, and what each gets wrong.

    OMP_NUM_THREADS=1 python benchmarks/vector_types.py [--passages 147000] [--dimension 256]

The vectors are synthetic: 3,472 documents' directions with noise around them, the dimensions of falling
spread, of unit length. The figures in docs/decisions/vectors-float16.md came from here.
"""

import argparse
import time
from collections.abc import Callable

import faiss
import numpy as np

QUESTIONS, FOUND = 100, 200


def vectors(count: int, dimension: int, random: np.random.Generator) -> np.ndarray:
    centres = random.standard_normal((3_472, dimension)).astype(np.float32)
    rows = 0.7 * centres[random.integers(0, len(centres), count)]
    rows += random.standard_normal((count, dimension)).astype(np.float32)
    rows *= np.linspace(1.5, 0.3, dimension, dtype=np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def milliseconds(search: Callable[[np.ndarray], object], questions: np.ndarray) -> tuple[float, float]:
    search(questions[:1])
    times = []
    for at in range(len(questions)):
        started = time.perf_counter()
        search(questions[at : at + 1])
        times.append(1e3 * (time.perf_counter() - started))
    return float(np.median(times)), float(np.percentile(times, 99))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, default=147_000)
    parser.add_argument("--dimension", type=int, default=256)
    wanted = parser.parse_args()
    faiss.omp_set_num_threads(1)
    random = np.random.default_rng(0)
    rows = vectors(wanted.passages, wanted.dimension, random)
    questions = rows[random.integers(0, len(rows), QUESTIONS)]
    questions = questions + 0.03 * random.standard_normal(questions.shape).astype(np.float32)
    questions /= np.linalg.norm(questions, axis=1, keepdims=True)
    types = {"float32 flat": faiss.IndexFlatIP(wanted.dimension)}
    for name in ("QT_fp16", "QT_8bit", "QT_8bit_uniform", "QT_6bit", "QT_4bit"):
        kind = getattr(faiss.ScalarQuantizer, name)
        types[name] = faiss.IndexScalarQuantizer(wanted.dimension, kind, faiss.METRIC_INNER_PRODUCT)
    exact = None
    for name, index in types.items():
        index.train(rows)
        index.add(rows)
        median, late = milliseconds(lambda query, index=index: index.search(query, FOUND), questions)
        scores, found = index.search(questions, FOUND)
        exact = exact or (scores, found)
        shared = np.mean([len(np.intersect1d(a, b)) / FOUND for a, b in zip(exact[1], found, strict=True)])
        first = np.mean(exact[1][:, 0] == found[:, 0])
        error = np.abs(scores - exact[0]).max()
        megabytes = len(faiss.serialize_index(index)) / 1e6
        print(
            f"{name:16} median {median:5.2f} ms  p99 {late:5.2f} ms  {megabytes:6.1f} MB  "
            f"first as exact {first:.2f}  top {FOUND} shared {shared:.4f}  largest score error {error:.5f}"
        )


if __name__ == "__main__":
    main()
