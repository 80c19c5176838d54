"""Document -> lines: what stands on one line of the source, with its exact spans."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from indexer.records import Block, BlockKind, Document, Span


@dataclass(slots=True)
class Line:
    """One line of a document, without white space at its ends.

    blank: a blank line or more stands before it. new_page: it is the first of its page.
    indent: columns of white space before it, a wide space counting two. header: see Block.
    """

    text: str
    spans: list[Span]
    kind: BlockKind
    level: int | None
    page: int | None
    blank: bool
    new_page: bool
    indent: int
    header: tuple[str, ...] = ()

    @property
    def columns(self) -> int:
        """Columns on a terminal, with the indent; only the first 400 characters are counted."""
        text = self.text[:400]
        # GB 18030 writes a Han character as two bytes and an ASCII one as one: the columns they take.
        return self.indent + (len(text) if text.isascii() else len(text.encode("gb18030", "replace")))


def glue(left: str, right: str) -> str:
    """Return what joins two pieces of one sentence: nothing beside Chinese, otherwise a space.

    A word hyphenated at the line's end (pre- / examination) is joined without a space and keeps its hyphen.
    """
    if left[-1] >= "\u2e80" or right[0] >= "\u2e80":
        return ""
    if left[-1] == "-" and left[-2:-1].isalpha() and right[0].islower():
        return ""
    return " "


def lines_of(document: Document) -> Iterator[Line]:
    """Yield the lines of a document in order; blocks that share a line make one Line."""
    pending: Line | None = None
    for line, same_line in _raw_lines(document):
        if pending is not None and same_line and (line.kind, line.level) == (pending.kind, pending.level):
            gap = document.text[pending.spans[-1].end : line.spans[0].start]
            separator = " " if any(c.isspace() for c in gap) and glue(pending.text, line.text) else ""
            pending.text += separator + line.text
            pending.spans += line.spans
            continue
        if pending is not None:
            yield pending
        pending = line
    if pending is not None:
        yield pending


def _raw_lines(document: Document) -> Iterator[tuple[Line, bool]]:
    """Yield each block's lines, and whether each stands on the same line as the one before."""
    text = document.text
    before, page = 0, None
    for number, (block, start, end) in enumerate(_stretches(document)):
        gap = text[before:start]
        newlines = gap.count("\n") or gap.count("\r")
        new_page = number > 0 and block.page != page
        indent = sum(2 if c == "\u3000" else 1 for c in gap[gap.rfind("\n") + 1 :]) if newlines else 0
        line = Line(
            text[start:end],
            [Span(start, end)],
            block.kind,
            block.level,
            block.page,
            number == 0 or newlines > 1,
            new_page,
            indent,
            block.header,
        )
        yield line, number > 0 and newlines == 0 and not new_page
        before, page = end, block.page


def _stretches(document: Document) -> Iterator[tuple[Block, int, int]]:
    """Yield (block, start, end) for each line inside each block, without white space at the ends."""
    for block in document.blocks:
        raw = document.text[block.start : block.end]
        if "\n" not in raw:
            if stripped := raw.strip():
                start = block.start + len(raw) - len(raw.lstrip())
                yield block, start, start + len(stripped)
            continue
        offset = block.start
        for piece in raw.split("\n"):
            if stripped := piece.strip():
                start = offset + len(piece) - len(piece.lstrip())
                yield block, start, start + len(stripped)
            offset += len(piece) + 1
