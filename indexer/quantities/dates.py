"""Dates and ranges of dates, at the precision that the text gives."""

from __future__ import annotations

import re
from calendar import monthrange
from decimal import Decimal
from typing import NamedTuple

from indexer.quantities.figures import Bound, Figure
from indexer.quantities.numerals import han_value

_MONTH_WORDS = (
    "january jan,february feb,march mar,april apr,may,june jun,july jul,august aug,september sept sep,"
    "october oct,november nov,december dec"
)
_MONTHS = {name: number for number, names in enumerate(_MONTH_WORDS.split(","), 1) for name in names.split()}
MONTH_NAME = "|".join(sorted(_MONTHS, key=len, reverse=True))
_YEAR = r"(?:19|20)[0-9]{2}"
_PART = r"上半年|下半年|第?[一二三四1-4] ?季度"
_DATE = re.compile(
    rf"""
    (?P<y>{_YEAR})\ ?年度?(?:\ ?(?P<m>[0-9]{{1,2}})\ ?月份?
      (?:\ ?(?P<d>[0-9]{{1,2}})\ ?[日号])?|(?P<part>{_PART}))?
    |(?P<y2>{_YEAR})(?P<sep>[-/.])(?P<m2>[0-9]{{1,2}})(?P=sep)(?P<d2>[0-9]{{1,2}})(?![0-9.\-/])
    |(?P<m3>[0-9]{{1,2}})\ ?月(?!龄|均)(?:\ ?(?P<d3>[0-9]{{1,2}})\ ?[日号])?
    |(?P<hy>[一二][〇零○一二三四五六七八九]{{3}})年(?:(?P<hm>[一二三四五六七八九十]{{1,2}})月
      (?:(?P<hd>[一二三四五六七八九十]{{1,3}})日)?)?
    |(?P<d4>[0-9]{{1,2}})(?:st|nd|rd|th)?\ (?:of\ )?(?P<n4>{MONTH_NAME})(?![a-z])\.?
      (?:,?\ (?P<y4>{_YEAR})(?![0-9]))?
    |(?P<n5>{MONTH_NAME})\.?\ (?:(?P<d5>[0-9]{{1,2}})(?:st|nd|rd|th)?(?![0-9,.]*[0-9])
      (?:,?\ (?P<y5>{_YEAR})(?![0-9]))?
      |(?P<y6>{_YEAR})(?![0-9]))
    """,
    re.VERBOSE,
)
_LINK = re.compile(r" ?(?:至|到|~|-|to(?![a-z])|until|and(?![a-z])) ?")
_BARE_RANGE = re.compile(
    rf"(?P<from>{_YEAR})(?P<link>年? ?(?:-|~|至|到) ?)(?P<to>{_YEAR})(?![0-9])(?: ?年度?)?"
)
_FISCAL = re.compile(rf"(?P<from>{_YEAR})-(?P<to>[0-9]{{2}})(?!\.[0-9]|[0-9%\-])(?! ?月)(?: ?年度?)?")
_DAY_RANGE = re.compile(rf"(?P<from>[0-9]{{1,2}}) ?(?:-|to) ?(?=[0-9]{{1,2}} (?:{MONTH_NAME})(?![a-z]))")
# What may stand before a year that has no 年: a number of four digits is most often a count.
_BEFORE_YEAR = re.compile(
    r"(?:(?<![a-z])(?:in|by|since|until|till|during|from|to|of|end|early|late|for|before|after|through|year|"
    r"mid|spring|summer|autumn|winter|january|december|between|and|than|the) |\()\Z"
)
_PLAIN_YEAR = re.compile(rf"{_YEAR}(?![0-9,]*[0-9])(?!\.[0-9])")


class _Day(NamedTuple):
    """A date in parts; what the text leaves out is None."""

    start: int
    end: int
    year: int | None
    month: int | None
    day: int | None
    part: str | None = None

    @property
    def iso(self) -> str:
        head = f"{self.year:04d}" if self.year else "-"
        tail = "".join(f"-{number:02d}" for number in (self.month, self.day) if number)
        return head + tail + (f"-{self.part}" if self.part else "")

    @property
    def value(self) -> Decimal:
        """The digits of the ISO date as one number, so that later dates are larger."""
        return Decimal("".join(c for c in self.iso.removesuffix(f"-{self.part}") if c.isdigit()))

    def figure(self, bound: Bound | None, period: str) -> Figure:
        unit = "day" if self.day else "month" if self.month else "year"
        return Figure(self.start, self.end, "date", self.value, unit, bound=bound, period=period)


