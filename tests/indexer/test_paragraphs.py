"""Paragraphs: what is joined, what is cut, under which headings it stands; and that nothing is lost."""

from __future__ import annotations

import json
import lzma
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.languages import language_of
from indexer.paragraphs import split
from indexer.paragraphs.counters import counter_of, han_number
from indexer.paragraphs.cutting import HARD_LIMIT, cut_points
from indexer.records import Block, Document, GivenMetadata, Paragraph, Span

SHARED = Path(__file__).parents[3] / "shared"


def document_of(text: str, given: GivenMetadata | None = None) -> Document:
    """Make a Document as the reader of plain text does: a block a written line, `## ` taken off."""
    blocks = []
    start = 0
    for line in text.split("\n"):
        bare = line.strip()
        if bare:
            first = start + line.index(bare[0])
            level = len(bare) - len(bare.lstrip("#"))
            if 1 <= level <= 6 and bare[level : level + 1] == " ":
                blocks.append(Block(first + level + 1, first + len(bare), "heading", level))
            else:
                blocks.append(Block(first, first + len(bare)))
        start += len(line) + 1
    return Document("letters/one.txt", text, tuple(blocks), given or GivenMetadata())


def texts(text: str) -> list[str]:
    return [paragraph.text for paragraph in split(document_of(text))]


def paragraph_with(words: str, paragraphs: Sequence[Paragraph]) -> Paragraph:
    found = [paragraph for paragraph in paragraphs if words in paragraph.text]
    assert len(found) == 1, f"{words!r} stands in {len(found)} paragraphs"
    return found[0]


def without_space(text: str) -> str:
    return "".join(text.split())


def assert_nothing_lost(document: Document) -> None:
    paragraphs = split(document)
    source = "".join(document.text[block.start : block.end] for block in document.blocks)
    assert without_space("".join(p.text for p in paragraphs)) == without_space(source)
    end = 0
    for number, paragraph in enumerate(paragraphs, 1):
        assert paragraph.number == number
        assert paragraph.text == paragraph.text.strip() != ""
        assert len(paragraph.text) <= HARD_LIMIT
        pieces = [document.text[span.start : span.end] for span in paragraph.spans]
        assert without_space(paragraph.text) == without_space("".join(pieces))
        for span in paragraph.spans:
            assert end <= span.start < span.end
            end = span.end
    assert len({p.passage_id for p in paragraphs}) == len(paragraphs)


# ---- the seed letter -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def seed() -> list[Paragraph]:
    path = SHARED / "seed" / "quanzhou-2026-102.txt"
    if not path.exists():
        pytest.skip(f"the seed letter is not at {path}")
    document = document_of(path.read_text(encoding="utf-8"))
    assert_nothing_lost(document)
    return split(document)


@pytest.mark.shared
@pytest.mark.parametrize(
    "joined",
    [
        "推动大院大所服务企业 2062 家",
        "知识产权公共服务能力提升培训班",
        "智能制造产品及系统、新材料",
        "4 项西安交大技术成果",
        "科研机构以科技成果先用后转方式",
        "教科文卫工委；市政府督查室。",
    ],
)
def test_page_breaks_of_the_seed_letter_are_joined(seed: list[Paragraph], joined: str) -> None:
    assert len(paragraph_with(joined, seed).spans) == 2


@pytest.mark.shared
def test_sibling_headings_of_the_seed_letter_stay_siblings_whatever_their_markup(
    seed: list[Paragraph],
) -> None:
    headings = [p for p in seed if p.kind == "heading"]
    assert paragraph_with("一、基本情况", headings).heading_path == ()
    assert paragraph_with("二、下一步工作计划", headings).heading_path == ()


@pytest.mark.shared
def test_the_voucher_passage_of_the_seed_letter_stands_alone_under_its_headings(
    seed: list[Paragraph],
) -> None:
    passage = paragraph_with("1257.96 万元", seed)
    assert passage.text.startswith("二是强化成果转化激励。")
    assert passage.text.endswith("共计 1257.96 万元。")
    assert passage.heading_path == ("一、基本情况", "（三）推进高效率成果转化")


