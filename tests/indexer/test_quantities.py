import math
import time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.quantities import find_quantities
from indexer.records import Language, Quantity

# text · the figure as it stands · kind · value · unit · bound
CHINESE = """
立项经费 580 万元 · 580 万元 · money · 5800000 · yuan ·
经费１２．５亿元 · １２．５亿元 · money · 1250000000 · yuan ·
补助 1257.96 万元 · 1257.96 万元 · money · 12579600 · yuan ·
投资 3300 万 · 3300 万 · money · 33000000 · yuan ·
奖励 3千元 · 3千元 · money · 3000 · yuan ·
奖励5百万元 · 5百万元 · money · 5000000 · yuan ·
共一千三百万元 · 一千三百万元 · money · 13000000 · yuan ·
人民币3000万元 · 人民币3000万元 · money · 30000000 · yuan ·
合同 RMB 3.2 million · RMB 3.2 million · money · 3200000 · yuan ·
合同 CNY 500,000 · CNY 500,000 · money · 500000 · yuan ·
单价¥1,200 · ¥1,200 · money · 1200 · yuan ·
出口500万美元 · 500万美元 · money · 5000000 · dollar ·
出口20万欧元 · 20万欧元 · money · 200000 · euro ·
出口1.2亿港元 · 1.2亿港元 · money · 120000000 · Hong Kong dollar ·
规模超 500 亿元 · 500 亿元 · money · 50000000000 · yuan · more than
最高 100 万元奖励 · 100 万元 · money · 1000000 · yuan · at most
不超过8万元 · 8万元 · money · 80000 · yuan · at most
20万元封顶 · 20万元 · money · 200000 · yuan · at most
每人500元左右 · 500元 · money · 500 · yuan · about
金额（万元）：120 · 120 · money · 1200000 · yuan ·
萬元以上：1,257.96 萬元 · 1,257.96 萬元 · money · 12579600 · yuan ·
立项 13 个攻关项目 · 13 个 · count · 13 · 个 ·
院所 30 家 · 30 家 · count · 30 · 家 ·
企业 2062 家 · 2062 家 · count · 2062 · 家 ·
申请 11217 件 · 11217 件 · count · 11217 · 件 ·
培训超 3300 人次 · 3300 人次 · count · 3300 · 人次 · more than
活动 50 余场 · 50 余场 · count · 50 · 场 · more than
难题 558 项 · 558 项 · count · 558 · 项 ·
报告 1119 份 · 1119 份 · count · 1119 · 份 ·
系列活动 34 期 · 34 期 · count · 34 · 期 ·
培训1.3万人次 · 1.3万人次 · count · 13000 · 人次 ·
职工二十三名 · 二十三名 · count · 23 · 名 ·
职工廿三名 · 廿三名 · count · 23 · 名 ·
两家企业 · 两家 · count · 2 · 家 ·
十余家企业 · 十余家 · count · 10 · 家 · more than
二十多人 · 二十多人 · count · 20 · 人 · more than
近500家企业 · 500家 · count · 500 · 家 · nearly
约30人 · 30人 · count · 30 · 人 · about
至少3次 · 3次 · count · 3 · 次 · at least
500人以上 · 500人 · count · 500 · 人 · at least
10人以下 · 10人 · count · 10 · 人 · at most
不足10家 · 10家 · count · 10 · 家 · less than
智能工厂（家）：35 · 35 · count · 35 · 家 ·
65周岁以上 · 65周岁 · count · 65 · 周岁 · at least
总面积2.3万平方米 · 2.3万平方米 · count · 23000 · 平方米 ·
全长38.6公里 · 38.6公里 · count · 38.6 · 公里 ·
增长5.2% · 5.2% · percent · 5.2 · % ·
增长５．２％ · ５．２％ · percent · 5.2 · % ·
占百分之三十 · 百分之三十 · percent · 30 · % ·
占千分之五 · 千分之五 · percent · 0.5 · % ·
提高1.5个百分点 · 1.5个百分点 · percent · 1.5 · percentage point ·
下降80个基点 · 80个基点 · percent · 0.8 · percentage point ·
不低于20% · 20% · percent · 20 · % · at least
下降 -3.5% · -3.5% · percent · -3.5 · % ·
占三成 · 三成 · percent · 30 · % ·
1:0.5配套 · 1:0.5 · ratio · 2 · ·
上浮1.5倍 · 1.5倍 · ratio · 1.5 · 倍 ·
完成了一半 · 一半 · ratio · 0.5 · ·
位居全省第一 · 全省第一 · rank · 1 · ·
总量全国第二 · 全国第二 · rank · 2 · ·
排名第3位 · 第3位 · rank · 3 · ·
获第十名 · 第十名 · rank · 10 · ·
稳居全省前三 · 全省前三 · rank · 3 · · at most
进入全国前10位 · 全国前10位 · rank · 10 · · at most
2025年3月12日 · 2025年3月12日 · date · 20250312 · day ·
2025 年 · 2025 年 · date · 2025 · year ·
2025年7月 · 2025年7月 · date · 202507 · month ·
二〇二五年三月十二日 · 二〇二五年三月十二日 · date · 20250312 · day ·
2025-03-12 · 2025-03-12 · date · 20250312 · day ·
3月31日前 · 3月31日 · date · 331 · day · at most
压缩至 7 天内 · 7 天 · duration · 7 · day · at most
在30 个工作日内办结 · 30 个工作日 · duration · 30 · working day · at most
有效期5年 · 5年 · duration · 5 · year ·
有效期五年 · 五年 · duration · 5 · year ·
试用半年 · 半年 · duration · 0.5 · year ·
为期三年半 · 三年半 · duration · 3.5 · year ·
近三年来 · 三年 · duration · 3 · year ·
贴息期12个月 · 12个月 · duration · 12 · month ·
24小时内 · 24小时 · duration · 24 · hour · at most
指数为 3.8，较高 · 3.8 · number · 3.8 · ·
"""
ENGLISH = """
a grant of 500,000 yuan · 500,000 yuan · money · 500000 · yuan ·
a grant of 3.2 million yuan · 3.2 million yuan · money · 3200000 · yuan ·
RMB 12,579,600 in all · RMB 12,579,600 · money · 12579600 · yuan ·
¥3bn · ¥3bn · money · 3000000000 · yuan ·
US$5 million · US$5 million · money · 5000000 · dollar ·
3 million US dollars · 3 million US dollars · money · 3000000 · dollar ·
€300 · €300 · money · 300 · euro ·
HK$2 million · HK$2 million · money · 2000000 · Hong Kong dollar ·
a fare of £4.50 · £4.50 · money · 4.5 · pound ·
no more than 400,000 yuan · 400,000 yuan · money · 400000 · yuan · at most
up to 1.5 billion yuan · 1.5 billion yuan · money · 1500000000 · yuan · at most
1,250 enterprises · 1,250 enterprises · count · 1250 · enterprises ·
28 research teams · 28 research teams · count · 28 · teams ·
twenty-three schools · twenty-three schools · count · 23 · schools ·
two hundred plants · two hundred plants · count · 200 · plants ·
1.04 million people · 1.04 million people · count · 1040000 · people ·
more than 1,000 projects · 1,000 projects · count · 1000 · projects · more than
nearly 40 schools · 40 schools · count · 40 · schools · nearly
at least 12 staff · 12 staff · count · 12 · staff · at least
no fewer than 7 cities · 7 cities · count · 7 · cities · at least
fewer than 9 clinics · 9 clinics · count · 9 · clinics · less than
75,000 tonnes a year · 75,000 tonnes · count · 75000 · tonnes ·
500 square metres · 500 square metres · count · 500 · square metres ·
fell by 14.6 percent · 14.6 percent · percent · 14.6 · % ·
fell by 14.6 per cent · 14.6 per cent · percent · 14.6 · % ·
rose 5.2% · 5.2% · percent · 5.2 · % ·
1.5 percentage points · 1.5 percentage points · percent · 1.5 · percentage point ·
80 basis points · 80 basis points · percent · 0.8 · percentage point ·
half of them · half · ratio · 0.5 · ·
one in five households · one in five · ratio · 0.2 · ·
ranked first in the province · first in the province · rank · 1 · ·
ranked 3rd · 3rd · rank · 3 · ·
the top 10 cities · top 10 · rank · 10 · · at most
on 12 March 2025 · 12 March 2025 · date · 20250312 · day ·
on March 12, 2025 · March 12, 2025 · date · 20250312 · day ·
since March 2025 · March 2025 · date · 202503 · month · from
by 31 May 2025 · 31 May 2025 · date · 20250531 · day · at most
in 2024 · 2024 · date · 2024 · year ·
within 30 working days · 30 working days · duration · 30 · working day · at most
within 72 hours · 72 hours · duration · 72 · hour · at most
for 3 years · 3 years · duration · 3 · year ·
a 12-month period · 12-month · duration · 12 · month ·
about 20 minutes · 20 minutes · duration · 20 · minute · about
17.71 million in the scheme · 17.71 million · number · 17710000 · ·
"""


