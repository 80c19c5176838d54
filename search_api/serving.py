"""The searcher in use, and its replacement when a new generation is published.

A request borrows the searcher; a swap never takes it away from under it: the new generation is opened first,
then it is what is lent, and the old one is closed when its last borrower gives it back.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from indexer.engine import Engine
from indexer.errors import IndexStoreError, WenzhengError
from indexer.index import IndexReader, PassageFilter, open_index
from indexer.local.layout import Layout
from indexer.records import Language
from search_api.questions import LONGEST_QUESTION
from search_api.results import SearchResult
from search_api.searcher import Searcher

log = logging.getLogger(__name__)


class Searching(Protocol):
    """What is served: `search_api.searcher.Searcher`, or a fake in a test."""

    reader: IndexReader

    def search(
        self,
        question: str,
        *,
        limit: int = 10,
        offset: int = 0,
        language: Language | None = None,
        filters: PassageFilter = ...,
        facets: Sequence[str] = (),
        explain: bool = False,
    ) -> SearchResult:
        """Answer one question."""
        ...


class _Lent:
    """A searcher and how many requests are using it."""

    def __init__(self, searcher: Searching) -> None:
        self.searcher = searcher
        self.borrowers = 0
        self.retired = False


class LiveIndex:
    """Lend the newest searcher that could be opened. Safe to use from several threads.

    open_searcher: opens the newest generation. stamp: changes when another generation is published.
    retry_seconds: how long a generation that could not be opened is left alone.
    """

    def __init__(
        self,
        open_searcher: Callable[[], Searching],
        stamp: Callable[[], Hashable],
        retry_seconds: float = 10.0,
    ) -> None:
        self._open_searcher = open_searcher
        self._stamp = stamp
        self._retry_seconds = retry_seconds
        self._current: _Lent | None = None
        self._seen: Hashable = object()
        self._problem: WenzhengError | None = None
        self._retry_at = 0.0
        self._swapping = threading.Lock()
        self._counting = threading.Lock()

    @property
    def problem(self) -> WenzhengError | None:
        """Why the newest generation could not be opened; None when it is the one in use."""
        return self._problem

    @property
    def generation(self) -> int | None:
        """The generation in use, or None."""
        current = self._current
        return current.searcher.reader.info.generation if current else None

    @contextmanager
    def borrow(self) -> Iterator[Searching]:
        """Lend the searcher in use. Raises what kept the index from being opened, if none ever was."""
        with self._counting:
            lent = self._current
            if lent is not None:
                lent.borrowers += 1
        if lent is None:
            raise self._problem or IndexStoreError("The index is not open. Wait for /readyz to say so.")
        try:
            yield lent.searcher
        finally:
            self._give_back(lent)

    def open(self) -> None:
        """Open the newest generation before anything is served. Raises what keeps it from being opened."""
        with self._swapping:
            self._seen = self._stamp()
            self._take(self._open_searcher())

    def refresh(self) -> bool:
        """Swap if another generation was published; return whether it did. Never raises: see `problem`."""
        if not self._swapping.acquire(blocking=False):
            return False
        try:
            # Taken before opening: a generation published meanwhile is noticed at the next call.
            stamp = self._stamp()
            if stamp == self._seen and (self._problem is None or time.monotonic() < self._retry_at):
                return False
            self._seen = stamp
            return self._swap()
        finally:
            self._swapping.release()

    @contextmanager
    def watched(self, every: float) -> Iterator[None]:
        """Call `refresh` now, and every so many seconds from a thread of its own."""
        self.refresh()
        stop = threading.Event()
        thread = threading.Thread(target=self._watch, args=(stop, every), name="index-watch", daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

    def close(self) -> None:
        """Lend nothing more; the reader is closed when its last borrower gives it back."""
        self._replace(None)

    def _watch(self, stop: threading.Event, every: float) -> None:
        while not stop.wait(every):
            self.refresh()

    def _swap(self) -> bool:
        try:
            searcher = self._open_searcher()
        except Exception as error:  # whatever it is, the generation in use goes on answering
            self._note(error)
            return False
        self._take(searcher)
        return True

    def _take(self, searcher: Searching) -> None:
        self._problem = None
        self._replace(_Lent(searcher))
        log.info("Serving generation %d.", searcher.reader.info.generation)

    def _note(self, error: Exception) -> None:
        known = isinstance(error, WenzhengError)
        unforeseen = IndexStoreError(f"The index cannot be opened: {error!r}. Build it again.")
        self._problem = error if isinstance(error, WenzhengError) else unforeseen
        self._retry_at = time.monotonic() + self._retry_seconds
        kept = "none is in use" if self.generation is None else f"generation {self.generation} stays in use"
        log.warning("A generation cannot be opened, %s: %s", kept, error, exc_info=not known)

    def _replace(self, new: _Lent | None) -> None:
        with self._counting:
            old, self._current = self._current, new
            if old is not None:
                old.retired = True
                idle = old.borrowers == 0
        if old is not None and idle:
            old.searcher.reader.close()

    def _give_back(self, lent: _Lent) -> None:
        with self._counting:
            lent.borrowers -= 1
            last = lent.retired and lent.borrowers == 0
        if last:
            lent.searcher.reader.close()


def pointer_stamp(index: Path) -> Callable[[], Hashable]:
    """Return a stamp of an index's pointer file, which every publishing replaces."""
    pointer = Layout(index).current

    def stamp() -> Hashable:
        try:
            found = pointer.stat()
        except OSError:
            return None
        return (found.st_ino, found.st_mtime_ns, found.st_size)

    return stamp


def live_index(index: Path, engine: Engine, longest: int = LONGEST_QUESTION) -> LiveIndex:
    """Return a live index over a folder; nothing is opened yet. `longest` is in characters."""

    def open_searcher() -> Searching:
        reader = open_index(index, engine.signature)
        try:
            return Searcher(reader, engine, longest)
        except BaseException:
            reader.close()
            raise

    return LiveIndex(open_searcher, pointer_stamp(index))
