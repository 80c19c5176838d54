"""Word documents: headings, paragraphs and table rows in document order, notes after them.

Works on the XML below python-docx's paragraphs, which pass over what reviewers inserted and what stands in
content controls or text boxes. Deleted text stays deleted.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any, NamedTuple

import docx
from docx.opc.constants import RELATIONSHIP_TYPE as RELATED
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from indexer.errors import UnreadableDocument
from indexer.readers.composing import Composition
from indexer.readers.lines import one_line
from indexer.readers.tables import Cell
from indexer.readers.translating import translated
from indexer.readers.word_numbering import Numbering
from indexer.records import Document, RawDocument

_LARGEST_CONTENT = 1 << 30
_OLD_WORD = b"\xd0\xcf\x11\xe0"
_ADVICE = "Open it in Word or LibreOffice and save it again as .docx"
_HEADING_STYLE = re.compile(r"(?:heading|标题|標題)\s*([1-9])", re.I)
_TITLE_STYLE = re.compile(r"title|标题|標題|文档标题", re.I)
_SINGLE = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_PASSED_OVER = {_FALLBACK} | set(
    map(qn, ("w:del", "w:moveFrom", "w:pPr", "w:rPr", "w:sectPr", "w:txbxContent", "w:tbl", "w:p", "w:rt"))
)
_MOST_COLUMNS = 100


class _Parts(NamedTuple):
    """The XML of a file's parts; below here nothing of python-docx is used."""

    body: Any
    styles: Any
    numbering: Any | None
    notes: list[Any]
    running: list[Any]


class WordReader:
    """Read `.docx`."""

    suffixes: tuple[str, ...] = (".docx",)

    def read(self, raw: RawDocument) -> Document:
        """Return the document, page headers and footers listed as running lines.

        Raises UnreadableDocument for what is damaged, encrypted, an old .doc, or without text.
        """
        if raw.content.startswith(_OLD_WORD):
            raise UnreadableDocument(
                f"{raw.name} is an old .doc file or locked by a password. Expected a .docx file. "
                f"{_ADVICE}, without a password."
            )
        with translated(raw.name, "a whole .docx file", _ADVICE):
            _check_size(raw)
            parts = _parts(docx.Document(io.BytesIO(raw.content)))
        running = [one_line(_text(each)) for root in parts.running for each in root.iter(qn("w:p"))]
        return _Body(parts).compose().document(raw, running_lines=[line for line in running if line])


def _check_size(raw: RawDocument) -> None:
    with zipfile.ZipFile(io.BytesIO(raw.content)) as archive:
        size = sum(entry.file_size for entry in archive.infolist())
    if size > _LARGEST_CONTENT:
        raise UnreadableDocument(
            f"{raw.name} unpacks to {size:,} bytes. Expected at most {_LARGEST_CONTENT:,}: split it."
        )


def _parts(document: Any) -> _Parts:
    """Return the parsed parts; raises whatever python-docx and lxml raise for damaged ones."""

    def roots(*kinds: str) -> list[Any]:
        relations = [each for kind in kinds for each in document.part.rels.values() if each.reltype == kind]
        return [parse_xml(each.target_part.blob) for each in relations if not each.is_external]

    return _Parts(
        body=document.element.body,
        styles=document.styles.element,
        numbering=next(iter(roots(RELATED.NUMBERING)), None),
        notes=roots(RELATED.FOOTNOTES, RELATED.ENDNOTES),
        running=roots(RELATED.HEADER, RELATED.FOOTER),
    )


class _Body:
    """The body of one document on its way into a composition."""

    def __init__(self, parts: _Parts) -> None:
        self._parts = parts
        self._composition = Composition()
        self._levels = _style_levels(parts.styles)
        self._numbering = Numbering(parts.numbering, parts.styles)

    def compose(self) -> Composition:
        """Return the blocks of the body and of its notes."""
        for root in (self._parts.body, *self._parts.notes):
            self._add_all(root)
        return self._composition

    def _add_all(self, container: Any) -> None:
        for element in _blocks(container):
            if element.tag == qn("w:tbl"):
                self._add_table(element)
            else:
                self._add_paragraph(element)

    def _add_paragraph(self, paragraph: Any) -> None:
        level = self._level(paragraph)
        label, text = self._numbering.label(paragraph), _text(paragraph)
        if not text.strip():
            return
        text = label + text
        self._composition.add_gap()
        if level:
            self._composition.add(one_line(text), "heading", level)
        for line in [] if level else text.split("\n"):
            self._composition.add(one_line(line))

    def _level(self, paragraph: Any) -> int | None:
        outline = paragraph.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
        if outline is not None:
            return _outline_level(outline)
        style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        return self._levels.get(style.get(qn("w:val"))) if style is not None else None

    def _add_table(self, table: Any) -> None:
        rows = [
            row for row in table.iterdescendants(qn("w:tr")) if next(row.iterancestors(qn("w:tbl"))) is table
        ]
        marked = 0
        while marked < len(rows) and _is_header(rows[marked]):
            marked += 1
        self._composition.add_table([_cells(row) for row in rows], marked)