@pytest.mark.shared
def test_letterhead_signature_and_notes_of_the_seed_letter_stay_findable(seed: list[Paragraph]) -> None:
    labels = [p.text for p in seed if p.kind == "label"]
    for text in (
        "泉州市科学技术局",
        "泉科函〔2026〕102号",
        "林永红代表：",
        "联系人：谢惠阳",
        "（此件主动公开）",
    ):
        assert text in labels
    assert paragraph_with("再次感谢您", seed).heading_path == ()


# ---- joining ---------------------------------------------------------------------------------------


def test_labels_and_headings_never_join() -> None:
    lines = [
        "关于开展检查工作的通知",
        "一、总体要求",
        "联系人：谢惠阳",
        "联系电话：0595-22579329",
        "国务院",
        "2019年1月24日",
    ]
    assert texts("\n".join(lines)) == lines


def test_a_wrapped_title_joins() -> None:
    title = "国务院办公厅关于开展\n城镇小区配套幼儿园治理工作的通知\n国办发〔2019〕3号\n各省人民政府："
    assert texts(title)[0] == "国务院办公厅关于开展城镇小区配套幼儿园治理工作的通知"


def test_english_lines_wrapped_at_72_columns_join_with_one_space() -> None:
    text = (
        "1. Faster examination\n\n"
        "The Bureau has opened a fast lane for applications that come with a pre-\n"
        "examination report, and small firms that use it no longer wait longer in\n"
        "the queue than large ones do. Some 300 firms have used it so far, and it\n"
        "will stay open.\n\n"
        "A second paragraph begins here, after a blank line, and is as long as it\n"
        "needs to be to wrap.\n"
    )
    found = texts(text)
    assert found[0] == "1. Faster examination"
    assert "a pre-examination report" in found[1]
    assert "longer in the queue" in found[1]
    assert found[1].endswith("will stay open.")
    assert found[2].startswith("A second paragraph")
    assert len(found) == 3


def test_chinese_lines_wrapped_with_indents_join_without_space() -> None:
    text = (
        "　　（一）推进有机物治理。一是对286家重点企业逐一建立“一企一策”档案并且每季度更新\n"
        "策略，完成低效治理设施改造163家。二是推广源头替代，家具、汽修、包装印刷行业使用低\n"
        "用量原辅材料的比例提高到67%。\n"
        "　　（二）管控移动源。淘汰国三及以下排放标准柴油货车4270辆；更新新能源渣土车辆共计\n"
        "1124辆，主城区渣土运输新能源化率达到58%，港区岸电使用量同比增加四成，明年继续推进\n"
        "更新。\n"
    )
    found = split(document_of(text))
    assert [len(p.spans) for p in found] == [3, 3]
    assert "每季度更新策略" in found[0].text
    assert found[1].heading_path == ("（二）管控移动源",)


def test_a_page_break_in_a_wrapped_document_joins_and_the_first_page_counts() -> None:
    lines = [
        "近年来全市立足科技创新工作职责，积极推动传统企业数字化和智能化改造，助推",
        "智能制造产业高质量发展，推动新质生产力提质增效，为引领支撑全市高质量发展",
        "注入新动能，累计完成改造项目的企业数量达到四百五十家，比上年增加二百余家，",
        "占全市规模以上企业的三成。",
    ]
    text = "\n".join(lines)
    starts = [text.index(line) for line in lines]
    blocks = tuple(
        Block(start, start + len(line), page=1 if n < 2 else 2)
        for n, (start, line) in enumerate(zip(starts, lines, strict=True))
    )
    (paragraph,) = split(Document("a.pdf", text, blocks))
    assert paragraph.text == "".join(lines)
    assert paragraph.page == 1


def test_copies_that_run_over_lines_join() -> None:
    assert (
        texts("抄送：市人大常委会代表工委；  \n市政府督查室。")[-1]
        == "抄送：市人大常委会代表工委；市政府督查室。"
    )


def test_rows_set_with_spaces_stay_together_under_their_caption() -> None:
    lead = "一、资金安排\n2025年资金池总规模1.5亿元，各地出资如下：\n\n"
    text = lead + "出资安排表\n地区　　　市级　　　合计\n海岚区　　　2400　　　4000\n"
    row = split(document_of(text))[-1]
    assert row.kind == "table_row"
    assert row.text == "地区　　　市级　　　合计 海岚区　　　2400　　　4000"
    assert row.heading_path == ("一、资金安排", "出资安排表")


