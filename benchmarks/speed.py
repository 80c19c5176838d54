"""How fast: building over all laws, building again, asking in one process, asking from a cold start."""

from __future__ import annotations

import json
import statistics
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.corpora import laws, write
from benchmarks.processes import ONE_THREAD, ROOT, Run, run, wenzheng
from benchmarks.questions import questions
from benchmarks.results import Figure

COLD_STARTS = 7
ASKED = 440
SAMPLE_QUESTION = "how much tech-voucher money was paid"
_PROBE = """
import sys
from search_api.commands import app
try:
    app({arguments!r}, standalone_mode=False)
finally:
    print("torch" in sys.modules, file=sys.stderr)
    assert "torch" not in sys.modules
"""
Told = Callable[[str], None]


def measure(tell: Told) -> list[Figure]:
    """Take every figure, the build first; `tell` hears what is going on."""
    with TemporaryDirectory(prefix="wenzheng-speed-") as place:
        folder = Path(place)
        figures = [*_builds(folder, tell), *_latency(folder, tell)]
        return [*figures, *_cold_start(folder, tell)]


def _builds(folder: Path, tell: Told) -> Iterator[Figure]:
    source, index = folder / "cn_laws.jsonl", folder / "laws"
    count = write(laws(), source)
    tell(f"building over {count:,} laws")
    first = _build(source, index)
    yield Figure("build over cn_laws", round(first.seconds, 1), "s", 180, f"{first.cpu:.0f} s of CPU")
    yield Figure("memory of that build, children included", round(first.memory / 2**30, 2), "GiB", 3)
    yield Figure("size on disk", round(_size(index) / 2**20), "MiB")
    _change_one(source)
    tell("building again with one law changed")
    second = _build(source, index)
    yield Figure(
        "second build, one document changed", round(second.seconds, 1), "s", 10, f"{second.cpu:.1f} s of CPU"
    )
    tell("building again with nothing changed")
    third = _build(source, index)
    yield Figure(
        "third build, nothing changed", round(third.seconds, 1), "s", None, f"{third.cpu:.1f} s of CPU"
    )


def _build(source: Path, index: Path) -> Run:
    return run(wenzheng("index", "build", source, "--index", index))


def _change_one(source: Path) -> None:
    """Add a sentence to the law in the middle."""
    lines = source.read_text("utf-8").splitlines()
    record = json.loads(lines[len(lines) // 2])
    record["text"] += "\n第九百九十九条　本条仅用于测量增量构建。"
    lines[len(lines) // 2] = json.dumps(record, ensure_ascii=False)
    source.write_text("\n".join(lines) + "\n", "utf-8")


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _latency(folder: Path, tell: Told) -> Iterator[Figure]:
    asked = questions([law["title"] for law in laws()], ASKED)
    file = folder / "questions.txt"
    file.write_text("\n".join(asked), "utf-8")
    tell(f"asking {len(asked)} questions over all laws, one thread")
    done = run([sys.executable, "-m", "benchmarks.latency", str(folder / "laws"), str(file)], ONE_THREAD)
    times = json.loads(done.output)
    note = f"{len(times['wall'])} questions in both languages"
    for name, targets in (("wall", (15, 50)), ("cpu", (None, None))):
        median, high = np.percentile(times[name], [50, 99])
        yield Figure(f"a question, median ({name})", round(float(median), 1), "ms", targets[0], note)
        yield Figure(f"a question, 99th percentile ({name})", round(float(high), 1), "ms", targets[1], note)
    yield Figure("memory while asking", round(done.memory / 2**30, 2), "GiB", None, "mapped files included")


def _cold_start(folder: Path, tell: Told) -> Iterator[Figure]:
    index = folder / "samples"
    _build(ROOT / "corpus", index)
    arguments = ["ask", SAMPLE_QUESTION, "--index", str(index)]
    tell("asking from a cold start")
    runs = [run(wenzheng(*arguments)) for _ in range(COLD_STARTS)]
    run([sys.executable, "-c", _PROBE.format(arguments=arguments)])
    seconds = statistics.median(each.seconds for each in runs)
    cpu = statistics.median(each.cpu for each in runs)
    note = f"median of {COLD_STARTS}, {cpu:.2f} s of CPU, torch not imported"
    yield Figure("`wenzheng ask` over the samples, cold start", round(seconds, 2), "s", 1.2, note)
