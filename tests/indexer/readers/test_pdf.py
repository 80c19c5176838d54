"""PDF: pages, running lines, indents and gaps, tables, and what has no text."""

from collections.abc import Callable

import pytest
from reportlab.pdfgen.canvas import Canvas

from indexer.errors import UnreadableDocument
from indexer.readers import read
from indexer.records import Document, RawDocument

MakePdf = Callable[..., bytes]


def read_pdf(content: bytes) -> Document:
    return read(RawDocument("a", ".pdf", content, "a.pdf"))


def shown(document: Document) -> list[str]:
    return [document.text[block.start : block.end] for block in document.blocks]


def write(canvas: Canvas, *lines: tuple[float, float, str]) -> None:
    for x, y, text in lines:
        canvas.drawString(x, y, text)


def test_pages_are_kept_and_running_lines_listed(letter_pdf: bytes) -> None:
    document = read_pdf(letter_pdf)
    assert document.running_lines == ("泉州市科学技术局文件", "— 1 —")
    assert [block.page for block in document.blocks] == [1, 1, 2, 2, 3, 3]
    assert shown(document)[2] == "第2段从这里开始，经费 1257.96 万元，泉科函〔2026〕"
    assert "\n　　第2段" in document.text
    assert "文件" not in document.text


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_turned_pages_read_as_they_are_shown(make_pdf: MakePdf, turned: int) -> None:
    def draw(canvas: Canvas, number: int) -> None:
        wide, high = (842, 595) if turned in (90, 270) else (595, 842)
        for x, y, text in [
            (72, 802, "页眉"),
            (100, 400, f"正文{number * 7 % 5}，从这里"),
            (72, 380, "到此为止。"),
        ]:
            across = {0: (x, y), 90: (wide - y, x), 180: (wide - x, high - y), 270: (y, high - x)}[turned]
            canvas.saveState()
            canvas.translate(*across)
            canvas.rotate(turned)
            canvas.drawString(0, 0, text)
            canvas.restoreState()

    document = read_pdf(make_pdf(draw, 4, rotated=turned))
    assert document.running_lines == ("页眉",)
    assert "　　正文2，从这里\n到此为止。" in document.text


def test_figures_of_a_table_that_goes_on_are_no_page_numbers(make_pdf: MakePdf) -> None:
    pdf = make_pdf(
        lambda canvas, number: write(canvas, (72, 400, f"正文{number}"), (72, 50, f"{number * number * 31}")),
        4,
    )
    assert read_pdf(pdf).running_lines == ()
    assert "496" in read_pdf(pdf).text


def test_one_page_with_its_number(make_pdf: MakePdf) -> None:
    pdf = make_pdf(lambda canvas, number: write(canvas, (72, 400, "正文 2026"), (280, 30, "第 1 页 共 1 页")))
    assert shown(read_pdf(pdf)) == ["正文 2026"]
    assert read_pdf(pdf).running_lines == ("第 1 页 共 1 页",)


def test_a_wide_space_between_lines_is_a_gap(make_pdf: MakePdf) -> None:
    lines = [(72.0, 700.0 - y, f"line {y} of text") for y in (0, 16, 32, 70, 86)]
    assert read_pdf(make_pdf(lambda canvas, number: write(canvas, *lines))).text.count("\n\n") == 1


def test_a_hyphenated_word_is_mended_where_the_document_knows_it(make_pdf: MakePdf) -> None:
    lines = [
        (72.0, 700.0, "Each applicant gives an exam-"),
        (72.0, 684.0, "ple, and one example is long-"),
        (72.0, 668.0, "term."),
    ]
    text = read_pdf(make_pdf(lambda canvas, number: write(canvas, *lines))).text
    assert text == "Each applicant gives an example,\nand one example is long-\nterm."


def test_a_table_of_lines_in_columns(make_pdf: MakePdf) -> None:
    cells = [("年份", "项目", "金额（万元）"), ("2025", "甲", "120"), ("2024", "乙", "90.5")]
    lines = [
        (72.0 + 140 * c, 600.0 - 20 * r, text) for r, row in enumerate(cells) for c, text in enumerate(row)
    ]
    pdf = make_pdf(lambda canvas, number: write(canvas, (72, 640, "经费如下："), *lines, (72, 500, "以上。")))
    assert shown(read_pdf(pdf)) == [
        "经费如下：",
        "年份；项目；金额（万元）",
        "年份：2025；项目：甲；金额（万元）：120",
        "年份：2024；项目：乙；金额（万元）：90.5",
        "以上。",
    ]


def test_two_lines_in_columns_stay_lines(make_pdf: MakePdf) -> None:
    lines = [(72, 600, "联系人：张三"), (300, 600, "电话：0595"), (72, 580, "完")]
    assert shown(read_pdf(make_pdf(lambda canvas, number: write(canvas, *lines)))) == [
        "联系人：张三  电话：0595",
        "完",
    ]


def test_characters_beyond_the_first_plane(make_pdf: MakePdf) -> None:
    assert shown(read_pdf(make_pdf(lambda canvas, number: write(canvas, (72, 600, "𠮷野 𠮷"))))) == [
        "𠮷野 𠮷"
    ]


def test_a_scan_is_told_to_need_ocr(make_pdf: MakePdf) -> None:
    with pytest.raises(
        UnreadableDocument, match=r"a\.pdf is a scan: none of its 2 pages has a text layer.*OCR"
    ):
        read_pdf(make_pdf(lambda canvas, number: canvas.rect(10, 10, 500, 800, fill=1), 2))


def test_a_locked_pdf(make_pdf: MakePdf) -> None:
    with pytest.raises(UnreadableDocument, match="locked by a password"):
        read_pdf(make_pdf(lambda canvas, number: write(canvas, (72, 600, "密")), password="secret"))


@pytest.mark.parametrize("content", [b"", b"x" * 2000, b"%PDF-1.7\n", b"%PDF-1.7\n" + b"\x00" * 5000])
def test_a_broken_pdf(content: bytes) -> None:
    with pytest.raises(UnreadableDocument, match=r"a\.pdf is not a (whole )?PDF"):
        read_pdf(content)
