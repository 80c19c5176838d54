"""The lines of a PDF page, with where they stand: characters and their boxes as PDFium gives them."""

from __future__ import annotations

import array
import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Any, NamedTuple

from pypdfium2 import raw as pdfium

HYPHEN = "\x02"
"""What PDFium gives for a hyphen at a line's end, the line break swallowed."""

_LINE_END = frozenset((0x0A, 0x0D))
_NO_CHARACTER = frozenset((0, 0xFFFE, 0xFFFF))
_WIDE_GAP = 1.5
_WORD = re.compile(r"[A-Za-z]+")
_LAST_WORD = re.compile(rf"([A-Za-z]+){HYPHEN}$")
_FIRST_WORD = re.compile(r"([A-Za-z]+)[.,;:)]*(?:\s+|$)")


class Segment(NamedTuple):
    """A part of a line without a wide gap in it, from `left` to `right` in points."""

    text: str
    left: float
    right: float


class PageLine(NamedTuple):
    """A line of a page as it is shown; `top` is its distance from the page's top as a share of its height.

    `size` is the height of its letters in points. Both are of the line's first letter.
    """

    segments: tuple[Segment, ...]
    top: float
    size: float

    @property
    def text(self) -> str:
        """The line's text, two blanks at a wide gap; letters set wide apart stay one word's."""
        apart = " " if all(len(segment.text) == 1 for segment in self.segments) else "  "
        return apart.join(segment.text for segment in self.segments)

    def with_text(self, text: str) -> PageLine:
        """Return the line with other text at its place."""
        return self._replace(segments=(Segment(text, self.left, self.right),) if text else ())

    @property
    def left(self) -> float:
        """Where the line begins, in points."""
        return self.segments[0].left

    @property
    def right(self) -> float:
        """Where the line ends, in points."""
        return self.segments[-1].right


def page_lines(page: Any) -> list[PageLine]:
    """Return the lines of a page in the order of its content."""
    with closing(page.get_textpage()) as text_page:
        letters = _Letters(page, text_page)
        runs = (part for run in _runs(letters.units) for part in _level_runs(letters, *run))
        return [line for start, end in runs if (line := _line(letters, start, end)) is not None]


def unreadable_share(pages: Sequence[Sequence[PageLine]]) -> float:
    """Return which share of the letters stands for no known character: private use or replacement."""
    text = "".join(line.text for page in pages for line in page)
    unknown = sum("\ue000" <= character <= "\uf8ff" or character == "\ufffd" for character in text)
    return unknown / len(text) if text else 0.0


def with_whole_words(pages: list[list[PageLine]]) -> list[list[PageLine]]:
    """Return the pages with words that were hyphenated at a line's end put together on it.

    A word is put together if the document has it in one piece elsewhere; other hyphens are kept, as in
    long-/term, which is broken where it has one anyway.
    """
    known = {word.lower() for page in pages for line in page for word in _WORD.findall(line.text)}
    return [_mended(page, known) for page in pages]


def _mended(page: list[PageLine], known: set[str]) -> list[PageLine]:
    mended: list[PageLine] = []
    lines = list(page)
    for number, line in enumerate(lines):
        before, after = _LAST_WORD.search(line.text), None
        if before and number + 1 < len(lines):
            after = _FIRST_WORD.match(lines[number + 1].text)
        if before and after and (before.group(1) + after.group(1)).lower() in known:
            lines[number + 1] = lines[number + 1].with_text(lines[number + 1].text[after.end() :])
            line = line.with_text(line.text[:-1] + after.group().rstrip())
        mended.append(line.with_text(line.text.replace(HYPHEN, "-")) if HYPHEN in line.text else line)
    return [line for line in mended if line.text]


class _Box(NamedTuple):
    left: float
    bottom: float
    right: float
    top: float


