"""Tables as rows that can be read alone: each value with the header of its column."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from indexer.readers.lines import BLANK, one_line
from indexer.records import BlockKind

_WRITTEN = re.compile(rf"[^{BLANK}]")
_HAN = re.compile(r"[\u3400-\u9fff]")
_FIGURE = re.compile(r"[\d\s.,，%％+\-−—/]+")
_YEAR = re.compile(r"(?:19|20)\d\d")
_LONGEST_HEADER_CELL = 30

Texts = Sequence[Sequence[str]]


class Cell(NamedTuple):
    """A cell at one column of a row.

    goes_on: it belongs to the cell above. spread: it belongs to the cell at its left.
    """

    text: str
    goes_on: bool = False
    spread: bool = False


def readable_rows(rows: Sequence[Sequence[Cell]], marked: int = 0) -> Iterator[tuple[BlockKind, str]]:
    """Yield a table as blocks: a caption in its first row, its header, and each row with its headers.

    `marked` counts the rows at the top that the markup calls headers; where it calls none so, a first row
    that looks like one is taken for it.
    """
    while len(rows) > 1 and _is_caption(rows[0]):
        yield "text", rows[0][0].text
        rows, marked = rows[1:], max(marked - 1, 0)
    header, texts = _with_marked(rows, marked) if 0 < marked < len(rows) else _with_found(rows)
    if header:
        yield "table_row", row_text((), list(dict.fromkeys(header)))
    for cells in texts:
        if row := row_text(header, cells):
            yield "table_row", row


def row_text(header: Sequence[str], cells: Sequence[str]) -> str:
    """Return a row to be read alone, as in `年份：2025；金额（万元）：120`.

    Empty cells are left out; a cell without a header stands alone.
    """
    cells = [one_line(cell) for cell in cells]
    titles = [*header, *[""] * len(cells)]
    chinese = bool(_HAN.search("".join([*header, *cells])))
    colon, semicolon = ("：", "；") if chinese else (": ", "; ")
    return semicolon.join(
        f"{title.rstrip(':：')}{colon}{cell}" if title else cell
        for title, cell in zip(titles, cells, strict=False)
        if _WRITTEN.search(cell)
    )


def _is_caption(row: Sequence[Cell]) -> bool:
    return len(row) > 1 and bool(row[0].text) and all(cell.spread for cell in row[1:])


def _with_marked(rows: Sequence[Sequence[Cell]], marked: int) -> tuple[Sequence[str], Texts]:
    texts = _texts(rows, marked)
    return _joined(texts[:marked]), texts[marked:]


def _with_found(rows: Sequence[Sequence[Cell]]) -> tuple[Sequence[str], Texts]:
    """Return the header of a table that does not mark one, or (), and the other rows.

    Where a cell of the first row heads several columns, the second row may belong to the header.
    """
    depth = 2 if len(rows) > 2 and _goes_on_below(rows[0], rows[1]) else 1
    if len(rows) > depth:
        header, texts = _with_marked(rows, depth)
        own = [title for title, cell in zip(header, rows[depth - 1], strict=False) if not cell.spread]
        if _looks_like_header(own) and (len(header) > 2 or _hold_figures(texts)):
            return header, texts
    return (), _texts(rows, 0)


def _goes_on_below(first: Sequence[Cell], second: Sequence[Cell]) -> bool:
    """Say whether a second row tells apart the columns that cells of the first one head together.

    It says nothing more under the cells that head one column alone.
    """
    spread = [cell.spread for cell in first] + [False]
    alone = [not here and not after for here, after in pairwise(spread)]
    return any(spread) and all(
        below.goes_on or not below.text for is_alone, below in zip(alone, second, strict=False) if is_alone
    )


def _looks_like_header(titles: Sequence[str]) -> bool:
    """Say whether all cells are written, short, different and no figures; years may head columns."""
    if len(titles) < 2 or len(set(titles)) < len(titles):
        return False
    return all(
        title
        and len(title) <= _LONGEST_HEADER_CELL
        and not title.endswith(("：", ":"))
        and not _is_figure(title)
        for title in titles
    )


def _hold_figures(texts: Texts) -> bool:
    """Say whether the last column holds figures alone.

    Two columns are mostly labels and what they say (联系人 | 张三); the first of those heads nothing.
    """
    return all(_is_figure(row[-1]) for row in texts if row and row[-1].strip())


def _is_figure(cell: str) -> bool:
    return bool(_FIGURE.fullmatch(cell)) and not _YEAR.fullmatch(cell)


def _texts(rows: Sequence[Sequence[Cell]], marked: int) -> list[list[str]]:
    """Return the texts by row and column.

    A cell over several rows counts in each of them. One over several columns heads each of them in the
    header, and stands once in other rows, where it would otherwise be read as several values.
    """
    texts: list[list[str]] = []
    for number, row in enumerate(rows):
        above = texts[-1] if texts else []
        line: list[str] = []
        for column, cell in enumerate(row):
            if cell.spread:
                line.append(line[-1] if line and number < marked else "")
            else:
                line.append(above[column] if cell.goes_on and column < len(above) else cell.text)
        texts.append(line)
    return texts


def _joined(rows: Texts) -> list[str]:
    """Return one header line of several: what stands in a column from top to bottom, once each."""
    columns = max(map(len, rows), default=0)
    titles = [[one_line(row[column]) for row in rows if column < len(row)] for column in range(columns)]
    return [" ".join(dict.fromkeys(filter(None, column))) for column in titles]
