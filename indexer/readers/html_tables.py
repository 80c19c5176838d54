"""Tables of web pages: their cells, spread over the columns and rows that they span."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from indexer.readers.lines import one_line
from indexer.readers.tables import Cell

_LONGEST_CELL = 500
_WIDEST_SPAN = 100
_NOT_TEXT = frozenset(("script", "style", "noscript", "template"))
_GROUPS = {"thead": 0, "tfoot": 2}


def is_for_layout(table: etree._Element) -> bool:
    """Say whether a table only places a page's parts: one column or row, tables or whole texts in it."""
    if table.get("role") in ("presentation", "none"):
        return True
    if next(table.iterdescendants("table", "h1", "h2", "h3"), None) is not None:
        return True
    rows = [list(_cells(row)) for row in _rows(table)]
    if len(rows) < 2 or max(map(len, rows)) < 2:
        return True
    return any(len(cell_text(cell)) > _LONGEST_CELL for row in rows for cell in row)


def table_cells(table: etree._Element) -> tuple[list[list[Cell]], int]:
    """Return the cells by row and column, and how many rows at the top the markup calls headers."""
    rows = list(_rows(table))
    marked = 0
    while marked < len(rows) and _is_header(rows[marked]):
        marked += 1
    return _grid(rows), marked


def cell_text(cell: etree._Element) -> str:
    """Return a cell's text on one line, its paragraphs and breaks parted by a blank."""
    pieces: list[str] = []
    walk = etree.iterwalk(cell, events=("start", "end"))
    for event, element in walk:
        if event == "end":
            pieces.append(" " if element.tag in ("p", "div", "li", "br") else "")
            pieces.append(element.tail or "" if element is not cell else "")
        elif element.tag in _NOT_TEXT:
            walk.skip_subtree()
        else:
            pieces.append(element.text or "")
    return one_line("".join(pieces))


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    """Yield rows with cells: the head's first, the foot's last, wherever the source has them."""
    parts = [part for part in table if part.tag in ("thead", "tbody", "tfoot", "tr")]
    for part in sorted(parts, key=lambda part: _GROUPS.get(str(part.tag), 1)):
        for row in [part] if part.tag == "tr" else part.iterchildren("tr"):
            if next(_cells(row), None) is not None:
                yield row


def _cells(row: etree._Element) -> Iterator[etree._Element]:
    yield from row.iterchildren("th", "td")


def _is_header(row: etree._Element) -> bool:
    parent = row.getparent()
    if parent is not None and parent.tag == "thead":
        return True
    return all(cell.tag == "th" for cell in _cells(row))


def _grid(rows: list[etree._Element]) -> list[list[Cell]]:
    grid: list[list[Cell]] = []
    going_on: dict[int, tuple[int, bool]] = {}
    for element in rows:
        row: list[Cell] = []
        for cell in _cells(element):
            _go_on(row, going_on)
            width, height = _span(cell, "colspan"), _span(cell, "rowspan")
            for offset in range(width):
                if height > 1:
                    going_on[len(row)] = (height - 1, offset > 0)
                row.append(Cell(cell_text(cell) if offset == 0 else "", spread=offset > 0))
        while any(column >= len(row) for column in going_on):
            _go_on(row, going_on)
            if any(column >= len(row) for column in going_on):
                row.append(Cell(""))
        grid.append(row)
    return grid


def _go_on(row: list[Cell], going_on: dict[int, tuple[int, bool]]) -> None:
    """Append the cells of rows above that reach down to the next columns."""
    while len(row) in going_on:
        left, spread = going_on.pop(len(row))
        if left > 1:
            going_on[len(row)] = (left - 1, spread)
        row.append(Cell("", goes_on=True, spread=spread))


def _span(cell: etree._Element, name: str) -> int:
    value = str(cell.get(name) or "1").strip()
    return min(max(int(value[:4]), 1), _WIDEST_SPAN) if value.isascii() and value.isdigit() else 1
