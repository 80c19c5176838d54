"""Word documents: order, headings, counters, tables, headers and footers."""

import io
import zipfile

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from indexer.errors import UnreadableDocument
from indexer.readers import read
from indexer.readers.word_numbering import _written
from indexer.records import Document, RawDocument


def read_docx(content: bytes) -> Document:
    return read(RawDocument("a", ".docx", content, "a.docx"))


def saved(document: object) -> bytes:
    target = io.BytesIO()
    document.save(target)  # type: ignore[attr-defined]
    return target.getvalue()


def shown(document: Document) -> list[str]:
    return [document.text[block.start : block.end] for block in document.blocks]


def test_a_letter(letter_docx: bytes) -> None:
    document = read_docx(letter_docx)
    assert shown(document) == [
        "关于建议的答复",
        "一、基本情况",
        "经费 1257.96 万元。",
        "1. 甲",
        "2. 乙",
        "丙",
        "年份；项目；金额（万元）",
        "年份：2025；项目：甲；金额（万元）：120",
        "年份：2024；金额（万元）：90",
        "改前插入",
        "控件内",
        "申报单位；泉州公司",
        "联系人；张三",
        "类别；金额 预算；金额 支出",
        "类别：工业；金额 预算：1；金额 支出：2",
        "类别：工业；金额 预算：3；金额 支出：4",
    ]
    assert [block.level for block in document.blocks[:3]] == [1, 1, None]
    assert document.running_lines == ("泉州市科学技术局文件", "内部资料")


def test_chinese_counters_that_word_puts_by_itself() -> None:
    document = docx.Document()
    numbering = document.part.numbering_part.element
    levels = "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/>'
        f'<w:lvlText w:val="{pattern}"/></w:lvl>'
        for depth, pattern in enumerate(("%1、", "（%2）"))
    )
    numbering.insert(
        0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="90">{levels}</w:abstractNum>')
    )
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="90"><w:abstractNumId w:val="90"/></w:num>'))
    for text, depth in (("情况", 0), ("研发", 1), ("平台", 1), ("计划", 0), ("支持", 1)):
        properties = document.add_paragraph(text)._p.get_or_add_pPr()
        number = f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{depth}"/><w:numId w:val="90"/></w:numPr>'
        properties.append(parse_xml(number))
    assert shown(read_docx(saved(document))) == [
        "一、情况",
        "（一）研发",
        "（二）平台",
        "二、计划",
        "（一）支持",
    ]


@pytest.mark.parametrize(
    ("count", "style", "written"),
    [
        (10, "chineseCounting", "十"),
        (21, "chineseCounting", "二十一"),
        (110, "chineseCounting", "一一〇"),
        (27, "lowerLetter", "aa"),
        (4, "upperRoman", "IV"),
        (3, "decimalEnclosedCircle", "③"),
        (7, "somethingNew", "7"),
    ],
)
def test_counters(count: int, style: str, written: str) -> None:
    assert _written(count, style) == written


def test_notes_and_text_boxes_are_not_lost() -> None:
    document = docx.Document()
    box = (
        f'<w:r {nsdecls("w")} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        "<mc:AlternateContent><mc:Choice Requires='wps'><w:txbxContent><w:p><w:r><w:t>框内</w:t></w:r></w:p>"
        "</w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent><w:p><w:r><w:t>框内</w:t></w:r></w:p>"
        "</w:txbxContent></mc:Fallback></mc:AlternateContent></w:r>"
    )
    document.add_paragraph("框外")._p.append(parse_xml(box))
    assert shown(read_docx(saved(document))) == ["框外", "框内"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "not a whole .docx file"),
        (b"PK\x03\x04 broken", "not a whole .docx file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old .doc file or locked by a password"),
        (b"%PDF-1.4", "not a whole .docx file"),
    ],
)
def test_what_is_no_docx(content: bytes, says: str) -> None:
    with pytest.raises(UnreadableDocument) as caught:
        read_docx(content)
    assert says in str(caught.value)
    assert "a.docx" in str(caught.value)


def test_another_zip_and_an_empty_document() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("a.txt", "x")
    with pytest.raises(UnreadableDocument, match="not a whole"):
        read_docx(target.getvalue())
    with pytest.raises(UnreadableDocument, match="holds no text"):
        read_docx(saved(docx.Document()))
