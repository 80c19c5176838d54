"""The thing that a figure counts, as the text words it."""

from __future__ import annotations

import re

from indexer.quantities.figures import Figure, words
from indexer.quantities.numerals import read_numeral
from indexer.records import Language, Span

_AFTER_MAX = 40
_BEFORE_MAX = 120

# What a clause begins with before it names the thing: adverbs, and verbs of giving, doing and paying.
_CHINESE_LEADING = frozenset(
    words(
        "其中 全市 全省 目前 已 共 年 度 、 和 及 与 并 还 将 对 的 等 ) 由 从 按照 按 内 累计 新增 新 "
        "共计 合计 约 超 近 据 了 ， 又 每年 各 一是 二是 三是 四是 五是 六是 截至 预计 计划 力争 "
        "安排 兑现 拨付 发放 支付 下达 获得 取得 获批 解决 推动 举办 开展 完成 出具 办理 组织 培训 "
        "建成 建立 设立 引进 引建 认定 接收 受理 投入 给予 实施 成立 发布 印发 增加 减少 获评 实现 "
        "达到 支持 落实 补助 服务 获 底 末 以来 上半年 下半年 市财政 省财政 省级财政 市级财政 财政 "
        "实际 拟 一次性 我市 我局 本市 本省 通过 需 收取 缴纳"
    )
)
# Verbs that also begin nouns (服务企业 but 服务机构, 补助资金): kept when this is what follows.
_NOUN_AFTER = re.compile(
    r"(?:资金|经费|金额|标准|比例|机构|平台|收入|中心|项目|总额|费|站|能力|人员|政策|额|范围|券|办法|成本)"
)
_CHINESE_TRAILING = frozenset(
    words(
        "共计 合计 累计 总计 共有 共 达到 达 为 约 近 超过 超 不低于 不少于 不超过 不高于 最高 "
        "最多 至少 至多 达到了 : 逾 突破 不得超过 不得低于 低于 高于 接近 至 到 了 在 按 的 有 是 "
        "给予 每年 仅 分别 各 均 增长 下降 提高 大约 人民币 其中 一次性 安排 、 增加 减少 压缩 "
        "缩短 不足 将近 从 由"
    )
)
# What is left of a clause that names nothing: no subject.
_ONLY_VERBS = (
    _CHINESE_LEADING
    | _CHINESE_TRAILING
    | frozenset(["位居", "位列", "排名", "进入", "封顶", "每月", "每人", "最长", "占", "增至"])
)
_LONGEST_WORD = 4
_CUT = re.compile(
    r"增加到|减少到|提高到|提升到|(?<=.{2})(?:申报|申请|列为|设立|入库|入选|获得|获评|获批|获|通过|完成|予以|给予|进行|开展"
    r"|实现|参加|参与|使用|列入|纳入|享受|"
    r"提供|已经|已|将|均|分别|用于|达到|以上|以下|内(?=完成|办结|作出))"
)
_AFTER = re.compile(r" ?的?([^,;:。!?、()\n\"|<>]{1,40})")
_MONEY_NOUN = re.compile(
    r"(?:的)?[\u4e00-\u9fff]{0,8}?(?:补助|奖励|资金|补贴|贷款|经费|奖金|资助|罚款|费用|支持|基金|贴息|生活费)"
)
_PART = re.compile(r" ?的")
_UNIT_LABEL = re.compile(r" ?\((?:[^()\n]{1,8})\) ?\Z")

