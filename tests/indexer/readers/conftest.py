"""Real files made with real libraries, once a run."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

Draw = Callable[[Canvas, int], None]
MakePdf = Callable[..., bytes]

HTML = """<!DOCTYPE html><html><head><meta charset="{charset}"><title>通知-泉州市科学技术局</title>
<meta name="ArticleTitle" content="关于科技创新券的通知"><link rel="canonical" href="https://a.gov.cn/1.html">
<style>p {{ color: red }}</style></head><body>
<header><a href="/">站名</a></header><nav>首页</nav><div class="breadcrumb">位置</div><div hidden>藏</div>
<form><article><header><h1>关于科技创新券<br>的通知</h1></header>
<p>　　各县（市、区）<b>科技</b><script>x()</script>局：<br>　　现将有关
  事项通知如下，经费 1257.96&nbsp;万元，R&amp;D：</p><!-- 注 -->
<ol><li>一是甲<ul><li>子项</li></ul>续</li></ol><pre>行一
行二</pre>
<table><caption>表1 经费</caption>
<thead><tr><th rowspan="2">年份</th><th colspan="2">金额（万元）</th></tr>
<tr><th>预算</th><th>支出</th></tr></thead>
<tfoot><tr><td colspan="2">合计</td><td>106</td></tr></tfoot>
<tbody><tr><td rowspan="2">2025</td><td>120</td><td>100</td></tr><tr><td>5</td><td>6</td></tr></tbody></table>
<table><tr><td><h2>联系</h2><p>电话</p></td><td>右栏</td></tr></table>
</article></form><footer>版权所有</footer></body></html>"""


@pytest.fixture(scope="session")
def make_html() -> Callable[..., bytes]:
    def make(charset: str = "utf-8", encoding: str | None = None) -> bytes:
        return HTML.format(charset=charset).encode(encoding or charset)

    return make


@pytest.fixture(scope="session")
def make_pdf() -> MakePdf:
    def make(draw: Draw, pages: int = 1, password: str | None = None, rotated: int = 0) -> bytes:
        pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
        target = io.BytesIO()
        encryption = StandardEncryption(password) if password else None
        canvas = Canvas(target, pagesize=(595, 842), encrypt=encryption, invariant=1)
        for number in range(1, pages + 1):
            canvas.setPageRotation(rotated)
            canvas.setFont("STSong-Light", 14)
            draw(canvas, number)
            canvas.showPage()
        canvas.save()
        return target.getvalue()

    return make


@pytest.fixture(scope="session")
def letter_pdf(make_pdf: MakePdf) -> bytes:
    def draw(canvas: Canvas, number: int) -> None:
        canvas.drawString(200, 800, "泉州市科学技术局文件")
        canvas.drawString(270, 30, f"— {number} —")
        for row, text in enumerate(
            [f"第{number}段从这里开始，经费 1257.96 万元，泉科函〔2026〕", "102号，到此为止。"]
        ):
            canvas.drawString(100 if row == 0 else 72, 700 - 22 * row, text)

    return make_pdf(draw, pages=3)


def fill(table: object, rows: Sequence[Sequence[str]]) -> None:
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            table.cell(number, column).text = text  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def letter_docx() -> bytes:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "泉州市科学技术局文件"
    document.sections[0].footer.paragraphs[0].text = "内部资料"
    document.add_heading("关于建议的答复", 0)
    document.add_heading("一、基本情况", 1)
    document.add_paragraph("经费 1257.96 万元。").add_run().add_break()
    for style, text in (("List Number", "甲"), ("List Number", "乙"), ("List Bullet", "丙")):
        document.add_paragraph(text, style=style)
    fill(
        document.add_table(3, 3),
        [["年份", "项目", "金额（万元）"], ["2025", "甲", "120"], ["2024", "", "90"]],
    )
    changed = document.add_paragraph("改前")
    changed._p.append(parse_xml(f"<w:ins {nsdecls('w')} w:id='1'><w:r><w:t>插入</w:t></w:r></w:ins>"))
    changed._p.append(
        parse_xml(f"<w:del {nsdecls('w')} w:id='2'><w:r><w:delText>删去</w:delText></w:r></w:del>")
    )
    control = (
        f"<w:sdt {nsdecls('w')}><w:sdtContent><w:p><w:r><w:t>控件内</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    )
    document.element.body.insert(-1, parse_xml(control))
    fill(document.add_table(2, 2), [["申报单位", "泉州公司"], ["联系人", "张三"]])
    merged = document.add_table(4, 3)
    fill(merged, [["类别", "金额", ""], ["", "预算", "支出"], ["工业", "1", "2"], ["", "3", "4"]])
    merged.cell(0, 0).merge(merged.cell(1, 0))
    merged.cell(0, 1).merge(merged.cell(0, 2))
    merged.cell(2, 0).merge(merged.cell(3, 0))
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()
