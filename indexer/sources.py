"""Find the documents in files and folders, one at a time and always in the same order.

What is left out on purpose (hidden files, a README, the questions and judgements of a BEIR-style folder)
goes to the `skipped` callback; what cannot be used comes out as an UnreadDocument in its place.
"""

from __future__ import annotations

import lzma
import os
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from indexer.errors import CorpusError, DuplicateDocumentId, SourceNotFound, UnreadableDocument
from indexer.readers import supported_suffixes, unsupported
from indexer.readers.record import parse_record
from indexer.records import RawDocument, UnreadDocument
from indexer.walking import Refused, Skipped, documents_below, ignore

LARGEST_FILE = 1 << 30
"""Files over this many bytes are not read: a document is held in memory several times over."""
LARGEST_RECORD = 1 << 28
"""Lines of a `.jsonl` file over this many bytes are not read; the file itself may be of any size."""

_COLLECTIONS = (".jsonl", ".jsonl.xz")
Found = RawDocument | UnreadDocument


def find_documents(sources: Sequence[Path], skipped: Skipped = ignore) -> Iterator[Found]:
    """Yield every document of `sources`, in the order given and by name within a folder.

    Raises SourceNotFound at once for a path that is no file or folder, and after its walk for a folder
    that holds no document. `skipped(path, reason)` is told of each file and folder left out on purpose.
    A `document_id` that came before, in any source, comes out as an UnreadDocument; the first one stays.
    """
    for source in sources:
        _check(source)
    return _unique(each for source in sources for each in _documents(source, skipped))


def _check(source: Path) -> None:
    try:
        source.stat()
    except (OSError, ValueError) as error:
        raise SourceNotFound(f"{shown(source)} cannot be read: {_reason(error)}. {_GIVE}") from None
    if not (source.is_file() or source.is_dir()):
        raise SourceNotFound(f"{shown(source)} is neither a file nor a folder. {_GIVE}")


_GIVE = "Give the path of a document or of a folder that holds some."


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


def _unique(found: Iterator[Found]) -> Iterator[Found]:
    first: dict[str, str] = {}
    for each in found:
        if isinstance(each, UnreadDocument):
            yield each
        elif each.document_id in first:
            yield _unread(each.name, _duplicate(each, first[each.document_id]))
        else:
            first[each.document_id] = each.name
            yield each


def _duplicate(document: RawDocument, first: str) -> DuplicateDocumentId:
    return DuplicateDocumentId(
        f"{document.name} has the id {document.document_id!r} that {first} has already. Expected an id "
        "once in all sources; rename one, or leave it out. The first one stays."
    )


def _unread(name: str, error: CorpusError) -> UnreadDocument:
    return UnreadDocument(name, error.code, str(error))


def _documents(source: Path, skipped: Skipped) -> Iterator[Found]:
    if source.is_file():
        yield from _from_file(source, source.name)
        return
    empty = True
    for each in documents_below(source, skipped):
        empty = False
        if isinstance(each, Refused):
            yield _unread(shown(each.path), UnreadableDocument(f"{shown(each.path)} {each.reason}"))
        else:
            yield from _from_file(each, each.relative_to(source).as_posix())
    if empty:
        known = ", ".join((*supported_suffixes(), ".jsonl.xz"))
        raise SourceNotFound(
            f"{shown(source)} holds no document. Expected files of {known} in it or below it."
        )


def _from_file(path: Path, relative: str) -> Iterator[Found]:
    """Yield what one file holds: one document, or each record of a collection."""
    name, lowered = shown(path), path.name.lower()
    try:
        relative.encode()
        if lowered.endswith(_COLLECTIONS):
            yield from _records(path, name)
        elif path.suffix.lower() not in supported_suffixes():
            raise unsupported(path.suffix, name)
        else:
            document_id = unicodedata.normalize("NFC", relative)
            yield RawDocument(document_id, path.suffix.lower(), _content(path, name), name)
    except CorpusError as error:
        yield _unread(name, error)
    except UnicodeEncodeError:
        yield _unread(name, UnreadableDocument(f"{name} has a file name that is not UTF-8. Rename the file."))
    except OSError as error:
        yield _unread(name, UnreadableDocument(f"{name} cannot be read: {_reason(error)}. Check the file."))


def _content(path: Path, name: str) -> bytes:
    with path.open("rb") as file:
        content = file.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise UnreadableDocument(
            f"{name} is larger than {LARGEST_FILE:,} bytes. Expected a document, which is smaller: split it, "
            "or give a collection as .jsonl with a record a line."
        )
    return content


def _records(path: Path, name: str) -> Iterator[Found]:
    """Yield each line of a collection as a document, holding one line at a time."""
    number, written = 0, 0
    with _opened(path) as file:
        try:
            for number, line in enumerate(_lines(file), start=1):
                if line is None or line.strip(b" \t\r\n\xef\xbb\xbf"):
                    written += 1
                    yield _record(line, f"{name}:{number}")
        except (lzma.LZMAError, EOFError) as error:
            yield _unread(f"{name}:{number + 1}", _broken(name, number, error))
            return
    if not written:
        yield _unread(name, UnreadableDocument(f"{name} holds no record. Expected a JSON object a line."))


def _opened(path: Path) -> BinaryIO | lzma.LZMAFile:
    return lzma.open(path) if path.name.lower().endswith(".xz") else path.open("rb")


def _lines(file: BinaryIO | lzma.LZMAFile) -> Iterator[bytes | None]:
    """Yield lines; None for one that is too long, which is passed over in pieces."""
    while line := file.readline(LARGEST_RECORD + 1):
        if len(line) <= LARGEST_RECORD:
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = file.readline(1 << 20)
        yield None


def _record(line: bytes | None, name: str) -> Found:
    if line is None:
        problem = f"{name} is longer than {LARGEST_RECORD:,} bytes. Expected one document a line; split it."
        return _unread(name, UnreadableDocument(problem))
    try:
        record = parse_record(line, name)
    except CorpusError as error:
        return _unread(name, error)
    return RawDocument(str(record["_id"]), ".jsonl", line.strip(), name)


def _broken(name: str, read: int, error: Exception) -> UnreadableDocument:
    return UnreadableDocument(
        f"{name} is damaged or cut short after {read} whole lines, or is not .xz at all ({error}). "
        "Expected a whole .xz file; copy it again. The lines before are used."
    )


def shown(path: Path) -> str:
    """Return a path as it can be printed, bytes that are not UTF-8 escaped."""
    return os.fsencode(path).decode("utf-8", errors="backslashreplace")
