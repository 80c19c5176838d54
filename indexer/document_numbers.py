"""Document numbers (文号) in any bracket or width form, in documents and in questions.

Found on the normalised text, whose offsets are those of the text as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from indexer.normalizing import normalize
from indexer.records import DocumentNumber, Span

_YEAR = r"(?:19|20)\d\d"
_CORE = re.compile(
    rf"[\[(]\s?(?P<year>{_YEAR})\s?年?\s?[\])]\s?"
    r"(?:(?P<infix>[\u4e00-\u9fff]{1,10}?)?(?:第\s?)?(?P<sequence>\d{1,5})\s?号"
    r"|no\.?\s?(?P<english>\d{1,5})|(?P<bare>\d{1,5})(?![\d\].]))"
)
_CODE = re.compile(
    rf"(?<![a-z0-9/])(?P<agency>[a-z]{{2,10}}(?:/[a-z]{{1,10}}){{0,4}})/(?P<year>{_YEAR}|\d\d)[/-](?P<sequence>\d{{1,5}})"
    r"(?![\d/])"
)
_ANNOUNCEMENT = re.compile(rf"(?P<year>{_YEAR})\s?年\s?第?\s?(?P<sequence>\d{{1,5}})\s?号")

_HAN = re.compile(r"[\u4e00-\u9fff]")
_AGENCY_MAX = 16
# Words that run up to an agency in a sentence: 根据国发〔2023〕12号 is 国发's.
_BEFORE_AGENCY = re.compile(
    r".*(?:根据|依据|按照|依照|参照|遵照|详见|参见|文号|字号|文件|印发|转发|下发|我局|我市|我省|关于|执行|落实|贯彻|废止|"
    r"请问|请查|查找|查询|查一下|查看|搜索|搜一下|找一下|帮我|什么是|解读|对照|附件|标准|规定|编号|来源|号|的|见)"
)
_LINKING = re.compile(r"^[和与及或按以即](?=.{2})")


@dataclass(frozen=True, slots=True)
class DocumentNumberQuery:
    """A whole or partial document number in a question; what it does not say is None.

    `agency` is normalised as in DocumentNumber; `span` points into the question.
    """

    agency: str | None
    year: int | None
    sequence: int | None
    span: Span


def find_document_numbers(text: str) -> list[tuple[DocumentNumber, Span]]:
    """Return every complete document number in `text`, in order, with its place.

    `DocumentNumber.text` is as it stands; `agency` is normalised (width, traditional forms, case).
    """
    return [
        (DocumentNumber(text[span.start : span.end], found.agency, found.year, found.sequence), span)
        for found, span in _complete(text)
    ]


def is_number_line(text: str) -> bool:
    """Whether a line is a document number and nothing else."""
    if len(text) > 80 or _MARK.search(text) is None:
        return False
    bare = text.strip("*（() 　）")
    found = find_document_numbers(bare)
    if found:
        _, span = found[0]
        return span.start == 0 and span.end >= len(bare) - 1
    return (
        _ANNOUNCEMENT.fullmatch(normalize(bare)) is not None or _ORDER.fullmatch(normalize(bare)) is not None
    )


_ORDER = re.compile(r"(?:[\u4e00-\u9fff]{0,20}令\s?)?第\s?(?P<sequence>\d{1,4})\s?号")


def announcement_parts(text: str) -> tuple[int | None, int] | None:
    """Return (year, sequence) of a line such as 2025年第2号 or 第706号 (no year), or None."""
    if len(text) > 40:
        return None
    bare = normalize(text.strip("*（() 　）"))
    match = _ANNOUNCEMENT.fullmatch(bare)
    if match:
        return int(match["year"]), int(match["sequence"])
    order = _ORDER.fullmatch(bare)
    return (None, int(order["sequence"])) if order else None


@dataclass(frozen=True, slots=True)
class _Found:
    agency: str
    year: int
    sequence: int


def _complete(text: str) -> Iterator[tuple[_Found, Span]]:
    if _MARK.search(text) is None:
        return
    normal = normalize(text)
    found = [*_bracketed(text, normal), *_coded(normal)]
    yield from sorted(found, key=lambda pair: pair[1])


# Every form has one of these in it, whatever the width of the rest.
_MARK = re.compile("[号號/／ＮN]")


def _bracketed(text: str, normal: str) -> Iterator[tuple[_Found, Span]]:
    after = 0
    for match in _CORE.finditer(normal):
        if match["bare"]:
            continue
        english = match["english"] is not None
        start, agency = _agency_before(text, normal, match.start(), after, english)
        agency = agency or match["infix"] or ""
        if agency:
            sequence = int(match["sequence"] or match["english"])
            yield _Found(agency, int(match["year"]), sequence), Span(start, match.end())
        after = match.end()


def _coded(normal: str) -> Iterator[tuple[_Found, Span]]:
    for match in _CODE.finditer(normal):
        year = int(match["year"])
        if year > 99 or "/" in match["agency"]:
            year += 2000 if year < 100 else 0
            yield _Found(match["agency"], year, int(match["sequence"])), Span(match.start(), match.end())


def _agency_before(text: str, normal: str, end: int, floor: int, english: bool) -> tuple[int, str]:
    """Return where the agency before `end` begins, and the agency; (end, "") where there is none."""
    stop = end
    while stop > floor and normal[stop - 1].isspace() and end - stop < 3:
        stop -= 1
    if english and not _HAN.match(normal[stop - 1 : stop]):
        return _english_agency(text, normal, stop, max(floor, stop - 80))
    start = stop
    while start > floor and stop - start < _AGENCY_MAX + 8 and _HAN.match(normal[start - 1]):
        start -= 1
    run = normal[start:stop]
    prefix = _BEFORE_AGENCY.match(run)
    if prefix and prefix.end() < len(run):
        run = run[prefix.end() :]
    before = stop - len(run) - 1
    if (before >= 0 and normal[before] in '号"》)') or len(run) > 4:
        run = _LINKING.sub("", run)
    run = run[-_AGENCY_MAX:]
    return (stop - len(run), run) if run else (end, "")


def _english_agency(text: str, normal: str, stop: int, floor: int) -> tuple[int, str]:
    """Read an agency in Latin letters: the capitalised words before `stop`, or all but common words."""
    window = normal[floor:stop]
    floor += max(window.rfind(mark) + 1 for mark in ':;,(\n"*[|')
    words = list(_WORD.finditer(text, floor, stop))
    first = len(words)
    capitals = any(word.group()[0].isupper() for word in words)
    for position in range(len(words) - 1, -1, -1):
        word = words[position].group()
        if word[0].isupper() or (not capitals and word not in _COMMON):
            first = position
        elif capitals is False or word not in _CONNECTING:
            break
    if first == len(words):
        return stop, ""
    start = words[first].start()
    return start, normal[start:stop]


_WORD = re.compile(r"[^\W\d_][\w'&./-]*")
_CONNECTING = frozenset(["of", "for", "and", "the", "on", "in"])
_COMMON = frozenset(
    [
        "what",
        "which",
        "is",
        "in",
        "the",
        "does",
        "do",
        "say",
        "says",
        "about",
        "of",
        "see",
        "under",
        "find",
        "show",
        "me",
        "by",
        "to",
        "a",
        "an",
        "please",
        "tell",
    ]
)


# ---- questions -------------------------------------------------------------------------------------

_QUESTION_MAX = 2000
# An agency's short form ends with the kind of paper it numbers.
_KIND_END = "函发办字规令通释文电告政教财税环综监市人建社医保科综委厅议纪批复审管"
_SHORT_KIND_END = "函发字规令释文电"
_SPACED = re.compile(rf"(?P<year>{_YEAR})\s?[\s年/-]\s?第?\s?(?P<sequence>\d{{1,5}})(?!\d)\s?(?P<sign>号)?")
_SEQUENCE = re.compile(r"(?<!\d)(?P<ordinal>第\s?)?(?P<sequence>\d{1,5})\s?号(?P<paper>文)?")
_OTHER_NUMBERS = re.compile(
    r"\s?(?:建议|提案|议案|楼|院|房|门|机|车|台风|线|店|馆|厅|库|井|桥|路|街|地块|案|专利|产品|文物|馆藏|教室|会议室|窗口)"
)
_COMMON_WORDS = re.compile(
    r"(?:印发|下发|出发|颁发|转发|研发|开发|核发|发放|汉字|数字|文字|名字|签字|作文|中文|英文|论文|来函|法令)$"
)


def find_references(question: str) -> list[DocumentNumberQuery]:
    """Return the whole and partial document numbers that a question names, in order, without overlap.

    泉科函〔2026〕102号 in any brackets and widths, 泉科函 2026 102, 泉科函102号, 【2026】102号, 2026年102号,
    102号文, and the English forms that find_document_numbers knows. Numbers of proposals, houses and
    projects (第1288号建议, 2025 年 13 个项目) are not references.
    """
    text = question[:_QUESTION_MAX]
    normal = normalize(text)
    taken: list[DocumentNumberQuery] = []
    for find in (_bracketed_references, _coded_references, _spaced_references, _sequence_references):
        for reference in find(text, normal):
            if all(reference.span.end <= t.span.start or t.span.end <= reference.span.start for t in taken):
                taken.append(reference)
    return sorted(taken, key=lambda reference: reference.span)


def _bracketed_references(text: str, normal: str) -> Iterator[DocumentNumberQuery]:
    after = 0
    for match in _CORE.finditer(normal):
        start, agency = _agency_before(text, normal, match.start(), after, match["english"] is not None)
        after = match.end()
        if (match["bare"] and not agency) or _OTHER_NUMBERS.match(normal, match.end()):
            continue
        sequence = int(match["sequence"] or match["english"] or match["bare"])
        agency = agency or match["infix"] or ""
        yield DocumentNumberQuery(agency or None, int(match["year"]), sequence, Span(start, match.end()))


def _coded_references(_: str, normal: str) -> Iterator[DocumentNumberQuery]:
    for found, span in _coded(normal):
        yield DocumentNumberQuery(found.agency, found.year, found.sequence, span)


def _spaced_references(_: str, normal: str) -> Iterator[DocumentNumberQuery]:
    for match in _SPACED.finditer(normal):
        start, agency = _agency_before(normal, normal, match.start(), 0, False)
        if not agency or agency[-1] not in _KIND_END or _COMMON_WORDS.search(agency):
            start, agency = match.start(), ""
        if match["sign"] is None and (not agency or _counts_things(normal, match)):
            continue
        if not _OTHER_NUMBERS.match(normal, match.end()):
            year, sequence = int(match["year"]), int(match["sequence"])
            yield DocumentNumberQuery(agency or None, year, sequence, Span(start, match.end()))


def _counts_things(normal: str, match: re.Match[str]) -> bool:
    """Tell 泉科函 2026 102 from 国发办 2025 年 13 个项目."""
    after = normal[match.end() : match.end() + 2].strip()[:1]
    return "年" in match.group() or (after != "" and after in "年月日个家项万亿元人次%")


def _sequence_references(_: str, normal: str) -> Iterator[DocumentNumberQuery]:
    for match in _SEQUENCE.finditer(normal):
        if _OTHER_NUMBERS.match(normal, match.end()):
            continue
        start, agency = _agency_before(normal, normal, match.start(), 0, False)
        if len(agency) < 2 or agency[-1] not in _SHORT_KIND_END or _COMMON_WORDS.search(agency):
            start, agency = match.start(), ""
        if agency or match["paper"]:
            yield DocumentNumberQuery(agency or None, None, int(match["sequence"]), Span(start, match.end()))