def test_a_table_row_stands_under_its_header() -> None:
    text = "2. Spending\nItem | Paid\nTotal | 198.5"
    first, second, third = (text.index(line) for line in text.split("\n"))
    blocks = (
        Block(first, second - 1, "heading", 2),
        Block(second, third - 1, "table_row"),
        Block(third, len(text), "table_row", header=("Item", "Paid")),
    )
    row = split(Document("a.md", text, blocks))[-1]
    assert row.heading_path == ("2. Spending", "Item | Paid")


# ---- headings --------------------------------------------------------------------------------------


def paths(text: str) -> dict[str, tuple[str, ...]]:
    return {p.text[:12]: p.heading_path for p in split(document_of(text))}


def test_run_in_headings_hold_until_the_next_counter_of_their_level() -> None:
    text = (
        "一、基本情况\n（一）加强研发。一是组织实施重大专项，成效明显。\n二是协同攻关核心技术瓶颈，进展顺利。\n"
        "（二）推进平台建设。全市共引建大院大所30家。\n二、下一步计划\n根据您的建议，下一步我局将继续推进。\n"
    )
    found = paths(text)
    assert found["（一）加强研发。一是组织"] == ("一、基本情况", "（一）加强研发")
    assert found["二是协同攻关核心技术瓶颈"] == ("一、基本情况", "（一）加强研发")
    assert found["（二）推进平台建设。全市"] == ("一、基本情况", "（二）推进平台建设")
    assert found["根据您的建议，下一步我局"] == ("二、下一步计划",)


def test_markdown_and_english_counters_make_paths() -> None:
    text = (
        "# Guidance for Employers\n\n## 3. Particular kinds\n\n"
        "### 3.1 Video and sound\n\nCameras may be used for security.\n\n"
        "## 4. Rights\n\nA worker may ask for a copy of the data you hold.\n"
    )
    found = paths(text)
    assert found["Cameras may "] == ("3. Particular kinds", "3.1 Video and sound")
    assert found["A worker may"] == ("4. Rights",)


def test_plain_english_counters_make_headings() -> None:
    text = (
        "I. What has been done\n\n"
        "1. A single platform. The platform went into service in 2022.\n\n"
        "2. Rewards. An institution is assessed each year.\n\n"
        "II. Next steps\n\nWe will focus on three tasks.\n"
    )
    found = paths(text)
    assert found["2. Rewards. "] == ("I. What has been done", "2. Rewards")
    assert found["We will focu"] == ("II. Next steps",)


def test_a_title_is_a_heading_but_no_part_of_the_paths() -> None:
    found = split(
        document_of("# 某市科学技术局\n\n## 关于第1号建议的答复\n\n### 一、基本情况\n\n近年来进展良好。")
    )
    assert [p.kind for p in found] == ["label", "heading", "heading", "body"]
    assert found[-1].heading_path == ("一、基本情况",)


def test_an_attached_paper_opens_a_path_of_its_own() -> None:
    text = (
        "关于印发人才安居办法的通知\n各区县人民政府：\n现将《人才安居办法》印发给你们，请遵照执行。\n某市人民政府\n2025年5月20日\n"
        "某市人才安居办法\n第一章　总　　则\n第一条　为了优化环境，制定本办法。\n"
    )
    assert split(document_of(text))[-1].heading_path == ("某市人才安居办法", "第一章 总则")


# ---- statutes --------------------------------------------------------------------------------------

ITEMS = [f"（{n}）{'有关材料的名称和要求' * 4}；" for n in "一二三四五六七八九"]


def test_a_short_article_is_one_paragraph() -> None:
    items = "（一）所有权；\n（二）使用权；\n（三）其他。"
    text = f"第二章　登记\n第三条　下列权利，依法办理登记：\n{items}\n第四条　登记包括首次登记。"
    found = split(document_of(text))
    assert [p.text for p in found[1:]] == [
        "第三条　下列权利，依法办理登记：（一）所有权；（二）使用权；（三）其他。",
        "第四条　登记包括首次登记。",
    ]
    assert {p.heading_path for p in found[1:]} == {("第二章 登记",)}