_ENGLISH_LEADING = re.compile(
    r"(?:and|or|but|in|the|a|an|of|which|with|by|on|at|for|to|this|it|also|paid(?: out)?"
    r"|disbursed|spent|budgeted|we|has|have|had"
    r"|received|is|are|was|were|will|be|that|there|office|allocated|granted|provided|awarded|plans|planned) "
)
_ENGLISH_TRAILING = re.compile(
    r" ?(?<![a-z])(?:was|were|is|are|be|been|has|have|had|will|shall|may|must|not|totall?ed"
    r"|totall?ing|reach(?:es|ed)|came to|comes to"
    r"|amount(?:s|ed|ing) to|stood at|stands at|to|at|of|by|about|around|nearly|almost|more than"
    r"|less than|over|up to"
    r"|at least|at most|approximately|some|exceeds?|exceeded|no more than|total|a total"
    r"|altogether|rose|fell|grew|the"
    r"|increased|decreased|dropped|set|paid|budgeted|worth|only|within|a|an|from|between"
    r"|in total|for|after|before|until|:) ?\Z"
)
_OBJECT = re.compile(
    r"(?: (?:in|of|for|as|on|to|from))?(?: (?:the|a|an|its|our))? ((?!the |of |in |year(?![a-z])"
    r"|month(?![a-z])"
    r"|day(?![a-z])"
    r"|to |by |per "
    r"|a year|was |were |is |and |or |had |from |at |for |as |on )"
    r"[a-z][a-z'&-]*(?: [a-z&][a-z'&-]*){0,8})"
)
_ENGLISH_CUT = re.compile(
    r" (?:was|were|is|are|to|by|in|and was|that|which|who|with|from|has|have|had|during|will"
    r"|would|at|per|before|after|on|each|if|since)"
    r"(?: |\Z)"
)
_VERB_BEFORE = re.compile(
    r"(?:was|were|is|are|totall?ed|reached|came to|amount(?:s|ed) to|stood at|rose|fell|grew"
    r"|increased|exceed(?:s|ed)?) ?"
    r"(?:to|by|at|about|around|nearly|over|up to|more than|at least|at most)? ?\Z"
)
# 500,000 yuan was paid for something; "the bureau paid 500,000 yuan" does not say for what.
_ACTIVE_BEFORE = re.compile(
    r"(?<!was )(?<!were )(?:paid|disbursed|spent|received|granted|awarded|provided|gave|invested"
    r"|allocated)(?: out)?"
    r"(?: [a-z ]{1,14})? ?\Z"
)
_SCALE_WORDS = re.compile(r"[ -]?(?:(?:hundred|thousand|million|billion|trillion)[ -]?)*")


def subject_of(normal: str, figure: Figure, before: int, after: int, language: Language) -> Span | None:
    """Return the span of what `figure` counts, or None.

    `before` is where its clause (or its part of an enumeration) begins; `after` is where the clause ends
    or the next figure begins.
    """
    if figure.kind == "date":
        return None
    if language == "en":
        return _english(normal, figure, before, after)
    ahead = _chinese_after(normal, figure.end, min(after, figure.end + _AFTER_MAX))
    behind = _chinese_before(normal, max(before, figure.start - _BEFORE_MAX), figure.start)
    if figure.kind == "count":
        return ahead or behind
    if figure.kind == "money" and ahead and _MONEY_NOUN.match(normal, figure.end, ahead.end):
        return ahead
    if figure.kind in ("ratio", "percent") and ahead and _PART.match(normal, figure.end):
        return ahead
    return behind


def _chinese_after(normal: str, start: int, end: int) -> Span | None:
    match = _AFTER.match(normal, start, end)
    if match is None:
        return None
    cut = _CUT.search(normal, match.start(1), match.end())
    last = cut.start() if cut else match.end()
    while last > match.start(1) and normal[last - 1] in "和与及或在 由共":
        last -= 1
    bare = match.group(1)[:2]
    if last - match.start(1) < 2 or bare[0] in "以左上下内起余多/" or not "\u4e00" <= bare[0] <= "\u9fff":
        return None
    return Span(match.start(1), last)


