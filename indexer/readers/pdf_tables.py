"""Tables of a PDF, where lines in columns show them: at least three rows, one line a row."""

from __future__ import annotations

from collections.abc import Sequence

from indexer.readers.pdf_lines import PageLine, Segment
from indexer.readers.tables import Cell

_FEWEST_ROWS = 3
_LONGEST_CELL = 40


def table_at(page: Sequence[PageLine], start: int) -> list[list[Cell]]:
    """Return the rows of the table that begins at a line, or [] if none does.

    The first line's parts are the columns. A line goes on with the table while each of its parts stands
    under (or over) one column of its own; a line that does not, such as a cell's second line, ends it. What
    is not plainly a table stays lines, with its wide gaps.
    """
    columns = page[start].segments
    if len(columns) < 2 or not _is_row(page[start]):
        return []
    rows: list[list[Cell]] = []
    for line in page[start:]:
        row = _row(line, columns) if _is_row(line) else []
        if not row:
            break
        rows.append(row)
    return rows if len(rows) >= _FEWEST_ROWS else []


def _is_row(line: PageLine) -> bool:
    return len(line.segments) > 1 and all(len(segment.text) <= _LONGEST_CELL for segment in line.segments)


def _row(line: PageLine, columns: Sequence[Segment]) -> list[Cell]:
    """Return a line's parts by column, or [] where one stands under no column or under several."""
    cells = [""] * len(columns)
    for segment in line.segments:
        under = [number for number, column in enumerate(columns) if _overlap(segment, column)]
        if len(under) != 1 or cells[under[0]]:
            return []
        cells[under[0]] = segment.text
    return [Cell(text) for text in cells]


def _overlap(segment: Segment, column: Segment) -> bool:
    return segment.left < column.right and column.left < segment.right
