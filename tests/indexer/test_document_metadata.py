"""What documents say of themselves, in both languages."""

from __future__ import annotations

import json
import lzma
from pathlib import Path

import pytest

from indexer.document_dates import date_line, find_dates
from indexer.document_metadata import read_metadata
from indexer.paragraphs import split
from indexer.paragraphs.titles import kind_of
from indexer.records import Block, Document, DocumentMetadata, DocumentNumber, GivenMetadata

SHARED = Path(__file__).parents[3] / "shared"

REPLY = """# 泉州市科学技术局

泉科函〔2026〕102号

答复类型：A类

## 关于市十七届人大五次会议 第1288号建议的答复

林永红代表：

您提出的《关于推动科技创新的建议》收悉。现将有关情况答复如下：

### 一、基本情况

近年来，我局积极推动传统企业数字化和智能化改造。

领导署名：史思泉

联系人：谢惠阳

联系电话：0595-22579329

（此件主动公开）
"""

NOTICE = """云州市人力资源和社会保障局
国家税务总局云州市税务局
文件

云人社发〔2025〕33号

关于做好社会保险缴费基数
申报工作的通知

各参保单位、灵活就业人员：
　　为规范缴费行为，现就有关事项通知如下。

　　联系人：罗安宁，电话：0000-6107345

　　　　　云州市人力资源和社会保障局
　　　　　国家税务总局云州市税务局
　　　　　二〇二五年七月八日

　　（此件依申请公开）
"""

LETTER = """YUNZHOU MUNICIPAL SCIENCE AND TECHNOLOGY BUREAU

Yunzhou Sci-Tech Letter [2025] No. 18

Reply to Proposal No. 0267 of the Third Session

Deputy Shen Yihe and co-signatories:

Thank you for the proposal, which you put forward at the Third Session. We reply as follows.

Yunzhou Municipal Science and Technology Bureau

9 May 2025

Contact: Luo Jingwen, Division of Research Facilities

Telephone: 0588-6133 2046
"""

WEB_PAGE = """索 引 号：
000014349/2019-00007
发文机关：
国务院
成文日期：
2019年01月27日
标　　题：
国务院关于全面推行部门联合监管的意见
发文字号：
国发〔2019〕5号
发布日期：
2019年02月15日
主 题 词：
国务院关于全面推行
部门联合监管的意见
国发〔2019〕5号
各省、自治区、直辖市人民政府：
全面推行部门联合监管，是党中央、国务院作出的重大决策部署。
"""


def document_of(
    text: str, given: GivenMetadata | None = None, document_id: str = "letters/one.txt"
) -> Document:
    blocks = []
    start = 0
    for line in text.split("\n"):
        bare = line.strip()
        if bare:
            first = start + line.index(bare[0])
            level = len(bare) - len(bare.lstrip("#"))
            skip = level + 1 if level else 0
            kind = "heading" if level else "text"
            blocks.append(Block(first + skip, first + len(bare), kind, level or None))  # type: ignore[arg-type]
        start += len(line) + 1
    return Document(document_id, text, tuple(blocks), given or GivenMetadata())


def metadata_of(
    text: str, given: GivenMetadata | None = None, document_id: str = "letters/one.txt"
) -> DocumentMetadata:
    document = document_of(text, given, document_id)
    return read_metadata(document, split(document))


SEED = DocumentMetadata(
    title="关于市十七届人大五次会议第1288号建议的答复",
    language="zh",
    document_number=DocumentNumber("泉科函〔2026〕102号", "泉科函", 2026, 102),
    issuer="泉州市科学技术局",
    issued_on=None,
    year=2026,
    kind="答复",
    addressee="林永红代表",
    contact="谢惠阳",
    telephone="0595-22579329",
    openness="主动公开",
    status="unknown",
)


def test_a_reply_without_a_date_takes_its_year_from_its_number() -> None:
    assert metadata_of(REPLY) == SEED


@pytest.mark.shared
def test_the_seed_letter() -> None:
    path = SHARED / "seed" / "quanzhou-2026-102.txt"
    if not path.exists():
        pytest.skip(f"the seed letter is not at {path}")
    assert metadata_of(path.read_text(encoding="utf-8")) == SEED


def test_a_notice_of_two_offices_with_its_date_in_chinese_numerals() -> None:
    assert metadata_of(NOTICE) == DocumentMetadata(
        title="关于做好社会保险缴费基数申报工作的通知",
        language="zh",
        document_number=DocumentNumber("云人社发〔2025〕33号", "云人社发", 2025, 33),
        issuer="云州市人力资源和社会保障局、国家税务总局云州市税务局",
        issued_on="2025-07-08",
        year=2025,
        kind="通知",
        addressee="各参保单位、灵活就业人员",
        contact="罗安宁",
        telephone="0000-6107345",
        openness="依申请公开",
    )


def test_an_english_letter() -> None:
    assert metadata_of(LETTER) == DocumentMetadata(
        title="Reply to Proposal No. 0267 of the Third Session",
        language="en",
        document_number=DocumentNumber(
            "Yunzhou Sci-Tech Letter [2025] No. 18", "yunzhou sci-tech letter", 2025, 18
        ),
        issuer="Yunzhou Municipal Science and Technology Bureau",
        issued_on="2025-05-09",
        year=2025,
        kind="reply",
        addressee="Deputy Shen Yihe and co-signatories",
        contact="Luo Jingwen, Division of Research Facilities",
        telephone="0588-6133 2046",
    )


def test_labels_of_a_web_page_whose_values_stand_below() -> None:
    found = metadata_of(WEB_PAGE)
    assert found.title == "国务院关于全面推行部门联合监管的意见"
    assert found.document_number == DocumentNumber("国发〔2019〕5号", "国发", 2019, 5)
    assert (found.issuer, found.issued_on, found.kind) == ("国务院", "2019-01-27", "意见")