class _Letters:
    """A page's characters as UTF-16 units, with their boxes on the page as it is shown."""

    def __init__(self, page: Any, text_page: Any) -> None:
        self._text_page = text_page
        self._crop = _Box(*page.get_cropbox())
        self._turned = page.get_rotation()
        self.units = [
            pdfium.FPDFText_GetUnicode(text_page, index) for index in range(text_page.count_chars())
        ]

    @property
    def height(self) -> float:
        """The height of the page as it is shown, in points."""
        crop = self._crop
        return (crop.right - crop.left if self._turned in (90, 270) else crop.top - crop.bottom) or 1.0

    def box(self, index: int, loose: bool = False) -> _Box:
        """Return a character's box (loose: with the whole height of its font), turned as the page is."""
        box, crop = _Box(*self._text_page.get_charbox(index, loose=loose)), self._crop
        if self._turned == 90:
            return _Box(
                box.bottom - crop.bottom, crop.right - box.right, box.top - crop.bottom, crop.right - box.left
            )
        if self._turned == 180:
            return _Box(
                crop.right - box.right, crop.top - box.top, crop.right - box.left, crop.top - box.bottom
            )
        if self._turned == 270:
            return _Box(
                crop.top - box.top, box.left - crop.left, crop.top - box.bottom, box.right - crop.left
            )
        return _Box(
            box.left - crop.left, box.bottom - crop.bottom, box.right - crop.left, box.top - crop.bottom
        )


def _runs(units: list[int]) -> Iterator[tuple[int, int]]:
    """Yield the ranges of units between line ends; a swallowed one belongs to the line before."""
    start = 0
    for index, unit in enumerate(units):
        if unit in _LINE_END or unit == ord(HYPHEN):
            yield start, index + (unit == ord(HYPHEN))
            start = index + 1
    yield start, len(units)


def _level_runs(letters: _Letters, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield a run cut where it goes on at another height, which PDFium takes for the same line at times."""
    blank = [_is_blank(unit) for unit in letters.units[start:end]]
    first = start
    for index in range(first + 1, end - 1):
        if blank[index - first] and not blank[index - first - 1] and not blank[index - first + 1]:
            before, after = letters.box(index - 1, loose=True), letters.box(index + 1, loose=True)
            if after.top <= before.bottom or before.top <= after.bottom:
                yield start, index
                start = index + 1
    yield start, end


def _line(letters: _Letters, start: int, end: int) -> PageLine | None:
    while start < end and _is_blank(letters.units[start]):
        start += 1
    while start < end and _is_blank(letters.units[end - 1]):
        end -= 1
    if start == end:
        return None
    box = letters.box(start, loose=True)
    size = max(box.top - box.bottom, 1.0)
    segments = tuple(_segments(letters, start, end, size))
    return PageLine(segments, 1 - box.bottom / letters.height, size) if segments else None


def _is_blank(unit: int) -> bool:
    return unit in _NO_CHARACTER or chr(unit).isspace()


def _segments(letters: _Letters, start: int, end: int, size: float) -> Iterator[Segment]:
    """Yield the parts of a line between gaps wider than a letter and a half."""
    begin, index = start, start
    while index < end:
        after = index
        while after < end and _is_blank(letters.units[after]):
            after += 1
        if after > index and _gap(letters, index, after) > _WIDE_GAP * size:
            yield from _segment(letters, begin, index)
            begin = after
        index = max(after, index + 1)
    yield from _segment(letters, begin, end)


def _gap(letters: _Letters, blank: int, after: int) -> float:
    return letters.box(after).left - letters.box(blank - 1).right


def _segment(letters: _Letters, start: int, end: int) -> Iterator[Segment]:
    text = re.sub(" +", " ", _text(letters.units[start:end]).strip())
    if text:
        yield Segment(text, letters.box(start).left, letters.box(end - 1).right)


def _text(units: list[int]) -> str:
    """Return UTF-16 units as text; a half of a pair alone is no character."""
    kept = [unit for unit in units if unit not in _NO_CHARACTER]
    if any(unit > 0xFFFF for unit in kept):
        return "".join(map(chr, kept))
    packed = array.array("H", kept).tobytes()
    return packed.decode("utf-16-le" if array.array("H", [1]).tobytes()[0] else "utf-16-be", errors="ignore")
