"""Keep what was measured in benchmarks/results: JSON for programs, a Markdown table for people."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure. `target` is the most it may be, None where it is only told."""

    what: str
    value: float
    unit: str
    target: float | None = None
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the target is reached, None where there is none."""
        return None if self.target is None else self.value <= self.target


def machine() -> dict[str, Any]:
    """Return what the figures depend on: processor, cores, versions, and how busy the machine was."""
    return {
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "load_before": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        "wenzheng": _version("wenzheng"),
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def keep(name: str, content: Mapping[str, Any], table: str, folder: Path = RESULTS) -> None:
    """Write name.json and name.md."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", "utf-8")
    (folder / f"{name}.md").write_text(table, "utf-8")


def keep_figures(figures: Sequence[Figure], machine: Mapping[str, Any], folder: Path = RESULTS) -> str:
    """Keep speed figures; return their table."""
    content = {"machine": dict(machine), "figures": [asdict(f) | {"met": f.met} for f in figures]}
    rows = [
        [
            f.what,
            f"{f.value:,g} {f.unit}",
            f"≤ {f.target:,g} {f.unit}" if f.target else "",
            _mark(f.met),
            f.note,
        ]
        for f in figures
    ]
    table = markdown(["", "measured", "target", "met", "note"], rows, right=(1, 2))
    page = f"{told(machine)}\n\n{table}\n"
    keep("speed", content, page, folder)
    return page


def told(machine: Mapping[str, Any]) -> str:
    """Return one line on the machine."""
    return (
        f"{machine['measured_at']}, {machine['processor']}, {machine['cores']} cores, load "
        f"{machine['load_before']} when it began, Python {machine['python']}, wenzheng {machine['wenzheng']}."
    )


def markdown(header: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> str:
    """Return a Markdown table; `right` are the columns of figures."""
    rule = ["---:" if i in right else "---" for i in range(len(header))]
    return "\n".join("| " + " | ".join(row) + " |" for row in [header, rule, *rows])


def _mark(met: bool | None) -> str:
    return {True: "yes", False: "**no**", None: ""}[met]