def _rows(table: str, language: Language) -> list[tuple[Language, list[str]]]:
    return [(language, [cell.strip() for cell in line.split("·")]) for line in table.strip().splitlines()]


@pytest.mark.parametrize(
    ("language", "row"), [*_rows(CHINESE, "zh"), *_rows(ENGLISH, "en")], ids=lambda r: r[0]
)
def test_one_figure(language: Language, row: list[str]) -> None:
    text, stands, kind, value, unit, *bound = row
    found = [q for q in find_quantities(text, language) if text[q.start : q.end] == stands]
    assert [(q.kind, q.value, q.unit or "", q.bound or "") for q in found] == [
        (kind, float(Decimal(value)), unit, "".join(bound))
    ]


NOT_FIGURES = """
关于第1288号建议的答复|泉科函〔2026〕102号|市十七届人大五次会议|第三条 第5款|电话：0595-22579329
手机13800138000|热线12345|邮编362000
一、总体要求|（二）推进平台|1. 加强领导
首班6:00|5G工厂|PM2.5|构建“1+X”
从“1 到 10”|一是抓平台，二是抓人才|进一步统一
第一，加强领导。第二，落实责任。|
2025年第2号公告|第三届大赛|第一产业|一系列举措|邮编362000|GB/T 9704|三级甲等
"""


