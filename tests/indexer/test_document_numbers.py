"""Document numbers in any bracket and width form, in documents and in questions."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.document_numbers import find_document_numbers, find_references, is_number_line
from indexer.records import DocumentNumber


def parts(text: str) -> list[tuple[str, str, int, int]]:
    return [(n.text, n.agency, n.year, n.sequence) for n, _ in find_document_numbers(text)]


def references(question: str) -> list[tuple[str | None, int | None, int | None]]:
    return [(r.agency, r.year, r.sequence) for r in find_references(question)]


@pytest.mark.parametrize(
    "text",
    [
        "泉科函〔2026〕102号",
        "泉科函[2026]102号",
        "泉科函［2026］102号",
        "泉科函【2026】102号",
        "泉科函（2026）102号",
        "泉科函(2026)１０２号",
        "泉科函〔２０２６〕第102号",
        "泉科函 〔2026〕 102 号",
        "泉科函﹝2026﹞102号",
    ],
)
def test_every_bracket_and_width_is_the_same_number(text: str) -> None:
    assert parts(text) == [(text, "泉科函", 2026, 102)]
    assert references(text) == [("泉科函", 2026, 102)]
    assert is_number_line(text)


def test_numbers_are_found_in_sentences_without_the_words_before_them() -> None:
    text = "根据国发〔2023〕12号和闽政办规[2024] 3号、教育部《请示》（教职成〔2018〕8号）的规定"
    assert parts(text) == [
        ("国发〔2023〕12号", "国发", 2023, 12),
        ("闽政办规[2024] 3号", "闽政办规", 2024, 3),
        ("教职成〔2018〕8号", "教职成", 2018, 8),
    ]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        (
            "Yunzhou Sci-Tech Letter [2025] No. 18",
            DocumentNumber("Yunzhou Sci-Tech Letter [2025] No. 18", "yunzhou sci-tech letter", 2025, 18),
        ),
        ("Ref: EPA/2024/117", DocumentNumber("EPA/2024/117", "epa", 2024, 117)),
        ("issued as OPC/GN/24/09 today", DocumentNumber("OPC/GN/24/09", "opc/gn", 2024, 9)),
        ("Reference: EM/EEG/G/2025-03", DocumentNumber("EM/EEG/G/2025-03", "em/eeg/g", 2025, 3)),
        (
            "under the Rules on Funding (Market Regulation Rules [2021] No. 3) as amended",
            DocumentNumber("Market Regulation Rules [2021] No. 3", "market regulation rules", 2021, 3),
        ),
    ],
)
def test_english_numbers(text: str, number: DocumentNumber) -> None:
    ((found, span),) = find_document_numbers(text)
    assert found == number
    assert text[span.start : span.end] == number.text


@pytest.mark.parametrize(
    "text",
    [
        "2025 年 13 个项目",
        "第1288号建议",
        "（2026年）",
        "[1] See page 12.",
        "国务院令第706号",
        "01/02/2024",
        "",
    ],
)
def test_text_without_a_number(text: str) -> None:
    assert parts(text) == []


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("泉科函 2026 102", ("泉科函", 2026, 102)),
        ("泉科函2026-102", ("泉科函", 2026, 102)),
        ("泉科函2026年102号", ("泉科函", 2026, 102)),
        ("泉科函102号", ("泉科函", None, 102)),
        ("请问泉科函〔2026〕102号讲了什么", ("泉科函", 2026, 102)),
        ("【2026】102号", (None, 2026, 102)),
        ("2026年102号", (None, 2026, 102)),
        ("2025年第12号公告", (None, 2025, 12)),
        ("12号文有哪些规定", (None, None, 12)),
        ("国发〔2023〕12号", ("国发", 2023, 12)),
        ("國發〔2023〕12號", ("国发", 2023, 12)),
        ("国务院令第706号", ("国务院令", None, 706)),
        ("What is in Yunzhou Sci-Tech Letter [2025] No. 18?", ("yunzhou sci-tech letter", 2025, 18)),
        ("what does yunzhou sci-tech letter [2025] no. 18 say", ("yunzhou sci-tech letter", 2025, 18)),
        ("summary of EPA/2024/117", ("epa", 2024, 117)),
    ],
)
def test_whole_and_partial_references(
    question: str, wanted: tuple[str | None, int | None, int | None]
) -> None:
    assert references(question) == [wanted]


@pytest.mark.parametrize(
    "question",
    [
        "2025 年 13 个项目",
        "第1288号建议",
        "2025年第1288号建议的答复",
        "2025年1月2号",
        "3月12号出发",
        "2025-2027年行动计划",
        "幸福路102号在哪里",
        "科技局在5号楼吗",
        "科技创新券补助发了多少钱",
        "how much tech-voucher money was paid in 2025",
        "12 projects (2025) 7 of them new",
    ],
)
def test_ordinary_questions_name_no_number(question: str) -> None:
    assert references(question) == []


def test_several_references_come_in_order_and_apart() -> None:
    question = "泉科函〔2026〕102号和国发 2023 12号有什么不同"
    assert references(question) == [("泉科函", 2026, 102), ("国发", 2023, 12)]
    first, second = find_references(question)
    assert first.span.end <= second.span.start


@given(st.text(alphabet="国发泉科函根据〔〕[]（）(2026) 0123年第号No.Ref/E-", max_size=60))
def test_any_text_is_read_without_error_and_spans_hold_their_text(text: str) -> None:
    for number, span in find_document_numbers(text):
        assert text[span.start : span.end] == number.text
    for reference in find_references(text):
        assert 0 <= reference.span.start < reference.span.end <= len(text)


@pytest.mark.parametrize(
    "text",
    ["〔2025〕" * 50_000 + "号", "国" * 200_000 + "号", "a/" * 100_000, "Xx of " * 30_000 + "[2025] No. 1"],
)
def test_adversarial_text_takes_linear_time(text: str) -> None:
    begin = time.process_time()
    find_document_numbers(text)
    find_references(text)
    assert time.process_time() - begin < 5
