"""What stands after (or, for currencies, before) a number: scales, currencies, measure words."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from indexer.quantities.figures import Kind, words

_MONEY = {
    "元": ("yuan", "CNY"),
    "圆": ("yuan", "CNY"),
    "人民币": ("yuan", "CNY"),
    "元人民币": ("yuan", "CNY"),
    "yuan": ("yuan", "CNY"),
    "renminbi": ("yuan", "CNY"),
    "rmb": ("yuan", "CNY"),
    "cny": ("yuan", "CNY"),
    "¥": ("yuan", "CNY"),
    "cn¥": ("yuan", "CNY"),
    "rmb¥": ("yuan", "CNY"),
    "人民币¥": ("yuan", "CNY"),
    "美元": ("dollar", "USD"),
    "美金": ("dollar", "USD"),
    "us dollars": ("dollar", "USD"),
    "us dollar": ("dollar", "USD"),
    "dollars": ("dollar", "USD"),
    "dollar": ("dollar", "USD"),
    "usd": ("dollar", "USD"),
    "us$": ("dollar", "USD"),
    "$": ("dollar", "USD"),
    "m$": ("dollar", None),
    "港元": ("Hong Kong dollar", "HKD"),
    "港币": ("Hong Kong dollar", "HKD"),
    "hkd": ("Hong Kong dollar", "HKD"),
    "hk$": ("Hong Kong dollar", "HKD"),
    "hong kong dollars": ("Hong Kong dollar", "HKD"),
    "hk dollars": ("Hong Kong dollar", "HKD"),
    "欧元": ("euro", "EUR"),
    "euros": ("euro", "EUR"),
    "euro": ("euro", "EUR"),
    "eur": ("euro", "EUR"),
    "€": ("euro", "EUR"),
    "英镑": ("pound", "GBP"),
    "pounds": ("pound", "GBP"),
    "gbp": ("pound", "GBP"),
    "£": ("pound", "GBP"),
    "日元": ("yen", "JPY"),
    "yen": ("yen", "JPY"),
    "jpy": ("yen", "JPY"),
    # Crowns and florins are several countries' money: the word is kept and no currency is guessed.
    "crowns": ("crown", None),
    "crown": ("crown", None),
    "florins": ("florin", None),
    "florin": ("florin", None),
}
_DURATIONS = {
    "个工作日": "working day",
    "工作日": "working day",
    "个自然日": "day",
    "自然日": "day",
    "天": "day",
    "日": "day",
    "个星期": "week",
    "星期": "week",
    "周": "week",
    "个月": "month",
    "个季度": "quarter",
    "年": "year",
    "个小时": "hour",
    "小时": "hour",
    "分钟": "minute",
    "秒": "second",
}
_ENGLISH_DURATION = (
    r"(?:(?:working|business|calendar)[ -])?(?:days?|weeks?|months?|years?|hours?|minutes?|quarters?)"
)
_MEASURES = words(
    "人次 人 个 家 件 项 名 户 场次 场 期 次 份 台 套 辆 条 座 所 处 支 批 只 张 篇 部 本 种 "
    "类 款 组 队 笔 宗 起 例 位 间 层 幢 栋 亩 公顷 平方米 平方公里 立方米 公里 千米 米 万吨 "
    "吨 公斤 毫克 微克 千克 克 千瓦时 千瓦 兆瓦 吉瓦 升 床 门 课时 学时 节 学分 岁 周岁 架 艘 "
    "列 根 株 头 颗 片 块 面 盏 口 枚 对 副 轮 席 分 页 字 站 吨标准煤 平米 车次 班次 航次 箱 "
    "标箱 粒 棵 支队"
)
# 三期工程, 三部门, 四层 and the like name things; after Chinese numerals these do not count.
_NOT_AFTER_HAN = frozenset(words("期 批 度 分 本 面 口 门 节 层 部 位 对 字 站 列 头 轮 级"))
_ENGLISH_MEASURES = (
    r"(?:square|cubic)[ ](?:metres?|meters?|kilometres?|kilometers?)|tonnes?|tons?|kilometres?|kilometers?"
    r"|km|metres?|meters?|hectares?|kwh|mwh|gwh|kw|mw|gw|kg"
)
_SCALES = {
    "百": 10**2,
    "千": 10**3,
    "万": 10**4,
    "亿": 10**8,
    "十": 10,
    "hundred": 10**2,
    "thousand": 10**3,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
    "mn": 10**6,
    "bn": 10**9,
    "m": 10**6,
    "k": 10**3,
}


def _any(words: list[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_HAN_MONEY = [word for word in _MONEY if word[0] >= "\u4e00"]
_LATIN_MONEY = [word for word in _MONEY if word[0].isalpha() and word[-1].isalpha() and word[0] < "\u4e00"]
_TAIL = re.compile(
    rf"""
    \ ?(?P<more>[余多])?
    (?P<scale>\ ?(?:[十百千]?万亿|[十百千]?[万亿]|千(?![米克瓦伏帕])|百(?!分|强|货))
      |[ -]?(?:hundred\ )?(?:thousand|million|billion|trillion)(?![a-z])|[ -]hundred(?![a-z]))?
    (?P<short>\ ?(?:mn|bn|m|k)(?![a-z]))?
    (?P<also>\ ?[余多])?
    (?:\ ?(?:
      (?P<money>(?:{_any(_HAN_MONEY)})(?![素件旦器宵宇])|(?:{_any(_LATIN_MONEY)})(?![a-z]))
      |(?P<percent>%|‰|(?:个)?百分点|(?:个)?基点|(?:percentage|basis)[ ]points?(?![a-z])|per[ ]?cent(?![a-z]))
      |(?P<times>倍)
      |(?P<duration>(?:{_any(list(_DURATIONS))})(?![度级代底初末鉴薪常元本报均岁边转])|-?{_ENGLISH_DURATION}(?![a-z]))
      |(?P<count>(?:{_any(_MEASURES)})|(?:{_ENGLISH_MEASURES})(?![a-z]))
    ))?
    """,
    re.VERBOSE,
)
_PREFIX = re.compile(
    r"(?<![a-z])(?:人民币¥|人民币|cn¥|rmb¥|rmb|cny|us\$|hk\$|m\$|usd|hkd|eur|gbp|[¥$€£]) ?\Z"
)
_UNIT_NAME = re.compile(
    rf"(?P<scale>[十百千]?万|[十百千]?亿|千)?(?P<unit>{_any([*_HAN_MONEY, *_DURATIONS, *_MEASURES])}|%)"
)


class Unit(NamedTuple):
    """What a number counts: `scale` and `factor` turn it into base units; `end` is after the unit.

    `more` says that 余 or 多 stands in it. `kind` is "number" where there is a scale or nothing.
    """

    end: int
    kind: Kind
    name: str | None
    currency: str | None
    scale: Decimal
    more: bool


def read_unit(normal: str, at: int, money_first: str | None, han: bool) -> Unit:
    """Return the unit that follows a number ending at `at`.

    `money_first` is the currency sign that stood before the number; `han` says that the number was in
    Chinese numerals, after which some measure words are names of things.
    """
    match = _TAIL.match(normal, at)
    assert match is not None  # every part is optional
    if match.lastgroup is None and money_first is None:
        return Unit(at, "number", None, None, Decimal(1), False)
    scale, end = _scale_of(match, money_first is not None)
    more = match["more"] is not None or match["also"] is not None
    if match["short"] and money_first is None:
        return Unit(end, "number", None, None, scale, more)
    if money_first is not None:
        name, currency = _MONEY[money_first]
        return Unit(match.end() if match["money"] else end, "money", name, currency, scale, more)
    return _with_unit(match, scale, end, more, han)


def _scale_of(match: re.Match[str], short: bool) -> tuple[Decimal, int]:
    """Return the scale and where it ends; the short forms (m, bn) only count after a currency sign."""
    scale, end = Decimal(1), match.start()
    for group in ("scale", "short") if short else ("scale",):
        if match[group]:
            scale, end = scale * scale_value(match[group]), match.end(group)
    for group in ("more", "also"):
        if match[group] and (group == "also" or match["scale"]):
            end = max(end, match.end(group))
    return scale, end


def scale_value(text: str) -> Decimal:
    """Return the value of a scale: 万, 千万, 万亿, hundred thousand, bn."""
    value = Decimal(1)
    words = text.replace("-", " ").split()
    for word in words if words and words[0] in _SCALES else text.strip():
        value *= _SCALES[word]
    return value


def _with_unit(match: re.Match[str], scale: Decimal, end: int, more: bool, han: bool) -> Unit:
    group, word = match.lastgroup, match[match.lastgroup or 0]
    if group == "money":
        return Unit(match.end(), "money", *_MONEY[word], scale, more)
    if group == "percent":
        return _percent(match.end(), word, scale, more)
    if group == "times":
        return Unit(match.end(), "ratio", "倍", None, scale, more)
    if group == "duration":
        name = _DURATIONS.get(word) or _singular(word)
        return Unit(match.end(), "duration", name, None, scale, more)
    if group == "count" and not (han and word in _NOT_AFTER_HAN):
        return Unit(match.end(), "count", word, None, scale, more)
    return Unit(end, "number", None, None, scale, more)


def _percent(end: int, word: str, scale: Decimal, more: bool) -> Unit:
    if word == "‰":
        return Unit(end, "percent", "%", None, scale / 10, more)
    if "基点" in word or "basis" in word:
        return Unit(end, "percent", "percentage point", None, scale / 100, more)
    point = "点" in word or "point" in word
    return Unit(end, "percent", "percentage point" if point else "%", None, scale, more)


def _singular(word: str) -> str:
    name = word.lstrip("-").replace("-", " ")
    name = name.removesuffix("s").replace("business day", "working day")
    return name.removeprefix("calendar ")


def currency_before(normal: str, at: int) -> tuple[str, int] | None:
    """Return the currency sign that ends at `at` (before a number), and where it starts."""
    match = _PREFIX.search(normal, max(0, at - 6), at)
    return (match.group().rstrip(), match.start()) if match else None


def named_unit(name: str) -> Unit | None:
    """Return the unit that a table header names: 万元, 家, %; `end` is meaningless."""
    match = _UNIT_NAME.fullmatch(name)
    if match is None:
        return None
    return read_unit(name, 0, None, han=False)
