"""Walk a folder of documents in a stable order, past loops, hidden files and what is not a document."""

from __future__ import annotations

import fnmatch
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

Skipped = Callable[[Path, str], None]
"""Told of each path left out on purpose, and why."""

# Beside judgements these are questions and answers about the documents; elsewhere they are documents.
_JUDGEMENTS = ("qrels*.tsv", "qrels*.tsv.xz", "qrels")
_BESIDE_JUDGEMENTS = (*_JUDGEMENTS, "queries*.jsonl", "queries*.jsonl.xz", "*.part.*")


@dataclass(frozen=True, slots=True)
class Refused:
    """A path that was met on the walk and cannot be read; `reason` follows it in a sentence."""

    path: Path
    reason: str


def ignore(path: Path, reason: str) -> None:
    """Take no note of a path left out on purpose."""


def documents_below(folder: Path, skipped: Skipped = ignore) -> Iterator[Path | Refused]:
    """Yield the files below `folder` sorted by name in each folder, following links but not in circles."""
    yield from _walk(folder, skipped, set())


def _walk(folder: Path, skipped: Skipped, visited: set[tuple[int, int]]) -> Iterator[Path | Refused]:
    try:
        state = folder.stat()
        entries = sorted(folder.iterdir(), key=_order)
    except OSError as error:
        yield Refused(folder, f"cannot be listed: {error.strerror}. Check the folder and its permissions.")
        return
    visited.add((state.st_dev, state.st_ino))
    judged = any(_matches(entry.name, _JUDGEMENTS) for entry in entries)
    for entry in entries:
        if reason := _left_out(entry.name, judged):
            skipped(entry, reason)
        else:
            yield from _enter(entry, skipped, visited)


def _order(path: Path) -> tuple[str, str]:
    return unicodedata.normalize("NFC", path.name), path.name


def _matches(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatch.fnmatchcase(name.lower(), pattern) for pattern in patterns)


def _left_out(name: str, judged: bool) -> str | None:
    if name.startswith("."):
        return "hidden"
    if name.startswith("~$"):
        return "a lock file of an office program"
    if name.lower() == "readme" or name.lower().startswith("readme."):
        return "about the folder"
    if judged and _matches(name, _BESIDE_JUDGEMENTS):
        return "questions and judgements"
    return None


def _enter(entry: Path, skipped: Skipped, visited: set[tuple[int, int]]) -> Iterator[Path | Refused]:
    try:
        state = entry.stat()
    except OSError as error:
        broken = "is a link that leads nowhere" if entry.is_symlink() else "cannot be read"
        yield Refused(entry, f"{broken}: {error.strerror}. Mend or remove it.")
        return
    if entry.is_file():
        yield entry
    elif not entry.is_dir():
        yield Refused(entry, "is neither a file nor a folder. Remove it, or leave it out.")
    elif entry.is_symlink() and (state.st_dev, state.st_ino) in visited:
        yield Refused(entry, "is a link back to a folder that is read already. Remove it.")
    else:
        yield from _walk(entry, skipped, visited)
