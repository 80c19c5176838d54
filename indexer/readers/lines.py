"""Lines of a text as blocks: what plain text, records and Markdown share."""

from __future__ import annotations

import re
from collections.abc import Iterator

from indexer.records import Block, Span

BLANK = r"\s\u200b\u2060\ufeff"
"""White space (the full-width blank too) and the characters that show as nothing, for use in [...]."""

_LINE = re.compile(rf"[^{BLANK}](?:[^\n]*[^{BLANK}])?")
_HEADING = re.compile(rf"(#{{1,6}})[ \t\u3000]+(?=[^{BLANK}])")

_CJK = "\u2e80-\u303f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef“”‘’…—"
_WRAP = re.compile(rf"(?<=[{_CJK}])[ \t\xa0]*\n\s*(?=[{_CJK}])")
_BLANKS = re.compile(r"[ \t\n\r\f\v\xa0]+")


def one_line(text: str) -> str:
    """Return text on one line: a wrap between Chinese characters vanishes, other blanks become one."""
    return _BLANKS.sub(" ", _WRAP.sub("", text)).strip()


def written_lines(text: str) -> Iterator[Span]:
    """Yield the span of each line that has something on it, trimmed of blanks at both ends."""
    for line in _LINE.finditer(text):
        yield Span(line.start(), line.end())


def heading_block(text: str, span: Span) -> Block | None:
    """Return the heading at `span` without its `#` marks, or None if the line is not one."""
    mark = _HEADING.match(text, span.start, span.end)
    if mark is None:
        return None
    return Block(mark.end(), span.end, kind="heading", level=len(mark.group(1)))


def line_blocks(text: str) -> tuple[Block, ...]:
    """Return a block for each written line; lines such as `## 一、基本情况` become headings."""
    return tuple(heading_block(text, span) or Block(span.start, span.end) for span in written_lines(text))