def test_given_metadata_wins_field_by_field() -> None:
    given = GivenMetadata(
        title="答复函",
        document_number="云科函[2025]7号",
        issuer="云州市科技局",
        status="repealed",
        source="https://a.example",
    )
    found = metadata_of(REPLY, given)
    assert found.title == "答复函"
    assert found.document_number == DocumentNumber("云科函[2025]7号", "云科函", 2025, 7)
    assert (found.issuer, found.status, found.source) == ("云州市科技局", "repealed", "https://a.example")
    assert (found.contact, found.year, found.kind) == ("谢惠阳", 2025, "函")


def test_a_given_number_that_is_no_usual_one_keeps_its_text() -> None:
    found = metadata_of("正文。", GivenMetadata(document_number="国令第706号", issued_on="2018-11-06"))
    assert found.document_number == DocumentNumber("国令第706号", "国令", 2018, 706)


def test_an_announcement_is_numbered_under_its_office() -> None:
    found = metadata_of(
        "云州市数据局公告\n\n2025年第2号\n\n关于征求意见的公告\n\n　　现向社会公开征求意见。\n"
    )
    assert found.document_number == DocumentNumber("2025年第2号", "云州市数据局公告", 2025, 2)
    assert (found.issuer, found.year) == ("云州市数据局", 2025)


def test_a_statute_is_dated_by_its_last_change() -> None:
    lines = ["某市口岸条例", "2011年11月17日 某市人大常委会通过", "2020年5月14日 某市人大常委会第一次修正"]
    found = metadata_of("\n".join([*lines, "第一章　总则", "第一条　制定本条例。"]))
    assert (found.title, found.kind, found.issued_on) == ("某市口岸条例", "条例", "2020-05-14")


def test_a_month_without_a_day_gives_the_year_only() -> None:
    head = "# Security in Later Life: White Paper\n\nInformation Office of Haidong, October 2024\n"
    found = metadata_of(head + "\nIt rests on two schemes.")
    assert (found.issued_on, found.year, found.kind) == (None, 2024, "white paper")
    assert found.issuer == "Information Office of Haidong"


@pytest.mark.parametrize(
    ("text", "title"),
    [("今天天气很好。明天也好。", "今天天气很好。明天也好。"), ("字" * 200, "字" * 60), ("", "plan-2025")],
)
def test_a_document_without_a_title_is_called_by_its_first_line_or_its_file(text: str, title: str) -> None:
    assert metadata_of(text, document_id="plans/plan-2025.txt").title == title


def test_a_heading_after_the_title_is_not_the_title() -> None:
    assert (
        metadata_of("保理合同的有效性辨析\n基本案情\n" + "甲公司与乙公司订立了合同。" * 8).title
        == "保理合同的有效性辨析"
    )


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("关于检查的通知（已废止）\n各单位：\n现通知如下。", "repealed"),
        ("关于检查的通知\n有效性：现行有效\n各单位：\n现通知如下。", "in_force"),
        ("关于检查的通知\n时效性：失效\n各单位：\n现通知如下。", "repealed"),
        ("关于检查的通知\n各单位：\n现通知如下。《旧办法》同时废止。", "unknown"),
    ],
)
def test_status_is_of_this_document_only(text: str, status: str) -> None:
    assert metadata_of(text).status == status


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("关于开展检查工作的通知", "通知"),
        ("关于印发《某市行动方案（2025—2027年）》的通知", "通知"),
        ("某市人才安居办法（试行）", "办法"),
        ("关于黄金政策的复函", "函"),
        ("关于加强管理的若干意见", "意见"),
        ("《某某实施细则》政策解读", "解读"),
        ("几 个 问 题 的 通 知", "通知"),
        ("中华人民共和国动物防疫法", "法"),
        ("Notice on the Issuance of the Plan", "notice"),
        ("Linjiang District Measures for the Administration of Funding", "measures"),
        ("今天天气很好", None),
    ],
)
def test_kinds(title: str, kind: str | None) -> None:
    assert kind_of(title) == kind


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2025年3月8日", "2025-03-08"),
        ("2019年01月27日", "2019-01-27"),
        ("２０２５年３月８日", "2025-03-08"),
        ("二〇〇四年八月十二日", "2004-08-12"),
        ("二○○六年十二月三十日", "2006-12-30"),
        ("2025-03-08", "2025-03-08"),
        ("2025 年 3 月 8 日", "2025-03-08"),
        ("12 March 2025", "2025-03-12"),
        ("March 12, 2025", "2025-03-12"),
        ("Tuesday 18 February 2025", "2025-02-18"),
        ("2025年2月30日", None),
        ("2025年3月", None),
        ("自2025年3月8日起施行", None),
    ],
)
def test_lines_that_are_dates(text: str, date: str | None) -> None:
    assert date_line(text) == date


def test_dates_in_text_have_their_places() -> None:
    text = "自2025年3月8日起至 31 December 2026"
    assert [(iso, text[start:end]) for iso, start, end in find_dates(text)] == [
        ("2025-03-08", "2025年3月8日"),
        ("2026-12-31", "31 December 2026"),
    ]


@pytest.mark.shared
def test_state_council_documents_say_what_their_records_say() -> None:
    path = SHARED / "data" / "corpora" / "govcn_policies.jsonl.xz"
    if not path.exists():
        pytest.skip(f"no real documents at {path}")
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    for record in records:
        found = metadata_of(record["text"])
        assert "".join(found.title.split()) == "".join(record["title"].split())
        assert found.document_number is not None
        assert found.document_number.text == record["no"]
        assert found.issuer == record["office"]
        assert found.issued_on is not None
