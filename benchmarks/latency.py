"""Time questions in one process: `python -m benchmarks.latency INDEX QUESTIONS`, one question a line.

Run by benchmarks.speed with one thread set for every numeric library. Prints milliseconds as one JSON
object: `wall` as the user waits, `cpu` over all threads of the process, which other programs hardly change.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from indexer.engine import Engine
from indexer.index import open_index
from search_api.searcher import Searcher

WARM_UP = 40
"""Questions asked first and not timed: they map files into memory and load word lists."""


def measure(index: Path, questions: list[str]) -> dict[str, list[float]]:
    """Return wall and cpu milliseconds of each question after the first WARM_UP."""
    engine = Engine.load()
    searcher = Searcher(open_index(index, engine.signature), engine)
    for question in questions[:WARM_UP]:
        searcher.search(question)
    timed = [_time(searcher, question) for question in questions[WARM_UP:]]
    return {"wall": [wall for wall, _ in timed], "cpu": [cpu for _, cpu in timed]}


def _time(searcher: Searcher, question: str) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    searcher.search(question)
    return (time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]), Path(sys.argv[2]).read_text("utf-8").splitlines())))
