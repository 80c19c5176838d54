"""Markdown: headings, list items, quotations and table rows as blocks, without their markup.

`Document.text` is the decoded file less paired emphasis marks and escapes (see `inline_markup`); all other
markup stays in it and is left out of the blocks' spans. A table row keeps its line, and its block carries
the header cells; the header line is a row of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from indexer.errors import UnreadableDocument
from indexer.readers.decoding import decode
from indexer.readers.inline_markup import without_inline_markup
from indexer.readers.lines import BLANK, heading_block, written_lines
from indexer.records import Block, Document, RawDocument, Span

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_LANGUAGE = re.compile(r"[ \t]*(?:\{?[.A-Za-z][\w.+-]*\}?)?", re.ASCII)
_FRONT_MATTER = re.compile(r"---[ \t]*\n(?:[^\n]*\n)*?(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
_PREFIX = re.compile(r"(?:[ \t\u3000]*(?:>|[-*+](?=[ \t]|$)))+")
_BREAK = re.compile(rf"[ \t]*([-*_])(?:[ \t]*\1){{2,}}[{BLANK}]*")
_UNDERLINE = re.compile(rf" {{0,3}}(={{2,}}|-{{2,}})[{BLANK}]*")
_SEPARATOR = re.compile(rf"[{BLANK}]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[{BLANK}]*")
_CLOSING = re.compile(r"[ \t]+#+$")
_EMPTY_HEADING = re.compile(r"[ \t]*#{1,6}[ \t]*")
_CELL_BORDER = re.compile(r"(?<!\\)\|")


class _Line(NamedTuple):
    """A line at its place in the text: `literal` in a code fence or front matter, `markup` if a fence."""

    start: int
    text: str
    literal: bool = False
    markup: bool = False


class MarkdownReader:
    """Read `.md`."""

    suffixes: tuple[str, ...] = (".md", ".markdown")

    def read(self, raw: RawDocument) -> Document:
        """Return the document; raises UnreadableDocument where its bytes are not text."""
        lines = _lines(decode(raw.content, raw.name))
        text = "\n".join(line.text for line in lines)
        blocks = tuple(_blocks(lines))
        if not blocks:
            raise UnreadableDocument(
                f"{raw.name} holds no text: only markup. Expected a document with text in it."
            )
        return Document(raw.document_id, text, blocks)


def _lines(source: str) -> list[_Line]:
    """Return the lines with inline markup taken out, each at its place in the joined text."""
    front = _FRONT_MATTER.match(source)
    front_lines = source[: front.end()].rstrip("\n").count("\n") if front else -1
    lines: list[_Line] = []
    start, fence = 0, ""
    for number, text in enumerate(source.split("\n")):
        mark = _FENCE.match(text) if number > front_lines else None
        if number <= front_lines:
            line = _Line(start, text, literal=True, markup=number in (0, front_lines))
        elif mark and _is_fence(mark.group(1), fence, text):
            fence = "" if fence else mark.group(1)
            line = _Line(start, text, literal=True, markup=True)
        else:
            line = _Line(start, text if fence else without_inline_markup(text), literal=bool(fence))
        lines.append(line)
        start += len(line.text) + 1
    return lines


def _is_fence(mark: str, opened: str, line: str) -> bool:
    """Say whether a line opens a fence, or closes the one that is open."""
    if not opened:
        # The name of a language may follow; other words are text that nothing may drop.
        return bool(_LANGUAGE.fullmatch(line.strip().lstrip(mark[0])))
    return mark.startswith(opened) and not line.strip().strip(mark[0])


def _blocks(lines: Sequence[_Line]) -> Iterator[Block]:
    header: tuple[str, ...] = ()
    in_table = False
    for number, line in enumerate(lines):
        following = lines[number + 1] if number + 1 < len(lines) else _Line(0, "")
        if line.literal:
            in_table = False
            yield from _text_blocks(line, 0)
        elif in_table and _is_separator(line):
            continue
        elif "|" in line.text and (in_table or _is_separator(following)):
            yield from _row_blocks(line, header if in_table else ())
            header, in_table = header if in_table else _cells(line.text), True
        else:
            in_table = False
            yield from _line_blocks(line, following, lines[number - 1].text if number else "")


def _is_separator(line: _Line) -> bool:
    return not line.literal and "|" in line.text and bool(_SEPARATOR.fullmatch(line.text))


def _line_blocks(line: _Line, following: _Line, before: str) -> Iterator[Block]:
    """Yield the block of a line outside tables and fences, if it has more than markup on it."""
    if _is_markup_alone(line, before):
        return
    underline = None if following.literal else _UNDERLINE.fullmatch(following.text)
    prefix = _PREFIX.match(line.text)
    for block in _text_blocks(line, prefix.end() if prefix else 0):
        if block.kind == "text" and underline and not prefix and not before.strip():
            level = 1 if underline.group(1).startswith("=") else 2
            block = Block(block.start, block.end, kind="heading", level=level)
        yield block


def _is_markup_alone(line: _Line, before: str) -> bool:
    """Say whether a line is a rule, the underline of a heading, or a heading mark without a heading."""
    if _BREAK.fullmatch(line.text) or _EMPTY_HEADING.fullmatch(line.text):
        return True
    return bool(_UNDERLINE.fullmatch(line.text)) and bool(before.strip())


def _text_blocks(line: _Line, begin: int) -> Iterator[Block]:
    if line.markup:
        return
    for span in written_lines(line.text[begin:]):
        inner = Span(span.start + begin, span.end + begin)
        block = None if line.literal else heading_block(line.text, inner)
        if block:
            closing = _CLOSING.search(line.text, block.start, block.end)
            block = Block(block.start, closing.start() if closing else block.end, block.kind, block.level)
        yield _moved(block or Block(*inner), line.start)


def _row_blocks(line: _Line, header: tuple[str, ...]) -> Iterator[Block]:
    """Yield a table row without its outer borders, unless all its cells are empty."""
    start, end = _without_borders(line.text)
    if any(_cells(line.text)):
        for span in written_lines(line.text[start:end]):
            block = Block(span.start + start, span.end + start, kind="table_row", header=header)
            yield _moved(block, line.start)


def _without_borders(row: str) -> Span:
    start, end = len(row) - len(row.lstrip()), len(row.rstrip())
    start += row[start:end].startswith("|")
    end -= row[start:end].endswith("|") and not row[start:end].endswith("\\|")
    return Span(start, end)


def _cells(row: str) -> tuple[str, ...]:
    start, end = _without_borders(row)
    return tuple(cell.strip() for cell in _CELL_BORDER.split(row[start:end]))


def _moved(block: Block, by: int) -> Block:
    return Block(block.start + by, block.end + by, block.kind, block.level, block.page, block.header)
