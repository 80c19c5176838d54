"""Web pages: charset, the site around the text, blocks, tables."""

from collections.abc import Callable

import pytest

from indexer.errors import UnreadableDocument
from indexer.readers import read
from indexer.records import Document, RawDocument


def read_page(content: bytes | str) -> Document:
    source = content.encode() if isinstance(content, str) else content
    return read(RawDocument("a", ".html", source, "a.html"))


def shown(document: Document) -> list[str]:
    return [document.text[block.start : block.end] for block in document.blocks]


EXPECTED = [
    "关于科技创新券的通知",
    "各县（市、区）科技局：",
    "现将有关事项通知如下，经费 1257.96 万元，R&D：",
    "一是甲",
    "子项",
    "续",
    "行一",
    "行二",
    "表1 经费",
    "年份；金额（万元） 预算；金额（万元） 支出",
    "年份：2025；金额（万元） 预算：120；金额（万元） 支出：100",
    "年份：2025；金额（万元） 预算：5；金额（万元） 支出：6",
    "年份：合计；金额（万元） 支出：106",
    "联系",
    "电话",
    "右栏",
]


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [
        ("utf-8", "utf-8"),
        ("gb2312", "gb18030"),
        ("utf-8", "utf-8-sig"),
        ("gbk", "utf-8"),
        ("utf-8", "utf-16"),
    ],
)
def test_a_page_is_its_text(make_html: Callable[..., bytes], charset: str, encoding: str) -> None:
    document = read_page(make_html(charset, encoding))
    assert shown(document) == EXPECTED
    levels = [(block.kind, block.level) for block in document.blocks if block.kind == "heading"]
    assert levels == [("heading", 1), ("heading", 2)]
    assert document.given.title == "关于科技创新券的通知"
    assert document.given.source == "https://a.gov.cn/1.html"


def test_a_page_that_is_not_the_charset_it_claims(make_html: Callable[..., bytes]) -> None:
    with pytest.raises(UnreadableDocument, match="not the encoding it claims: UTF-8 by its own declaration"):
        read_page(make_html("utf-8", "gb18030"))


def test_the_title_of_a_page_without_headings_loses_the_site() -> None:
    page = "<title>{}</title><p>正文</p>"
    assert read_page(page.format("泉州市科技局-关于科技创新券的通知")).given.title == "关于科技创新券的通知"
    assert read_page(page.format("Green-factory notice | GOV")).given.title == "Green-factory notice"
    assert read_page("<title>x</title><h1>标题</h1>").given.title is None


def test_a_page_whose_text_is_all_in_the_site_is_read_whole() -> None:
    assert shown(read_page("<body><div class='nav'>唯一<b>正文</b></div>")) == ["唯一正文"]


def test_a_table_without_marked_header() -> None:
    rows = "<tr><td>名称<td>金额<td>说明</tr><tr><td>甲<td>1<td></tr>"
    assert shown(read_page(f"<table>{rows}</table>")) == ["名称；金额；说明", "名称：甲；金额：1"]
    english = "<tr><th>Item<th>Paid</tr><tr><td>Vouchers<td>63.2</tr>"
    assert shown(read_page(f"<table>{english}</table>"))[1] == "Item: Vouchers; Paid: 63.2"


@pytest.mark.parametrize(
    "page", ["<html></html>", "<script>x</script>", "<!-- -->", "<p>&nbsp;</p>", "\u200b<p>"]
)
def test_a_page_without_text(page: str) -> None:
    with pytest.raises(UnreadableDocument, match="holds no"):
        read_page(page)


def test_pages_that_would_exhaust_a_parser() -> None:
    assert shown(read_page("<div>" * 2000 + "底" + "</div>" * 2000)) == ["底"]
    with pytest.raises(UnreadableDocument, match="cannot be parsed beyond line 1"):
        read_page("<p>一</p>" + "<div>" * 50_000 + "底" + "</div>" * 50_000)
    assert len(shown(read_page("<p>" + "长" * 11_000_000))[0]) == 11_000_000
    spans = "<table>" + '<tr><td colspan="9999999" rowspan="99999">甲</td><td>乙</td></tr>' * 20 + "</table>"
    assert "甲" in read_page(spans).text
