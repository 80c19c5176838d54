"""Where things are in an index folder, and how a file or a folder is made to last.

INDEX/current                   one line of JSON: the published generation and its manifest's SHA-256
INDEX/lock                      held by the one build that may write
INDEX/generations/<n>/          a generation: never changed once it has this name
INDEX/generations/.building-<n> a build under way, or what a killed one left
INDEX/generations/.removing-<n> a generation being removed
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from indexer.errors import CorruptIndex, IndexLocked, IndexNotFound, IndexStoreError


@dataclass(frozen=True, slots=True)
class Pointer:
    """Which generation is published: its number and the SHA-256 of its manifest."""

    generation: int
    manifest_sha256: str


@dataclass(frozen=True, slots=True)
class Layout:
    """The paths of one index."""

    root: Path

    @property
    def generations(self) -> Path:
        """The folder of all generations."""
        return self.root / "generations"

    @property
    def current(self) -> Path:
        """The pointer file."""
        return self.root / "current"

    def generation(self, number: int) -> Path:
        """The folder of one published generation."""
        return self.generations / str(number)

    def building(self, number: int) -> Path:
        """The folder in which a generation is written before it is published."""
        return self.generations / f".building-{number}"

    def numbers(self) -> list[int]:
        """The generations there are, ascending."""
        try:
            names = [path.name for path in self.generations.iterdir()]
        except (FileNotFoundError, NotADirectoryError):
            return []
        return sorted(int(name) for name in names if name.isascii() and name.isdigit())

    def pointer(self) -> Pointer:
        """Read the pointer file. Raises IndexNotFound, CorruptIndex."""
        try:
            data = self.current.read_bytes()
        except (FileNotFoundError, NotADirectoryError) as error:
            raise IndexNotFound(self._not_found()) from error
        except OSError as error:
            raise IndexStoreError(f"{self.current} cannot be read: {error.strerror}.") from error
        try:
            content = json.loads(data)
            return Pointer(int(content["generation"]), str(content["manifest_sha256"]))
        except (ValueError, KeyError, TypeError) as error:
            raise CorruptIndex(
                f"{self.current} does not name a generation ({data[:80]!r}). {self.advice()}"
            ) from error

    def _not_found(self) -> str:
        what = "holds no published index" if self.root.is_dir() else "is not a folder"
        return f"{self.root} {what}. Make one with `wenzheng index build SOURCE... --index {self.root}`."

    def advice(self) -> str:
        """What to do about an index that is damaged."""
        return (
            f"Go back with `wenzheng index rollback --index {self.root}`, or remove that folder and build "
            f"again; `wenzheng index verify --index {self.root}` reads every byte."
        )

    def point_to(self, pointer: Pointer) -> None:
        """Publish a generation: the pointer file is replaced in one step, and lasts."""
        content = {"generation": pointer.generation, "manifest_sha256": pointer.manifest_sha256}
        beside = self.root / ".current.new"
        beside.write_text(json.dumps(content) + "\n", encoding="ascii")
        make_last(beside)
        beside.replace(self.current)
        make_last(self.root)

    def sweep(self) -> None:
        """Remove what killed builds left. Only under the lock."""
        (self.root / ".current.new").unlink(missing_ok=True)
        for left in self.generations.glob(".*-*"):
            shutil.rmtree(left)

    def remove(self, number: int) -> None:
        """Remove a generation; it loses its name first, so that no half of one is ever seen."""
        leaving = self.generations / f".removing-{number}"
        self.generation(number).rename(leaving)
        shutil.rmtree(leaving)


def make_last(path: Path) -> None:
    """Wait until a file's bytes, or a folder's names, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def locked(layout: Layout) -> Iterator[None]:
    """Hold the index's lock. Raises IndexLocked at once where another build holds it."""
    lock = acquire(layout)
    try:
        yield
    finally:
        lock.release()


def acquire(layout: Layout) -> FileLock:
    """Take the index's lock; it is released when its holder dies. Raises IndexLocked."""
    # Not thread-local: a writer may be closed by another thread than the one that opened it.
    lock = FileLock(layout.root / "lock", timeout=0, thread_local=False)
    try:
        lock.acquire()
    except Timeout as error:
        raise IndexLocked(
            f"{layout.root} is being written by another build (it holds {layout.root / 'lock'}). "
            "Wait until it has ended, then start again."
        ) from error
    except OSError as error:
        raise IndexStoreError(f"{layout.root} cannot be written to: {error}.") from error
    return lock
