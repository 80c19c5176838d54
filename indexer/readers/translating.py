"""Translate what a parsing library raises, in one place, into the error that a build reports."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from indexer.errors import CorpusError, UnreadableDocument


@contextmanager
def translated(name: str, expected: str, advice: str) -> Iterator[None]:
    """Turn any failure of a library over a document's bytes into UnreadableDocument.

    Parsers of damaged files raise whatever their depths do (KeyError, AttributeError, struct.error), so
    nothing narrower would hold. `expected` names the format, `advice` says what to do.
    """
    try:
        yield
    except (CorpusError, MemoryError):
        raise
    except Exception as error:
        found = " ".join(str(error).split())[:200] or type(error).__name__
        raise UnreadableDocument(f"{name} is not {expected}: {found}. {advice}.") from error
