"""The headings that are open at a place in a document, outermost first."""

from __future__ import annotations

import re
from dataclasses import dataclass

from indexer.paragraphs.counters import Counter
from indexer.paragraphs.roles import unspaced

STORED_MAX = 120
"""How much of a heading is kept in heading paths."""

_SPACES = re.compile(r"\s+")


@dataclass(slots=True)
class Heading:
    """An open heading: its markup level, its counter and how far in that counter stands, if any.

    run_in: it is the first sentence of a paragraph, not a line of its own.
    """

    text: str
    level: int | None = None
    counter: Counter | None = None
    rank: int = 0
    run_in: bool = False


def counted_heading(text: str, counter: Counter, run_in: bool = False) -> Heading:
    """Return a heading that a counter makes one, without markup."""
    return Heading(text, None, counter, counter.rank, run_in)


class OpenHeadings:
    """A stack of headings. Chinese counters outrank markup, and siblings close each other at any depth."""

    def __init__(self) -> None:
        self._open: list[Heading] = []

    def path(self) -> tuple[str, ...]:
        """Return the headings as a reader sees them, outermost first."""
        return tuple(tidy(heading.text) for heading in self._open)

    def open(self, heading: Heading) -> tuple[str, ...]:
        """Close what `heading` ends, open it, and return the path above it."""
        self.close_for(heading)
        above = self.path()
        self._open.append(heading)
        return above

    def close_for(self, heading: Heading) -> None:
        """Close what a heading ends without opening it."""
        siblings = [n for n, opened in enumerate(self._open) if _are_siblings(opened, heading)]
        if siblings:
            del self._open[siblings[0] :]
        self._pop_for(heading, item=False)

    def close_for_item(self, counter: Counter) -> None:
        """Close the run-in headings that an item of a list ends; a heading line above a list stays open."""
        self._pop_for(counted_heading("", counter), item=True)

    def close_run_in(self) -> None:
        """Close the innermost headings that are not lines of their own."""
        while self._open and self._open[-1].run_in:
            self._open.pop()

    def close_from(self, rank: int) -> None:
        """Close every heading that has no markup level and stands at `rank` or further in; all for rank 0."""
        self._open = [h for h in self._open if h.level is not None or h.rank < rank] if rank else []

    def counts_with(self, counter: Counter) -> bool:
        """Whether an open heading counts in the same style."""
        return any(h.counter is not None and h.counter.style == counter.style for h in self._open)

    def clear(self) -> None:
        """Close all."""
        self._open.clear()

    def _pop_for(self, heading: Heading, item: bool) -> None:
        while self._open and _closes(heading, self._open[-1], item):
            self._open.pop()


def _are_siblings(opened: Heading, heading: Heading) -> bool:
    if opened.counter is None or heading.counter is None or opened.counter.style != heading.counter.style:
        return False
    if opened.counter.chinese:
        return True
    if (opened.level is None) != (heading.level is None):
        return False
    return opened.level is not None or heading.counter.value > opened.counter.value


def _closes(heading: Heading, opened: Heading, item: bool) -> bool:
    """Whether `heading` ends the part that `opened` began."""
    if heading.counter and opened.counter and heading.counter.chinese and opened.counter.chinese:
        return opened.rank >= heading.rank
    if heading.level is not None:
        return opened.level is None or opened.level >= heading.level
    if opened.level is not None or opened.counter is None or heading.counter is None:
        return False
    if opened.rank != heading.rank:
        return opened.rank > heading.rank
    # A list that starts again at 1 under "2. What is offered" is inside it.
    return heading.counter.value > opened.counter.value and (opened.run_in or not item)


def tidy(text: str) -> str:
    """Return a heading on one line, 总　　则 as 总则, at most 120 characters."""
    return _SPACES.sub(" ", unspaced(text[: 2 * STORED_MAX])).strip()[:STORED_MAX]