@pytest.mark.parametrize("text", NOT_FIGURES.replace("\n", "|").strip("|").split("|"))
def test_what_is_no_quantity(text: str) -> None:
    assert find_quantities(text, "zh") == []


@pytest.mark.parametrize(
    "text",
    [
        "Article 12",
        "section 3",
        "Personal Data Act 2018",
        "No. 1288",
        "tel. 0800 555 0164",
        "9 a.m.",
        "COVID-19",
        "## 2.1 You must tell people",
        "# 3. Rules",
        "call 01632 960 418",
    ],
)
def test_what_is_no_quantity_in_english(text: str) -> None:
    assert find_quantities(text, "en") == []


@pytest.mark.parametrize(
    ("text", "values", "unit"),
    [
        ("3 至 5 年", [3, 5], "year"),
        ("10万元至20万元", [100_000, 200_000], "yuan"),
        ("100至200万元", [1_000_000, 2_000_000], "yuan"),
        ("5%-8%", [5, 8], "%"),
        ("10～20人", [10, 20], "人"),
        ("between 3 and 5 years", [3, 5], "year"),
        ("5 to 8 million yuan", [5_000_000, 8_000_000], "yuan"),
        ("2025—2027年", [2025, 2027], "year"),
        ("2025年7月1日至2026年6月30日", [20250701, 20260630], "day"),
    ],
)
def test_a_range_is_its_two_ends(text: str, values: list[int], unit: str) -> None:
    found = find_quantities(text, "zh" if "a" not in text and "y" not in text else "en")
    assert [(q.value, q.unit, q.bound) for q in found] == [(values[0], unit, "from"), (values[1], unit, "to")]


def _one(text: str, stands: str, language: Language = "zh") -> Quantity:
    return next(q for q in find_quantities(text, language) if text[q.start : q.end] == stands)


@pytest.mark.parametrize(
    ("text", "stands", "of"),
    [
        ("2025 年兑现省、市两级科技成果转化补助及科技创新券补助共计 1257.96 万元。", "1257.96 万元",
         "省、市两级科技成果转化补助及科技创新券补助"),
        ("新立项 13 个重大攻关项目和 4 个成果转化项目。", "13 个", "重大攻关项目"),
        ("新立项 13 个重大攻关项目和 4 个成果转化项目。", "4 个", "成果转化项目"),
        ("服务企业 2062 家、解决技术难题 558 项", "2062 家", "企业"),
        ("服务企业 2062 家、解决技术难题 558 项", "558 项", "技术难题"),
        ("获评企业中心共 227 家，其中国家级 14 家、省级 138 家", "138 家", "省级"),
        ("引导基金规模超 500 亿元", "500 亿元", "引导基金规模"),
        ("年度出资（万元）：2400", "2400", "年度出资"),
    ],
)  # fmt: skip
def test_the_thing_counted(text: str, stands: str, of: str) -> None:
    assert _one(text, stands).of == of


def test_the_sum_of_two_subsidies() -> None:
    text = "2025 年兑现省、市两级科技成果转化补助及科技创新券补助共计 1257.96 万元。"
    found = _one(text, "1257.96 万元")
    assert (found.value, found.currency, found.is_total, found.period, found.status) == (
        12579600.0, "CNY", True, "2025", "paid")  # fmt: skip


def test_planned_is_told_from_paid() -> None:
    text = "全年预算安排 2000 万元，实际拨付 1580 万元，科技计划项目 17 项。"
    assert [q.status for q in find_quantities(text, "zh")] == ["planned", "paid", None]
    assert _one("将拨付300万元", "300万元").status == "planned"
    assert _one("Grants of 3.2 million yuan were planned.", "3.2 million yuan", "en").status == "planned"
    assert _one("In 2025 it disbursed subsidies of RMB 300.", "RMB 300", "en").status == "paid"


