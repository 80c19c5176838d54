"""Bytes to documents: one file a format, behind one protocol.

A further format is one module here with a class that keeps `Reader`, and one line in `READERS`.
Readers raise nothing but CorpusError: what a library raises is translated where it is called.
"""

from __future__ import annotations

from typing import Protocol

from indexer.errors import UnsupportedFormat
from indexer.readers.html import HtmlReader
from indexer.readers.markdown import MarkdownReader
from indexer.readers.pdf import PdfReader
from indexer.readers.record import RecordReader
from indexer.readers.text import TextReader
from indexer.readers.word import WordReader
from indexer.records import Document, RawDocument

__all__ = ["READERS", "Reader", "read", "supported_suffixes"]


class Reader(Protocol):
    """Turns the bytes of one format into a document."""

    suffixes: tuple[str, ...]
    """The endings it reads, in lower case with their dot."""

    def read(self, raw: RawDocument) -> Document:
        """Return the document, its blocks in reading order; raises UnreadableDocument."""
        ...


READERS: tuple[Reader, ...] = (
    TextReader(),
    MarkdownReader(),
    RecordReader(),
    HtmlReader(),
    WordReader(),
    PdfReader(),
)


def supported_suffixes() -> tuple[str, ...]:
    """Return every suffix that some reader reads, in the order of the registry."""
    return tuple(suffix for reader in READERS for suffix in reader.suffixes)


def read(raw: RawDocument) -> Document:
    """Return the document that `raw` holds, read by its suffix (in any case of letters).

    Raises UnsupportedFormat when no reader knows the suffix, UnreadableDocument when its bytes cannot
    be turned into text.
    """
    for reader in READERS:
        if raw.suffix.lower() in reader.suffixes:
            return reader.read(raw)
    raise unsupported(raw.suffix, raw.name)


def unsupported(suffix: str, name: str) -> UnsupportedFormat:
    """Return the error for a suffix that nothing reads, naming the ones that are read."""
    known = ", ".join(supported_suffixes())
    shown = f"the suffix {suffix!r}" if suffix else "no suffix"
    return UnsupportedFormat(
        f"{name} has {shown}, which no reader reads. Expected one of {known}. "
        "Convert the file, or leave it out."
    )