def test_a_long_article_is_cut_at_its_items_and_the_rest_names_it() -> None:
    text = "第二章　登记\n第三条　下列材料应当提交：\n" + "\n".join(ITEMS) + "\n第四条　登记包括首次登记。"
    first, *rest, last = split(document_of(text))[1:]
    assert first.text.startswith("第三条")
    assert all(40 <= len(p.text) <= 300 for p in (first, *rest))
    assert {p.heading_path for p in rest} == {("第二章 登记", "第三条")}
    assert all(p.text.startswith("（") for p in rest)
    assert last.heading_path == ("第二章 登记",)


def test_items_join_the_sentence_that_introduces_them() -> None:
    lead = "2.2 Those who do not rent may choose an allowance:"
    items = ["(a) Category B: 150,000 yuan;", "(b) Category C: 48,000 yuan."]
    assert texts(f"{lead}\n\n    {items[0]}\n    {items[1]}\n") == [" ".join([lead, *items])]


# ---- cutting ---------------------------------------------------------------------------------------


def test_a_long_enumeration_is_cut_at_its_counters() -> None:
    members = [f"{n}是{'统一推进重点领域改革，' * 8}完成任务。" for n in "一二三四"]
    text = "（三）推进改革。" + "".join(members)
    found = split(document_of(text))
    assert [p.text[:2] for p in found] == ["（三", "二是", "三是", "四是"]
    assert {p.heading_path for p in found} == {("（三）推进改革",)}


def test_short_members_are_not_cut_off() -> None:
    text = "一是加快。二是推广。" + "三是" + "推动各项工作落到实处，" * 40 + "。"
    assert all(len(piece) >= 40 for piece in texts(text))


def test_a_long_paragraph_without_counters_is_cut_at_sentence_ends() -> None:
    found = texts("坚持以人民为中心的发展思想。" * 100)
    assert len(found) > 1
    assert all(len(text) <= 600 and text.endswith("。") for text in found)


def test_a_megabyte_of_digits_is_cut_hard_with_exact_spans() -> None:
    document = document_of("7" * 1_000_000)
    assert_nothing_lost(document)
    assert len(split(document)) == 500


def test_short_text_has_no_cut_points() -> None:
    assert cut_points("一是加快。二是推广。") == []


# ---- counters and language -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "style", "value"),
    [
        ("第十二章　附则", "chapter", 12),
        ("第一百零五条　本法", "article", 105),
        ("第二十条之一　本法", "article", 20),
        ("一、基本情况", "han", 1),
        ("（二十三）规范管理", "han_paren", 23),
        ("（一）项目申报", "han_paren", 1),
        ("3．合作银行", "arabic", 3),
        ("1.2　等级划分", "deep", 2),
        ("(a) gold award", "lower_paren", 1),
        ("IV. Materials", "roman", 4),
        ("Article 8 (Awards)", "article", 8),
        ("Annex A", "annex", 1),
        ("- (b) silver award", "lower_paren", 2),
    ],
)
def test_counters_are_read(text: str, style: str, value: int) -> None:
    counter = counter_of(text)
    assert counter is not None
    assert (counter.style, counter.value) == (style, value)


@pytest.mark.parametrize(
    "text",
    [
        "一、二、三产业融合发展",
        "第三条规定的情形",
        "（二）项所列材料",
        "2025 年全市推荐",
        "1.5 万家企业",
        "3.14",
        "Section 3 requires that",
        "一九八〇年",
        "",
    ],
)
def test_references_and_figures_are_no_counters(text: str) -> None:
    assert counter_of(text) is None


@pytest.mark.parametrize(
    ("text", "number"), [("十", 10), ("二十三", 23), ("一百零五", 105), ("二〇〇四", 2004)]
)
def test_chinese_numerals(text: str, number: int) -> None:
    assert han_number(text) == number


def test_language_of_mixed_text() -> None:
    assert language_of("推进 R&D 投入，实施 tech voucher 政策") == "zh"
    assert language_of("The 科技创新券 (tech voucher) scheme pays small firms for services") == "en"
    assert language_of("0595-22579329", "zh") == "zh"