def _style_levels(root: Any) -> dict[str, int]:
    """Return by style id which heading level its paragraphs have."""
    styles = {each.get(qn("w:styleId"), ""): each for each in root.iter(qn("w:style"))}
    return {name: level for name in styles if (level := _style_level(name, styles))}


def _style_level(name: str, styles: dict[str, Any]) -> int | None:
    """Return a style's level by its outline level or its name, its own or one it is based on."""
    seen: set[str] = set()
    while name in styles and name not in seen:
        seen.add(name)
        style = styles[name]
        outline = style.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
        if outline is not None:
            return _outline_level(outline)
        called = style.find(qn("w:name"))
        title = called.get(qn("w:val"), "") if called is not None else ""
        if match := _HEADING_STYLE.fullmatch(title):
            return int(match.group(1))
        if _TITLE_STYLE.fullmatch(title):
            return 1
        based_on = style.find(qn("w:basedOn"))
        name = based_on.get(qn("w:val"), "") if based_on is not None else ""
    return None


def _outline_level(outline: Any) -> int | None:
    """Return the heading level of an outline level, which counts from 0; its tenth means plain text."""
    value = outline.get(qn("w:val"), "")
    return int(value) + 1 if value.isascii() and value.isdigit() and int(value[:3]) < 9 else None


def _blocks(container: Any) -> Iterator[Any]:
    """Yield paragraphs and tables in order, also those in content controls, insertions and text boxes."""
    for element in container.iterchildren():
        if element.tag == qn("w:tbl"):
            yield element
        elif element.tag == qn("w:p"):
            yield element
            yield from _in_text_boxes(element)
        elif element.tag not in _PASSED_OVER:
            yield from _blocks(element)


def _in_text_boxes(paragraph: Any) -> Iterator[Any]:
    for box in paragraph.iter(qn("w:txbxContent")):
        if not _is_fallback(box):
            yield from (each for each in box.iterchildren() if each.tag in (qn("w:p"), qn("w:tbl")))


def _paragraphs(cell: Any) -> Iterator[Any]:
    yield from (each for each in cell.iter(qn("w:p")) if not _is_fallback(each))


def _is_fallback(element: Any) -> bool:
    """Say whether this is the second copy of a text box, for programs from before 2010."""
    return next(element.iterancestors(_FALLBACK), None) is not None


def _text(paragraph: Any) -> str:
    """Return a paragraph's text as it reads with all changes accepted."""
    pieces: list[str] = []
    rest = list(reversed(paragraph))
    while rest:
        element = rest.pop()
        if element.tag in (qn("w:t"), _MATH_TEXT):
            pieces.append(element.text or "")
        elif element.tag in _SINGLE:
            pieces.append(_SINGLE[element.tag])
        elif element.tag not in _PASSED_OVER:
            rest.extend(reversed(element))
    return "".join(pieces)


def _is_header(row: Any) -> bool:
    mark = row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}")
    return mark is not None and mark.get(qn("w:val"), "true") not in ("0", "false", "off")


def _cells(row: Any) -> list[Cell]:
    """Return a row's cells, those in content controls too, from the first column on."""
    before = row.find(f"{qn('w:trPr')}/{qn('w:gridBefore')}")
    cells = [Cell("")] * (_number(before) if before is not None else 0)
    for element in row.iterdescendants(qn("w:tc")):
        if next(element.iterancestors(qn("w:tr"))) is row:
            cells += _spread(element)
    return cells


def _spread(cell: Any) -> Iterator[Cell]:
    """Yield the columns of a cell: its text in the first, and whether it goes on with the cell above."""
    merge = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
    goes_on = merge is not None and merge.get(qn("w:val"), "continue") == "continue"
    text = " ".join(filter(None, (one_line(_text(each)) for each in _paragraphs(cell))))
    yield Cell(text, goes_on)
    width = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
    for _ in range((_number(width) if width is not None else 1) - 1):
        yield Cell("", goes_on, spread=True)


def _number(element: Any) -> int:
    value = element.get(qn("w:val"), "")
    return min(int(value[:4]), _MOST_COLUMNS) if value.isascii() and value.isdigit() else 1
