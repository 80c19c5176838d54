"""PDF with a text layer: lines by page, with the indents and gaps that part its paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from contextlib import closing
from itertools import pairwise
from statistics import median

import pypdfium2

from indexer.errors import UnreadableDocument
from indexer.readers.composing import Composition
from indexer.readers.pdf_lines import PageLine, page_lines, unreadable_share, with_whole_words
from indexer.readers.pdf_tables import table_at
from indexer.readers.running_lines import running_places
from indexer.readers.translating import translated
from indexer.records import Document, RawDocument

_ADVICE = "Open it in a PDF viewer, save it again, and build again"
_OCR = "Run OCR over it, for instance `ocrmypdf -l chi_sim+eng IN.pdf OUT.pdf`, and build again"
_HEADER_WITHIN = 1024
_UNREADABLE = 0.3
_WIDEST_INDENT = 8
_PARAGRAPH_GAP = 1.4
_DIGITS = re.compile(r"\d+")

Page = list[PageLine]


class PdfReader:
    """Read `.pdf`. PDFium must not run in two threads at once; in two processes it may."""

    suffixes: tuple[str, ...] = (".pdf",)

    def read(self, raw: RawDocument) -> Document:
        """Return the document, blocks with their page, headers and footers listed as running lines.

        Raises UnreadableDocument for what is damaged, locked by a password, or without a text layer.
        """
        if b"%PDF-" not in raw.content[:_HEADER_WITHIN]:
            raise UnreadableDocument(f"{raw.name} is not a PDF: it does not begin with %PDF-. {_ADVICE}.")
        pages = _pages(raw)
        _check(pages, raw.name)
        pages = with_whole_words(pages)
        running = running_places(pages)
        composition = Composition()
        for number, page in enumerate(pages):
            kept = [line for place, line in enumerate(page) if (number, place) not in running]
            _add_page(kept, number + 1, composition)
        return composition.document(
            raw, running_lines=_once(pages[page][line].text for page, line in sorted(running))
        )


def _pages(raw: RawDocument) -> list[Page]:
    try:
        with (
            translated(raw.name, "a whole PDF", _ADVICE),
            closing(pypdfium2.PdfDocument(raw.content)) as file,
        ):
            pages: list[Page] = []
            for index in range(len(file)):
                with closing(file[index]) as page:
                    pages.append(page_lines(page))
            return pages
    except UnreadableDocument as error:
        if "password" in str(error.__cause__).lower():
            raise UnreadableDocument(
                f"{raw.name} is locked by a password. Expected a PDF that opens without one: save it so."
            ) from None
        raise


def _check(pages: Sequence[Page], name: str) -> None:
    if not pages:
        raise UnreadableDocument(f"{name} holds no text: it has no page. {_ADVICE}.")
    if not any(pages):
        raise UnreadableDocument(
            f"{name} is a scan: none of its {len(pages)} pages has a text layer. "
            f"Expected a PDF with text. {_OCR}."
        )
    if unreadable_share(pages) > _UNREADABLE:
        raise UnreadableDocument(
            f"{name} has a text layer that cannot be read: its fonts do not say which characters they show. "
            f"Expected a PDF with text. {_OCR}."
        )


def _once(lines: Iterable[str]) -> list[str]:
    """Return lines without those that differ in their digits alone: one page number for all."""
    first: dict[str, str] = {}
    for line in lines:
        first.setdefault(_DIGITS.sub("#", line), line)
    return list(first.values())


def _add_page(page: Page, number: int, composition: Composition) -> None:
    margin, pitch = _margin(page), _pitch(page)
    place = 0
    while place < len(page):
        if table := table_at(page, place):
            composition.add_table(table, page=number)
            place += len(table)
            continue
        line = page[place]
        if place and not 0 <= line.top - page[place - 1].top <= _PARAGRAPH_GAP * pitch:
            composition.add_gap()
        composition.add(line.text, page=number, indent=_indent(line, margin))
        place += 1


def _margin(page: Page) -> float:
    """Return where the lines begin that run on from the one before: left of them stands nothing."""
    return min((line.left for line in page), default=0.0)


def _pitch(page: Page) -> float:
    """Return the usual distance from a line to the next, as a share of the page's height."""
    steps = [after.top - line.top for line, after in pairwise(page)]
    return median([step for step in steps if step > 0] or [0.0])


def _indent(line: PageLine, margin: float) -> str:
    """Return the blanks that stand for a Chinese line's indent; English parts paragraphs by gaps."""
    columns = round((line.left - margin) / line.size)
    return "\u3000" * min(max(columns, 0), _WIDEST_INDENT) if line.text >= "\u2e80" else ""
