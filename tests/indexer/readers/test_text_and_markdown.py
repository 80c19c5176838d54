"""Plain text and Markdown: every line a block, markup outside of the spans."""

import re

from hypothesis import given
from hypothesis import strategies as st

from indexer.readers import read
from indexer.records import Block, Document, RawDocument


def read_text(text: str, suffix: str = ".md") -> Document:
    return read(RawDocument("a", suffix, text.encode(), f"a{suffix}"))


def shown(document: Document) -> list[str]:
    return [document.text[block.start : block.end] for block in document.blocks]


def test_a_text_line_is_a_block_without_the_blanks_around_it() -> None:
    document = read_text("　　第一段 \r\n\r\n\t第二段\n", ".TXT")
    assert shown(document) == ["第一段", "第二段"]
    assert document.text == "　　第一段 \n\n\t第二段\n"


def test_marked_headings_of_a_text_file() -> None:
    document = read_text("# 泉州市科学技术局\n### 一、基本情况\n#1 不是\n####### 也不是\n", ".txt")
    assert [(block.kind, block.level) for block in document.blocks] == [
        ("heading", 1),
        ("heading", 3),
        ("text", None),
        ("text", None),
    ]
    assert shown(document)[:2] == ["泉州市科学技术局", "一、基本情况"]


def test_markdown_headings() -> None:
    document = read_text("## 一、情况 ##\n\n总标题\n===\n\n次标题\n---\n\n前一行\n后一行\n---\n#\n完\n")
    assert [(text, block.level) for text, block in zip(shown(document), document.blocks, strict=True)] == [
        ("一、情况", 2),
        ("总标题", 1),
        ("次标题", 2),
        ("前一行", None),
        ("后一行", None),
        ("完", None),
    ]


def test_markers_rules_and_quotations_are_outside_of_the_spans() -> None:
    document = read_text("- 甲\n* 乙\n  + 丙\n> > 引文\n> - 丁\n1. 戊\n-5 万元\n***\n- - -\n-\n")
    assert shown(document) == ["甲", "乙", "丙", "引文", "丁", "1. 戊", "-5 万元"]


def test_emphasis_and_escapes_leave_the_text() -> None:
    document = read_text("**第一条** 为 *规范* 管理，***特***制定 __本__ 办法。\\[2025\\] 1\\. `a*b*`\n")
    assert shown(document) == ["第一条 为 规范 管理，特制定 本 办法。[2025] 1. `a*b*`"]


def test_what_only_looks_like_emphasis_stays() -> None:
    for line in (
        "张**、李** 二人",
        "2**3 和 4**5",
        "*注：带*号",
        "____年__月__日",
        "snake_case_name",
        "3505**********1234",
    ):
        assert shown(read_text(line)) == [line]


def test_table_rows_carry_their_header() -> None:
    document = read_text(
        "| 年份 | 金额 |\n|:---|---:|\n| 2025 | **120** |\n|  | 90 |\n| | |\n\n| 不是 表 |\n"
    )
    header = ("年份", "金额")
    rows = [
        (text, block.kind, block.header) for text, block in zip(shown(document), document.blocks, strict=True)
    ]
    assert rows == [
        ("年份 | 金额", "table_row", ()),
        ("2025 | 120", "table_row", header),
        ("| 90", "table_row", header),
        ("| 不是 表 |", "text", ()),
    ]


def test_front_matter_and_fences_are_text_without_their_marks() -> None:
    document = read_text("---\ntitle: **答复**\n---\n正文\n```text\n# 不是标题\n**原样**\n```\n## 标题\n")
    assert shown(document) == ["title: **答复**", "正文", "# 不是标题", "**原样**", "标题"]
    assert [block.kind for block in document.blocks][2:] == ["text", "text", "heading"]


line = st.text(alphabet=st.sampled_from("一二科 　#*_-|>`\\=:.ab12\t"), max_size=12)


@given(st.lists(line, min_size=1, max_size=12), st.sampled_from([".md", ".txt"]))
def test_nothing_is_lost_or_invented(lines: list[str], suffix: str) -> None:
    source = "正文\n" + "\n".join(lines)
    document = read_text(source, suffix)
    check_blocks(document)
    if suffix == ".md":
        source = re.sub(r"^ *```+\s*[.ab][ab12_.-]*\s*$", "", source, flags=re.MULTILINE)
    letters = [character for character in source if character.isalnum()]
    assert [character for character in "".join(shown(document)) if character.isalnum()] == letters


def check_blocks(document: Document) -> None:
    position = 0
    for block in document.blocks:
        assert isinstance(block, Block)
        assert position <= block.start < block.end <= len(document.text)
        text = document.text[block.start : block.end]
        assert text == text.strip()
        assert "\n" not in text
        position = block.end