def _chinese_before(normal: str, start: int, end: int) -> Span | None:
    open_at = normal.rfind("(", start, end)
    if open_at >= start and normal.find(")", open_at, end) < 0:
        start = open_at + 1
    label = _UNIT_LABEL.search(normal[start:end].rstrip(" :"))
    end = start + label.start() if label else end
    end = _without_tails(normal, start, end)
    colon = normal.rfind(":", start, end)
    start = _without_heads(normal, max(start, colon + 1), end)
    return Span(start, end) if end - start >= 2 and normal[start:end] not in _ONLY_VERBS else None


def _without_tails(normal: str, start: int, end: int) -> int:
    while end > start:
        if normal[end - 1] == " ":
            end -= 1
            continue
        length = _longest(normal, end, -1, _CHINESE_TRAILING)
        if not 0 < length <= end - start:
            break
        end -= length
    return end


def _without_heads(normal: str, start: int, end: int) -> int:
    """Step over adverbs and verbs, but not into a noun: at least two characters stay."""
    while start < end:
        if normal[start] == " ":
            start += 1
            continue
        length = _longest(normal, start, 1, _CHINESE_LEADING)
        if not length or end - start - length < 2 or _begins_noun(normal, start, length, end):
            break
        start += length
    return start


_WHOLE_WORD = re.compile(
    r"新(?:型|能源|材料|区|闻|兴|业|城|农|建|一代)|年(?:度|均)|各(?:类|级|地|项)|对(?:外|象|口)"
    r"|等级|共(?:建|享|同)|将来"
)


def _longest(normal: str, at: int, way: int, words: frozenset[str]) -> int:
    """Return the length of the longest of `words` that starts (way 1) or ends (way -1) at `at`, or 0."""
    for length in range(_LONGEST_WORD, 0, -1):
        word = normal[at : at + length] if way > 0 else normal[max(0, at - length) : at]
        if word in words:
            return len(word)
    return 0


def _begins_noun(normal: str, start: int, length: int, end: int) -> bool:
    """Whether the verb or adverb at `start` is the beginning of a noun: 服务机构, 新能源."""
    if length > 1:
        return _NOUN_AFTER.match(normal, start + length, end) is not None
    return _WHOLE_WORD.match(normal, start) is not None


def _english(normal: str, figure: Figure, before: int, after: int) -> Span | None:
    if figure.kind == "count":
        return _counted(normal, figure)
    ahead = _OBJECT.match(normal, figure.end, min(after, figure.end + 80))
    behind = _english_before(normal, max(before, figure.start - _BEFORE_MAX), figure.start)
    verb = _VERB_BEFORE.search(normal, max(before, figure.start - 24), figure.start)
    if ahead is None or (verb and behind):
        active = _ACTIVE_BEFORE.search(normal, max(before, figure.start - 30), figure.start)
        return behind if not active else None
    cut = _ENGLISH_CUT.search(normal, ahead.start(1), ahead.end())
    return Span(ahead.start(1), cut.start() if cut else ahead.end())


def _counted(normal: str, figure: Figure) -> Span | None:
    numeral = read_numeral(normal, figure.start)
    scale = _SCALE_WORDS.match(normal, numeral.end, figure.end) if numeral else None
    start = scale.end() if scale else figure.start
    return Span(start, figure.end) if figure.end > start else None


def _english_before(normal: str, start: int, end: int) -> Span | None:
    open_at = normal.rfind("(", start, end)
    if open_at >= start and normal.find(")", open_at, end) < 0:
        start = open_at + 1
    if end - start >= _BEFORE_MAX:
        return None  # a clause this long is not about one thing
    while start < end:
        tail = _ENGLISH_TRAILING.search(normal, max(start, end - 20), end)
        if tail is None:
            break
        end = tail.start()
    while start < end and normal[start] == " ":
        start += 1
    while (head := _ENGLISH_LEADING.match(normal, start, end)) is not None:
        start = head.end()
    while end > start and normal[end - 1] in " :,":
        end -= 1
    return Span(start, end) if end - start >= 3 else None