def test_passage_ids_tell_repeated_paragraphs_apart_and_survive_edits_elsewhere() -> None:
    once = split(document_of("特此函复。\n\n其他。\n\n特此函复。"))
    edited = split(document_of("新增一句。\n\n特此函复。\n\n其他。\n\n特此函复。"))
    assert len({p.passage_id for p in once}) == 3
    assert [p.passage_id for p in once] == [p.passage_id for p in edited[1:]]


# ---- nothing lost, and in time ---------------------------------------------------------------------

LINES = st.text(max_size=60) | st.sampled_from(
    [
        *[
            "一、总体要求",
            "（一）加强研发。一是组织实施。",
            "第三条\u3000下列情形：",
            "（二）使用权；",
            "第一章\u3000总则",
        ],
        *[
            "联系人：谢惠阳",
            "抄送：市人大；",
            "市政府督查室。",
            "国发〔2023〕12号",
            "2025年3月18日",
            "某市人民政府",
        ],
        *[
            "表1  主要指标",
            "地区\u3000\u3000市级\u3000\u3000合计",
            "附件：1.目录",
            "2.名单",
            "关于开展工作",
            "检查的通知",
        ],
        *[
            "（",
            "”》",
            "-",
            "TITLE OF A PART",
            "1. It is registered in Meridia.",
            "Article 4 An applicant shall",
        ],
        "a line without an end and rather long, with a comma, and",
        "近年来，全市积极推动智能化改造，完成改造项目",
        "一是" + "推进改革，" * 40 + "。二是" + "落实责任，" * 40 + "。",
        "word " * 300,
        "无标点" * 900,
    ]
)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """Make documents of any lines, gaps, indents, kinds, levels and pages."""
    text, page = "", 1
    blocks: list[Block] = []
    for line in draw(st.lists(LINES, max_size=25)):
        text += draw(st.sampled_from(["\n", "\n\n", "\n　　", " \n    ", " ", "\r\n"])) if text else ""
        kind = draw(st.sampled_from(["text", "text", "text", "heading", "table_row"]))
        page += draw(st.sampled_from([0, 0, 1]))
        if line:
            level = draw(st.integers(1, 6)) if kind == "heading" else None
            blocks.append(Block(len(text), len(text) + len(line), kind, level, page))  # type: ignore[arg-type]
        text += line
    return Document("generated", text, tuple(blocks))


@settings(max_examples=150, deadline=None)
@given(documents())
def test_nothing_is_lost_or_invented(document: Document) -> None:
    assert_nothing_lost(document)


def real_texts() -> Iterator[str]:
    for path in sorted((SHARED / "data" / "corpora").glob("govcn*.jsonl.xz")):
        with lzma.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line)["text"]


@pytest.mark.shared
def test_nothing_is_lost_of_real_documents() -> None:
    found = list(real_texts())
    if not found:
        pytest.skip(f"no real documents under {SHARED}")
    for text in found:
        assert_nothing_lost(document_of(text))


@pytest.mark.parametrize(
    "text",
    [
        "一一一十十十" * 50_000,
        "（" * 100_000,
        "（一）" * 60_000,
        "一、" * 80_000,
        "7" * 400_000,
        "a" + " " * 300_000 + "b",
        "甲　　" * 80_000,
        "1." * 100_000,
        "（一）\n" * 20_000,
        ("word " * 14 + "\n") * 8_000,
        "A" * 200 + ":\n" + "Aa" * 140 + ":",
        "联系人：" * 50_000,
    ],
)
def test_adversarial_text_takes_linear_time(text: str) -> None:
    document = document_of(text)
    begin = time.process_time()
    paragraphs = split(document)
    # Measured at 0.1 to 0.7 s; anything that backtracks or is quadratic takes minutes.
    assert time.process_time() - begin < 10
    assert without_space("".join(p.text for p in paragraphs)) == without_space(text)


def test_spans_point_into_the_document() -> None:
    document = document_of("联系人：谢惠阳\n\n联系电话：0595-22579329")
    assert [p.spans for p in split(document)] == [(Span(0, 7),), (Span(9, 27),)]


def test_an_empty_document_has_no_paragraphs() -> None:
    assert split(document_of("\n \n")) == []