def read_dates(normal: str, at: int) -> list[Figure]:
    """Return the date that starts at `at`, or the two ends of a range, or []."""
    for short in (_BARE_RANGE, _FISCAL):
        match = short.match(normal, at)
        if match:
            pair = _year_range(match)
            if pair:
                return pair
    first = _day_range(normal, at) or _read(normal, at)
    if first is None:
        return []
    link = _LINK.match(normal, first.end) if normal[first.start : first.end].isdigit() is False else None
    second = _read(normal, link.end()) if link else _read(normal, first.end) if first.end <= at else None
    if second is None:
        return [first.figure(None, first.iso)]
    return _range(first, second)


def plain_year(normal: str, at: int) -> Figure | None:
    """Return a year that stands alone, as in "in 2024", where the words before it call for one."""
    match = _PLAIN_YEAR.match(normal, at)
    if match is None or not _BEFORE_YEAR.search(normal, max(0, at - 10), at):
        return None
    return _Day(at, match.end(), int(match.group()), None, None).figure(None, match.group())


def _range(first: _Day, second: _Day) -> list[Figure]:
    if second.year is None:
        second = second._replace(year=first.year)
    elif first.year is None:
        first = first._replace(year=second.year)
    if first.month is None and second.month and second.day is None:
        first = first._replace(month=second.month) if first.day else first
    period = f"{first.iso}/{second.iso}"
    return [first.figure("from", period), second.figure("to", period)]


def _year_range(match: re.Match[str]) -> list[Figure] | None:
    first, last = int(match["from"]), int(match["to"])
    if last < 100:
        last += first - first % 100
        if last != first + 1:
            return None
    if last < first or (match.re is _BARE_RANGE and _goes_on(match)):
        return None
    period = f"{first}/{last}"
    start, end = match.span()
    ends = _Day(start, match.end("from"), first, None, None), _Day(match.start("to"), end, last, None, None)
    return [ends[0].figure("from", period), ends[1].figure("to", period)]


def _goes_on(match: re.Match[str]) -> bool:
    """Whether months follow the second year (2025年至2026年3月), which is read as a full date."""
    return re.match(r" ?[0-9]{1,2} ?月", match.string[match.end() : match.end() + 5]) is not None


def _day_range(normal: str, at: int) -> _Day | None:
    """Read the 3 of "3-5 March 2025", with its month and year."""
    match = _DAY_RANGE.match(normal, at)
    later = _read(normal, match.end()) if match else None
    if match is None or later is None or int(match["from"]) not in range(1, 32):
        return None
    return _Day(at, match.end("from"), later.year, later.month, int(match["from"]))


def _read(normal: str, at: int) -> _Day | None:
    match = _DATE.match(normal, at)
    if match is None:
        return None
    if match["hy"]:
        return _han_date(match)
    name = match["n4"] or match["n5"]
    month = _MONTHS[name] if name else _int(match["m"] or match["m2"] or match["m3"])
    day = _int(match["d"] or match["d2"] or match["d3"] or match["d4"] or match["d5"])
    year = _int(match["y"] or match["y2"] or match["y4"] or match["y5"] or match["y6"])
    found = _Day(at, match.end(), year, month, day, _part(match["part"]))
    return found if _exists(found) else None


def _int(text: str | None) -> int | None:
    return int(text) if text else None


def _exists(found: _Day) -> bool:
    if found.month is not None and not 1 <= found.month <= 12:
        return False
    # A leap year stands in where the text gives none.
    return found.day is None or 1 <= found.day <= monthrange(found.year or 2024, found.month or 1)[1]


def _han_date(match: re.Match[str]) -> _Day | None:
    year = "".join(
        str("〇一二三四五六七八九".find(c.replace("零", "〇").replace("○", "〇"))) for c in match["hy"]
    )
    parts = [han_value(text) if text else None for text in (match["hm"], match["hd"])]
    month, day = (int(part) if part is not None else None for part in parts)
    found = _Day(match.start(), match.end(), int(year), month, day)
    return found if _exists(found) else None


def _part(text: str | None) -> str | None:
    if not text:
        return None
    if "半年" in text:
        return "H1" if text[0] == "上" else "H2"
    number = text.removeprefix("第")[0]
    return f"Q{number if number.isdigit() and number.isascii() else '一二三四'.index(number) + 1}"
