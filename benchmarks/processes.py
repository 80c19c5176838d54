"""Run a command and tell how long it took and how much memory it and its children held."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
ONE_THREAD = dict.fromkeys(
    (
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "MKL_NUM_THREADS",
        "NUMEXPR_NUM_THREADS",
        "RAYON_NUM_THREADS",
    ),
    "1",
)
_PAGE = resource.getpagesize()
_EVERY = 0.05
"""Seconds between two looks at the memory."""


@dataclass(frozen=True, slots=True)
class Run:
    """A finished command. seconds: wall; cpu: user and system; memory: peak bytes, children included."""

    seconds: float
    cpu: float
    memory: int
    output: str


def wenzheng(*arguments: str | Path) -> list[str]:
    """Return the command line of `wenzheng`: the installed script, or the same in this interpreter."""
    script = Path(sys.executable).with_name("wenzheng")
    start = (
        [str(script)]
        if script.is_file()
        else [sys.executable, "-c", "from search_api.commands import main; main()"]
    )
    return [*start, *map(str, arguments)]


def run(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Run:
    """Run a command from the project's root. Raises CalledProcessError with what it wrote where it fails."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    watch = _MemoryWatch(process.pid)
    watch.start()
    output, errors = process.communicate()
    seconds = time.perf_counter() - began
    watch.stop()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, output, errors)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(seconds, cpu, watch.peak, output)


class _MemoryWatch(threading.Thread):
    """Add up the resident memory of a process and its children, and remember the most. Linux only; else 0."""

    def __init__(self, process: int) -> None:
        super().__init__(daemon=True)
        self.peak = 0
        self._process = process
        self._stopped = threading.Event()

    def run(self) -> None:
        while not self._stopped.wait(_EVERY):
            self.peak = max(self.peak, resident(self._process))

    def stop(self) -> None:
        self._stopped.set()
        self.join()


def resident(process: int) -> int:
    """Return the bytes that a process and all below it hold in memory; 0 for one that is gone."""
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text("ascii").split()[1])
        children = Path(f"/proc/{process}/task/{process}/children").read_text("ascii").split()
    except (OSError, IndexError):
        return 0
    return pages * _PAGE + sum(resident(int(child)) for child in children)
