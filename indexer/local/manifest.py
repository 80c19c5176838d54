"""What a generation says of itself, and the checks that it is what was published."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from indexer.errors import CorruptIndex, UnsupportedIndexFormat
from indexer.index import FORMAT, EncoderSignature, IndexInfo
from indexer.local import passages, vectors
from indexer.local.layout import Pointer
from indexer.records import UnreadDocument

MANIFEST = "manifest.json"

CHECKSUM = "manifest.sha256"
"""The manifest's own SHA-256, in hex; the published one's is in the pointer file too."""

PARSED_NATIVELY = (vectors.FILE, passages.FILE)
"""Files that C and C++ parse: hashed whole at every opening, whatever their size."""

SMALL = 16 << 20
"""Files of at most this many bytes are hashed whole at every opening too; larger arrays, whose every
access NumPy checks, by `verify` and before a build carries them over."""


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file as it was published."""

    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """The content of manifest.json."""

    info: IndexInfo
    files: Mapping[str, FileRecord]
    unread: tuple[UnreadDocument, ...] = ()

    @property
    def signature(self) -> EncoderSignature:
        """The encoder, segmenter and dimension that a process must share."""
        info = self.info
        return EncoderSignature(info.encoder, info.encoder_checksum, info.segmenter, info.dimension)

    def save(self, folder: Path) -> Pointer:
        """Write the manifest and its checksum; return the pointer that publishes the generation."""
        content = {
            "info": {**asdict(self.info), "languages": dict(self.info.languages)},
            "files": {name: asdict(record) for name, record in self.files.items()},
            "unread": [asdict(each) for each in self.unread],
        }
        data = (json.dumps(content, indent=1) + "\n").encode("ascii")
        sha256 = hashlib.sha256(data).hexdigest()
        (folder / MANIFEST).write_bytes(data)
        (folder / CHECKSUM).write_text(sha256 + "\n", encoding="ascii")
        return Pointer(self.info.generation, sha256)


def recorded(folder: Path) -> dict[str, FileRecord]:
    """Return size and SHA-256 of every file of a folder, by name."""
    names = sorted(path.name for path in folder.iterdir())
    hashes = hash_files([folder / name for name in names])
    return {
        name: FileRecord((folder / name).stat().st_size, sha256)
        for name, sha256 in zip(names, hashes, strict=True)
    }


def hash_files(paths: list[Path]) -> list[str]:
    """Return the SHA-256 of each file, in hex. Two at once: hashing lets go of the interpreter."""
    with ThreadPoolExecutor(2) as threads:
        return list(threads.map(file_sha256, paths))


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_manifest(folder: Path, sha256: str | None = None) -> Manifest:
    """Read a generation's manifest, compared with `sha256` or with the checksum beside it.

    Raises UnsupportedIndexFormat, CorruptIndex, and FileNotFoundError where there is none.
    """
    data = (folder / MANIFEST).read_bytes()
    expected = sha256 or (folder / CHECKSUM).read_text(encoding="ascii", errors="replace").strip()
    try:
        content = json.loads(data)
        _check_format(folder, content["info"]["format"])
    except (ValueError, KeyError, TypeError) as error:
        raise CorruptIndex(f"{folder / MANIFEST} is not a manifest ({error!r}).") from error
    actual = hashlib.sha256(data).hexdigest()
    if actual != expected:
        raise CorruptIndex(f"{folder / MANIFEST}: SHA-256 is {actual}, expected {expected}.")
    return _manifest(content)


def _check_format(folder: Path, number: object) -> None:
    # Before the checksum: another format may well keep that elsewhere.
    if isinstance(number, int) and number != FORMAT:
        raise UnsupportedIndexFormat(
            f"{folder} is written in format {number}; this version reads format {FORMAT}. "
            "Remove the index and build it again, or use the version that wrote it."
        )


def _manifest(content: Mapping[str, Any]) -> Manifest:
    return Manifest(
        IndexInfo(**content["info"]),
        {name: FileRecord(**record) for name, record in content["files"].items()},
        tuple(UnreadDocument(**each) for each in content["unread"]),
    )


def check_files(folder: Path, manifest: Manifest, *, every_byte: bool) -> None:
    """Compare a generation's files with its manifest.

    Sizes always; SHA-256 of all files, or of those that `is_hashed_at_opening`. Raises CorruptIndex
    naming the file, and FileNotFoundError where one is missing.
    """
    for name, record in manifest.files.items():
        size = (folder / name).stat().st_size
        if size != record.bytes:
            raise CorruptIndex(f"{folder / name} has {size} bytes, the manifest says {record.bytes}.")
    names = [name for name in manifest.files if every_byte or is_hashed_at_opening(name, manifest)]
    for name, actual in zip(names, hash_files([folder / name for name in names]), strict=True):
        expected = manifest.files[name].sha256
        if actual != expected:
            raise CorruptIndex(f"{folder / name}: SHA-256 is {actual}, the manifest says {expected}.")


def is_hashed_at_opening(name: str, manifest: Manifest) -> bool:
    """Say whether opening hashes a file. The vectors are hashed where they are read, byte for byte."""
    if name == vectors.FILE:
        return False
    return name in PARSED_NATIVELY or manifest.files[name].bytes <= SMALL
