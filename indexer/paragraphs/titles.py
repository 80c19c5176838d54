"""Titles: which line of a document's head names it, and what kind of paper a title says it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from indexer.paragraphs.counters import counter_of
from indexer.paragraphs.roles import (
    ENGLISH_KINDS,
    compact,
    has_sentence,
    is_addressee,
    is_fixed,
    is_label,
    is_office,
)

_ATTACHED = (
    "办法|条例|规定|细则|规则|方案|预案|规划|计划|纲要|要点|目录|清单|名单|名录|章程|措施|标准|制度|指南|指引|意见|"
    "报告|请示|说明"
)
_KINDS = (
    f"{_ATTACHED}|通知|通报|通告|公告|公报|公示|意见书|答复|复函|函|批复|决定|决议|命令|令|规程|规范|纪要|解读|解释|"
    "议案|提案|建议|声明|白皮书|倡议|倡议书|问答|案例|法|公约|协定|协议|合同|守则|准则|大纲|通则|总结|批示|讲话"
)
_SAME_KIND = {"复函": "函", "意见书": "意见", "倡议书": "倡议"}
_TITLE_END = re.compile(
    rf"(?P<kind>{_KINDS})》?"
    r"(?:[（(〔\[][^（()）]{1,30}[）)〕\]]){0,3}$"
)
_TITLE_START = re.compile(r"关于|印发|转发|批转|^[\u4e00-\u9fff、]{2,20}对[\u4e00-\u9fff]")
_TITLE_COMPLETE = re.compile(
    r"(?:的|若干|实施|暂行|试行|管理|指导)[\u4e00-\u9fff]{1,4}》?(?:[（(〔][^（()）]{1,30}[）)〕])*$"
)
_TITLE_STOP = re.compile(r"[。；！？:：]")

_ENGLISH_KIND = re.compile(rf"\b({ENGLISH_KINDS})\b", re.IGNORECASE)


class HeadLine(NamedTuple):
    """A line as the search for a title sees it. `marked`: the source marks it as a heading."""

    text: str
    marked: bool


def is_title_start(text: str) -> bool:
    """Whether a line could be the first of a title that runs over several lines."""
    if len(text) > 80 or _TITLE_STOP.search(text) or counter_of(text):
        return False
    return _TITLE_START.search(compact(text)) is not None


def completes_title(text: str) -> bool:
    """Whether nothing can follow in a title that ends so: …的通知, but not …管理制度."""
    return ends_as_title(text) and _TITLE_COMPLETE.search(compact(text)) is not None


def ends_as_title(text: str) -> bool:
    """Whether a line ends with a kind of paper, remarks in brackets apart: …的通知, …办法（试行）."""
    if len(text) > 200:
        return False
    return _TITLE_END.search(compact(text)) is not None


def is_attached_title(text: str) -> bool:
    """Whether a line names a paper that is attached to a notice and follows it."""
    if len(text) > 50 or text[-1] in "。；：:;" or re.search(r"[。；，：！？,:]", text) or is_fixed(text):
        return False
    bare = compact(text)
    match = _TITLE_END.search(bare)
    return match is not None and match["kind"] in _ATTACHED.split("|") and len(bare) >= 6


def kind_of(title: str) -> str | None:
    """Return the kind of paper a title names: its last noun in Chinese, its first kind word in English."""
    bare = compact(title).strip('《》“”"*')
    match = _TITLE_END.search(bare)
    if match:
        return _SAME_KIND.get(match["kind"], match["kind"])
    english = _ENGLISH_KIND.search(title)
    return english[1].lower() if english else None


def find_title(lines: Sequence[HeadLine]) -> int | None:
    """Return which of a document's first lines is its title, or None where none looks like one.

    A 标题： label is believed; then marked headings, those that name a kind of paper first and offices
    never; then plain lines of the head that name a kind of paper.
    """
    labelled = _labelled(lines)
    if labelled is not None:
        return labelled
    marked = [n for n, line in enumerate(lines) if line.marked and _may_be_title(line.text)]
    front = _head_length(lines)
    head = [n for n in range(front) if _may_be_title(lines[n].text)]
    chinese = [n for n in head if _names_kind(lines[n].text)]
    candidates = [
        *(n for n in marked[:2] if _names_kind(lines[n].text)),
        *(n for n in marked[:1] if not any(_may_be_title(line.text) for line in lines[: min(n, front)])),
        *(n for n in chinese if "关于" in compact(lines[n].text)),
        *chinese,
        *(n for n in head if lines[n].text.isascii() and _ENGLISH_KIND.search(lines[n].text)),
    ]
    return next(iter(candidates), None)


def first_plain_line(lines: Sequence[HeadLine]) -> str | None:
    """Return the first line of a head that is no office, number, date or label."""
    plain = (line.text for line in lines[: _head_length(lines)] if _may_be_title(line.text))
    return next(plain, None)


def _labelled(lines: Sequence[HeadLine]) -> int | None:
    for number, line in enumerate(lines[:30]):
        bare = compact(line.text[:20])
        if bare in ("标题：", "标题:") and number + 1 < len(lines):
            return number + 1
    return None


def _names_kind(text: str) -> bool:
    return ends_as_title(text) and len(compact(text)) >= 5 and not has_sentence(text)


def _head_length(lines: Sequence[HeadLine]) -> int:
    """Count the lines before the text proper: up to the addressee or the first sentence."""
    for number, line in enumerate(lines):
        text = line.text
        if is_fixed(text) or is_label(text):
            continue
        if (
            has_sentence(text)
            or len(text) > 200
            or is_addressee(text)
            or re.search(r"[a-z]{2}\.(\s|$)", text)
        ):
            return number
        if number and counter_of(text):
            return number
    return len(lines)


def _may_be_title(text: str) -> bool:
    return (
        len(text) <= 200
        and not is_fixed(text)
        and not is_label(text)
        and not is_office(text)
        and counter_of(text) is None
    )
