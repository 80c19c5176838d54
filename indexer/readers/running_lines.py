"""Tell running headers, footers and page numbers from the text of the pages."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from statistics import median
from typing import NamedTuple

from indexer.readers.pdf_lines import PageLine

# Official letters leave 37 mm of 297 at the top: the text's own first line begins below this.
_MARGIN = 0.12
_OUTERMOST = 3
_SAME_PLACE = 0.02
# Headers may alternate between left and right pages, and a cover has none.
_SHARE_OF_PAGES = 0.4
_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"[-—–―·•\s]*(\d{1,4})[-—–―·•\s]*|第\s*(\d{1,4})\s*页(?:\s*[,，/]?\s*共\s*\d{1,4}\s*页)?"
    r"|[Pp]age\s*(\d{1,4})(?:\s*(?:of|/)\s*\d{1,4})?|(\d{1,4})\s*/\s*\d{1,4}"
)


class _Candidate(NamedTuple):
    page: int
    line: int
    top: float
    numbers: tuple[int, ...]


def running_places(pages: Sequence[Sequence[PageLine]]) -> set[tuple[int, int]]:
    """Return (page, line), both from 0, of each line that belongs to the page and not to the text.

    Such a line stands near the top or bottom at the same place on many pages, and is the same on them but
    for numbers that count the pages: figures of a table that goes on are no page numbers.
    """
    groups: defaultdict[str, list[_Candidate]] = defaultdict(list)
    found: set[tuple[int, int]] = set()
    for number, page in enumerate(pages):
        for line in _outermost(page):
            text = page[line].text
            numbers = tuple(int(digits[:9]) for digits in _DIGITS.findall(text))
            groups[_DIGITS.sub("#", "".join(text.split()))].append(
                _Candidate(number, line, page[line].top, numbers)
            )
            if _is_own_page_number(text, number + 1):
                found.add((number, line))
    for group in groups.values():
        found.update(_repeated(group, len(pages)))
    return found


def _outermost(page: Sequence[PageLine]) -> Iterator[int]:
    """Yield the lines in the margins, at most three from the top and three from the bottom."""
    order = sorted(range(len(page)), key=lambda line: page[line].top)
    yield from (line for line in order[:_OUTERMOST] if page[line].top < _MARGIN)
    yield from (line for line in order[-_OUTERMOST:] if page[line].top > 1 - _MARGIN)


def _is_own_page_number(text: str, page: int) -> bool:
    match = _PAGE_NUMBER.fullmatch(text.strip())
    return bool(match) and str(page) in (match.groups() if match else ())


def _repeated(group: Sequence[_Candidate], pages: int) -> Iterator[tuple[int, int]]:
    for edge in (True, False):
        side = [each for each in group if (each.top < 0.5) == edge]
        if not side:
            continue
        middle = median(each.top for each in side)
        same = [each for each in side if abs(each.top - middle) <= _SAME_PLACE]
        enough = max(2 if pages < 5 else 3, _SHARE_OF_PAGES * pages)
        if len({each.page for each in same}) >= enough and _count_pages(same):
            yield from ((each.page, each.line) for each in same)


def _count_pages(group: Sequence[_Candidate]) -> bool:
    """Say whether each number in a line is the same on all pages, or grows as the pages do."""
    return all(
        len(set(column)) == 1
        or len({value - each.page for value, each in zip(column, group, strict=True)}) == 1
        for column in zip(*(each.numbers for each in group), strict=True)
    )