def test_periods_and_totals() -> None:
    assert _one("较2024年增加6.2件", "6.2件").period is None
    assert _one("到2027年达到18.5件", "18.5件").period == "2027"
    assert _one("累计投资项目 287 个、金额 163 亿元", "163 亿元").is_total
    assert _one("A total of 350 firms in 2023-24.", "350 firms", "en").is_total
    assert _one("A total of 350 firms in 2023-24.", "350 firms", "en").period == "2023/2024"


LETTER = """
攻关项目新立项 13 个，转化项目 4 个 · 13 4
省级重点攻关项目入选 24 个，上级给了 3300 万元 · 24 33000000
2024 年度项目有 9 家企业验收完毕，第二批资金 750 万元到账 · 2024 9 7500000
装备方向 2025 年省级立项 2 项、市级立项 17 项，经费 580 万元 · 2025 2 17 5800000
大院大所引建了 30 家，装备方向 13 家 · 30 13
2025 年推荐 19 家冲刺省级中心，10 家入选，60 家申报 · 2025 19 10 60
新认定省级 14 家、市级 10 家；至今 227 家，即国家级 14 家、省级 138 家、市级 75 家 · 14 10 227 14 138 75
2025 年企业 2062 家得到服务，难题解决 558 项，转化 281 项 · 2025 2062 558 281
国家级工作站 30 家，省级基地 27 家 · 30 27
平台 41 个申请入库，5 个获认定（全省第一），4 个在培育（全省第二） · 41 5 1 4 2
合同登记方每年可得最高 100 万元 · 1000000
异地研发中心新认定 6 家，落地成果 40 项，西安来的成果 4 项 · 6 40 4
科研平台 14 个，年均合作项目超 1000 项 · 14 1000
基金规模超 500 亿元，投了 287 个项目、163 亿元 · 50000000000 287 16300000000
2025 年资助高层次团队 3 个，合计 300 万元 · 2025 3 3000000
2025 年活动 34 期，参训超 3300 人次 · 2025 34 3300
品牌指导站 54 个，保护工作站 35 个，服务参展商超 300 人次 · 54 35 300
评估报告累计 1119 份，专场活动 50 余场 · 1119 50
保护中心 1 个，快速维权中心 2 个，预审 7 天内完成 · 1 2 7
2025 年受理预审 11217 件，办案 158 件，出具意见书 205 份 · 2025 11217 158 205
"""


@pytest.mark.parametrize("line", LETTER.strip().splitlines())
def test_the_figures_of_the_letter_in_other_words(line: str) -> None:
    text, values = line.split(" · ")
    assert [q.value for q in find_quantities(text, "zh")] == [float(value) for value in values.split()]


HOSTILE = [
    "1" * 1_000_000,
    "一一一十十十" * 100_000,
    "（【(" * 300_000,
    "\x00\x01\x1b" * 300_000,
    "\u202e\u200f" * 500_000,
    "1,1," * 20_000,
    "百分之" * 100_000,
    "two and " * 60_000,
    "获得" * 200_000,
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:8]))
@pytest.mark.parametrize("language", ["zh", "en"])
def test_hostile_text_takes_linear_time(text: str, language: Language) -> None:
    started = time.process_time()
    find_quantities(text, language)
    assert time.process_time() - started < 2
    plain = "共计 1257.96 万元。"
    assert find_quantities(plain, "zh") == find_quantities(plain, "zh")


CHARACTERS = "0123456789.,:-/()，。、（）〔〕%年月日万亿千百十一二半第前元个家分之至¥$ \n近超"
PIECES = ["万元", "百分之", "million", "yuan", "March", "2025", "between ", " and ", "top ", "first", "US$"]
FRAGMENTS = st.sampled_from([*CHARACTERS, *PIECES, " "])


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.text(), st.lists(FRAGMENTS, max_size=30).map("".join)), st.sampled_from(["zh", "en"]))
def test_any_text(text: str, language: Language) -> None:
    end = 0
    for found in find_quantities(text, language):
        assert end <= found.start < found.end <= len(text)
        assert math.isfinite(found.value)
        end = found.end


@settings(deadline=None)
@given(st.integers(1, 10**11))
def test_every_notation_reads_back_the_same_amount(cents: int) -> None:
    amount = Decimal(cents) / 100
    notations = [
        (f"{amount:f}元", "zh"), (f"{amount:,}元", "zh"), (f"{amount / 10**4:f} 万元", "zh"),
        (f"{amount / 10**8:f}亿元", "zh"), (f"RMB {amount:,}", "en"),
        (f"{amount / 10**6:f} million yuan", "en"),
        (f"{amount:f}元".translate(str.maketrans("0123456789.", "０１２３４５６７８９．")), "zh"),
    ]  # fmt: skip
    for text, language in notations:
        (found,) = find_quantities(text, language)
        assert (found.value, found.currency) == (float(amount), "CNY"), text
        assert (found.start, found.end) == (0, len(text))
