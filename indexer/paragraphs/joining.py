"""Lines -> units: put together again what a hard wrap or a page break has cut."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from indexer.paragraphs.counters import Counter, counter_of
from indexer.paragraphs.lines import Line, glue
from indexer.paragraphs.roles import (
    begins_inside,
    has_clause,
    is_fixed,
    is_known_label,
    is_label,
    is_tabular,
    lists_offices,
    terminated,
)
from indexer.paragraphs.titles import completes_title, ends_as_title, is_title_start
from indexer.records import BlockKind, Span

_SAMPLE = 2000
_WIDEST = 150
_TOKEN = re.compile(r"[!-~]{1,40}|\S")


@dataclass(slots=True)
class Unit:
    """What the source shows as one paragraph, heading, label or row, before long ones are cut.

    `text` is the text of `spans`, joined by nothing or a space; no span begins or ends with white space.
    """

    text: str
    spans: list[Span]
    kind: BlockKind
    level: int | None
    page: int | None
    blank: bool
    counter: Counter | None
    tabular: bool
    header: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wrapping:
    """How a document breaks its lines: `columns` is its line width, or None where a line is a paragraph.

    indents: Chinese paragraphs begin with an indent, so a line without one goes on.
    """

    columns: int | None
    indents: bool


def join_lines(lines: Iterable[Line]) -> Iterator[Unit]:
    """Yield units in order. Looks at the first lines to see how the document is wrapped."""
    rest = iter(lines)
    head = list(islice(rest, _SAMPLE))
    wrapping = wrapping_of(head)
    joiner = _Joiner(wrapping)
    titles = _title_continuations(head[:60])
    for number, line in enumerate(head):
        yield from joiner.add(line, forced=number in titles)
    for line in rest:
        yield from joiner.add(line)
    yield from joiner.finish()


def wrapping_of(lines: Sequence[Line]) -> Wrapping:
    """Tell whether and how lines are hard-wrapped.

    They are where lines that another follows without a gap have nearly all the same width, and most of
    them end inside a sentence.
    """
    text = [line for line in lines if line.kind == "text"]
    indents = sum(line.indent >= 2 and line.text[0] > "\u2e80" for line in text) >= 2
    followed = [
        line
        for line, after in pairwise(text)
        if not after.blank and not (indents and after.indent) and not is_tabular(line.text)
    ]
    widths = sorted(line.columns for line in followed)
    if len(widths) < 2:
        return Wrapping(None, indents)
    full = widths[int(0.95 * (len(widths) - 1))]
    near = [line for line in followed if 0.75 * full <= line.columns]
    open_ended = sum(not terminated(line.text) for line in near)
    wrapped = 50 <= full <= _WIDEST and 2 * len(near) >= len(followed) and 2 * open_ended >= len(near)
    return Wrapping(full if wrapped else None, indents)


def _title_continuations(head: Sequence[Line]) -> set[int]:
    """Return which of the first lines go on with a title: 关于开展… / …工作的通知."""
    found: set[int] = set()
    for first, line in enumerate(head):
        if first not in found and line.kind == "text" and is_title_start(line.text):
            found.update(range(first + 1, _title_end(head, first) + 1))
    return found


def _title_end(head: Sequence[Line], first: int) -> int:
    """Return the last line of the title that may begin at `first`; `first` itself where it ends there."""
    end = first
    for number in range(first, min(first + 4, len(head))):
        line = head[number]
        if number > first and (
            line.blank or line.kind != "text" or len(line.text) > 60 or is_fixed(line.text)
        ):
            break
        if ends_as_title(line.text):
            end = number
        if completes_title(line.text) or terminated(line.text):
            break
    return end


class _Joiner:
    """Collects the lines of one unit and decides, line by line, whether the next belongs to it."""

    def __init__(self, wrapping: Wrapping) -> None:
        self._wrapping = wrapping
        self._lines: list[Line] = []
        self._counter: Counter | None = None

    def add(self, line: Line, forced: bool = False) -> Iterator[Unit]:
        """Take the next line; yield the unit before it where it begins a new one."""
        counter = counter_of(line.text) if line.kind != "table_row" else None
        if self._lines and not (forced or self._goes_on(line, counter)):
            yield self._unit()
            self._lines = []
        if not self._lines:
            self._counter = counter
        self._lines.append(line)

    def finish(self) -> Iterator[Unit]:
        """Yield the last unit."""
        if self._lines:
            yield self._unit()

    def _unit(self) -> Unit:
        first = self._lines[0]
        parts = [first.text]
        spans = list(first.spans)
        for before, line in pairwise(self._lines):
            parts += [glue(before.text, line.text), line.text]
            spans += line.spans
        text = "".join(parts)
        tabular = first.kind == "text" and len(self._lines) == 1 and is_tabular(text)
        return Unit(
            text,
            spans,
            first.kind,
            first.level,
            first.page,
            first.blank,
            self._counter,
            tabular,
            first.header,
        )

    def _goes_on(self, line: Line, counter: Counter | None) -> bool:
        last = self._lines[-1]
        if last.kind != "text" or line.kind != "text":
            return False
        if begins_inside(line.text) or self._is_bare_counter(line):
            return True
        is_open = not terminated(last.text)
        full = self._is_full(last, line)
        if counter is not None and not (is_open and full and counter.style in _WEAK):
            return False
        if is_fixed(line.text) or is_tabular(last.text) or is_tabular(line.text):
            return False
        if is_label(self._lines[0].text) and not (full and is_open):
            return self._label_goes_on(last, line)
        if self._wrapping.columns is not None and (not line.blank or (line.new_page and is_open)):
            return self._wraps(last, line, is_open, full)
        return is_open and self._broken_sentence(last, line)

    def _is_bare_counter(self, line: Line) -> bool:
        """Whether all that stands so far is a counter, whose words are on the next line."""
        alone = len(self._lines) == 1 and self._counter is not None
        return alone and len(self._lines[0].text) == self._counter.end and not line.blank  # type: ignore[union-attr]

    def _label_goes_on(self, last: Line, line: Line) -> bool:
        """Labels stand alone, but a list of those who get a copy may go on."""
        listing = lists_offices(self._lines[0].text) and last.text[-1] in "；;、，,"
        return listing and not line.blank and not is_label(line.text)

    def _is_full(self, last: Line, line: Line) -> bool:
        """Whether the first word of `line` had no room at the end of `last`, so that the break is a wrap."""
        columns = self._wrapping.columns
        if columns is None or (line.blank and not line.new_page):
            return False
        token = _TOKEN.match(line.text)
        word = token.group() if token else ""
        chinese = last.text[-1] >= "\u2e80" or line.text[0] >= "\u2e80"
        needed = len(word) if word.isascii() else 2
        return last.columns + needed + (0 if chinese else 1) > columns - (4 if chinese else 0)

    def _wraps(self, last: Line, line: Line, is_open: bool, full: bool) -> bool:
        """Decide between two lines of a hard-wrapped document with no blank line between them."""
        chinese = last.text[-1] >= "\u2e80" or line.text[0] >= "\u2e80"
        if line.indent and (chinese or last.indent == 0):
            return False
        if not is_open and last.text[-1] in "：:":
            return False
        if full and (is_open or not chinese or (self._wrapping.indents and self._lines[0].indent > 0)):
            return True
        if not chinese:
            return is_open and line.text[0].islower()
        wide_enough = last.columns > 0.6 * (self._wrapping.columns or 0)
        if self._wrapping.indents and self._lines[0].indent > 0:
            return wide_enough
        return is_open and wide_enough and has_clause(last.text) and not self._is_heading_like()

    def _broken_sentence(self, last: Line, line: Line) -> bool:
        """Whether a sentence was cut by a page break: it has no end, and the next line is its rest."""
        if last.text[-1] >= "\u2e80" or line.text[0] >= "\u2e80":
            prose = len(last.text) >= 20 and has_clause(last.text) and has_clause(line.text)
            return prose and not self._is_heading_like()
        if is_known_label(last.text) or len(last.text) < 40 or last.text.count(" ") < 5:
            return False
        continued = line.text[0].islower() and (line.text[0] not in "o" or line.text[1:2] != " ")
        return continued or (line.new_page and len(line.text) >= 40 and last.text[-1] == ",")

    def _is_heading_like(self) -> bool:
        first = self._lines[0].text
        if len(self._lines) > 1 or "。" in first or "；" in first:
            return False
        return (self._counter is not None and len(first) <= 40) or (len(first) <= 80 and ends_as_title(first))


# Inside a wrapped sentence these are numbers (… 1. 5, in 2 …), not counters.
_WEAK = frozenset({"arabic", "deep", "arabic_paren", "upper", "roman"})
