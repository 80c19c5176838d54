"""The generations of an index: open, write, verify, list, roll back.

A generation is written aside, synced, given its number by one rename, and published by another (the
pointer file). Whatever moment a build is killed at, the pointer names a whole generation.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path

from filelock import FileLock

from indexer.errors import CorruptIndex, EncoderMismatch, IndexNotFound, IndexStoreError
from indexer.index import EncoderSignature, IndexInfo
from indexer.local.layout import Layout, Pointer, acquire, locked
from indexer.local.manifest import MANIFEST, Manifest, check_files, file_sha256, read_manifest
from indexer.local.reader import LocalReader
from indexer.local.writer import Base, LocalWriter
from indexer.records import UnreadDocument

_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class GenerationEntry:
    """A generation as it is listed.

    `current` is the published one. Where the manifest cannot be read, `problem` says why and `info` is
    None. `bytes` is the size of all files.
    """

    number: int
    current: bool
    bytes: int = 0
    info: IndexInfo | None = None
    unread: tuple[UnreadDocument, ...] = ()
    problem: str | None = None


def open_reader(path: Path, signature: EncoderSignature | None = None) -> LocalReader:
    """Open the published generation.

    Raises IndexNotFound, UnsupportedIndexFormat, CorruptIndex, and EncoderMismatch where `signature` is
    given and differs.
    """
    layout = Layout(path)
    pointer = layout.pointer()
    for _ in range(_ATTEMPTS):
        try:
            return _open(layout, pointer, signature)
        except FileNotFoundError as error:
            # A build may have published, and removed this generation, since the pointer was read.
            latest = layout.pointer()
            if latest == pointer:
                raise _missing(layout, error) from error
            pointer = latest
    raise IndexStoreError(f"{path} is replaced faster than it can be opened. Try again.")


def _missing(layout: Layout, error: FileNotFoundError) -> CorruptIndex:
    return CorruptIndex(f"{error.filename or error} is missing. {layout.advice()}")


def _mismatch(layout: Layout, stored: EncoderSignature, running: EncoderSignature) -> EncoderMismatch:
    differing = [
        f"{each.name} {getattr(stored, each.name)!r} (this process: {getattr(running, each.name)!r})"
        for each in fields(EncoderSignature)
        if getattr(stored, each.name) != getattr(running, each.name)
    ]
    return EncoderMismatch(
        f"{layout.root} was built with another encoder or segmenter: {'; '.join(differing)}. Ask with the "
        f"one it was built with, or build again with `wenzheng index build SOURCE... --index {layout.root}`."
    )


@contextmanager
def _advised(layout: Layout) -> Iterator[None]:
    """Say of damage what to do about it, and name what the operating system refuses."""
    try:
        yield
    except CorruptIndex as error:
        raise CorruptIndex(f"{error} {layout.advice()}") from error
    except FileNotFoundError:
        raise
    except OSError as error:
        raise IndexStoreError(f"{layout.root} cannot be used: {error}. See to its rights.") from error


def _open(layout: Layout, pointer: Pointer, signature: EncoderSignature | None) -> LocalReader:
    folder = layout.generation(pointer.generation)
    with _advised(layout):
        manifest = read_manifest(folder, pointer.manifest_sha256)
        if signature is not None and signature != manifest.signature:
            raise _mismatch(layout, manifest.signature, signature)
        return LocalReader(folder, manifest)


def open_writer(path: Path, signature: EncoderSignature) -> LocalWriter:
    """Open a writer for the next generation; it holds the index's lock until it is left.

    Every byte of what may be carried over is checked first: a flipped bit must not get a fresh checksum.
    Raises IndexLocked, CorruptIndex, UnsupportedIndexFormat, IndexStoreError.
    """
    layout = Layout(path)
    try:
        layout.generations.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise IndexStoreError(f"{path} cannot be made into an index folder: {error}.") from error
    lock = acquire(layout)
    try:
        return _writer(layout, lock, signature)
    except BaseException:
        lock.release()
        raise


def _writer(layout: Layout, lock: FileLock, signature: EncoderSignature) -> LocalWriter:
    with _advised(layout):
        layout.sweep()
        try:
            pointer = layout.pointer()
        except IndexNotFound:
            return LocalWriter(layout, lock, signature, started_from=0, base=None)
        try:
            base = _base(layout, pointer, signature)
        except FileNotFoundError as error:
            raise _missing(layout, error) from error
        return LocalWriter(layout, lock, signature, pointer.generation, base)


def _base(layout: Layout, pointer: Pointer, signature: EncoderSignature) -> Base | None:
    folder = layout.generation(pointer.generation)
    manifest = read_manifest(folder, pointer.manifest_sha256)
    if manifest.signature != signature:
        return None
    check_files(folder, manifest, every_byte=True)
    return Base.load(folder, manifest)


def verify(path: Path, generation: int | None = None) -> IndexInfo:
    """Read every byte of a generation (the published one where None) and compare it with its checksums.

    Raises IndexNotFound, UnsupportedIndexFormat, and CorruptIndex naming the first file that differs.
    """
    layout = Layout(path)
    pointer = layout.pointer()
    published = generation in (None, pointer.generation)
    number = pointer.generation if generation is None else generation
    try:
        return _verified(layout, number, pointer.manifest_sha256 if published else None).info
    except FileNotFoundError as error:
        raise _missing(layout, error) from error


def _verified(layout: Layout, number: int, manifest_sha256: str | None) -> Manifest:
    folder = layout.generation(number)
    with _advised(layout):
        manifest = read_manifest(folder, manifest_sha256)
        read_manifest(folder)  # against the checksum beside it too: a rollback will rely on that
        check_files(folder, manifest, every_byte=True)
        LocalReader(folder, manifest).close()
    return manifest


def list_generations(path: Path) -> list[GenerationEntry]:
    """Return the generations that are kept, oldest first. Raises IndexNotFound, CorruptIndex."""
    layout = Layout(path)
    current = layout.pointer().generation
    return [_entry(layout.generation(number), number, number == current) for number in layout.numbers()]


def _entry(folder: Path, number: int, current: bool) -> GenerationEntry:
    try:
        manifest = read_manifest(folder)
    except (IndexStoreError, OSError) as error:
        return GenerationEntry(number, current, problem=str(error))
    size = sum(record.bytes for record in manifest.files.values())
    return GenerationEntry(number, current, size, manifest.info, manifest.unread)


def rollback(path: Path) -> IndexInfo:
    """Publish the newest generation before the current one that is whole; return what it says of itself.

    A pointer that cannot be read counts as damage to the newest generation. The next build removes what
    was rolled back. Raises IndexNotFound where there is no earlier whole generation, and IndexLocked.
    """
    layout = Layout(path)
    if not layout.numbers():
        layout.pointer()
    with locked(layout):
        for number in reversed(_before_current(layout)):
            try:
                manifest = _verified(layout, number, None)
            except (IndexStoreError, FileNotFoundError):
                continue
            sha256 = file_sha256(layout.generation(number) / MANIFEST)
            layout.point_to(Pointer(number, sha256))
            return manifest.info
    raise IndexNotFound(f"{path} keeps no earlier generation that is whole. Build the index again.")


def _before_current(layout: Layout) -> list[int]:
    try:
        current = layout.pointer().generation
    except (IndexNotFound, CorruptIndex):
        return layout.numbers()
    return [number for number in layout.numbers() if number < current]
