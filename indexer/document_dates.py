"""Dates as documents write them, in either language, as ISO 8601."""

from __future__ import annotations

import re
from datetime import date

_MONTH_NAMES = (
    "january jan",
    "february feb",
    "march mar",
    "april apr",
    "may",
    "june jun",
    "july jul",
    "august aug",
    "september sept sep",
    "october oct",
    "november nov",
    "december dec",
)
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in names.split()}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DATE = re.compile(
    rf"""
    (?P<year>\d{{4}})\s?[年./-]\s?(?P<month>\d{{1,2}})\s?[月./-]\s?(?P<day>\d{{1,2}})\s?日?(?!\d)
    | (?P<han_year>[一二][〇○零Ｏ0一二三四五六七八九]{{3}})年(?P<han_month>[一二三四五六七八九十]{{1,2}})月
      (?P<han_day>[一二三四五六七八九十]{{1,3}})日
    | (?P<day_first>\d{{1,2}})(?:st|nd|rd|th)?\s(?P<name>{_MONTH})\.?,?\s(?P<year_last>\d{{4}})(?!\d)
    | (?P<name_first>{_MONTH})\.?\s(?P<day_second>\d{{1,2}})(?:st|nd|rd|th)?,?\s(?P<year_end>\d{{4}})(?!\d)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_HAN_DIGITS = {c: str(i) for i, c in enumerate("零一二三四五六七八九")} | {
    "〇": "0",
    "○": "0",
    "Ｏ": "0",
    "0": "0",
}
_WRAPPING = re.compile(
    r"(?:[（(*]|(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday),?\s)", re.IGNORECASE
)


def find_dates(text: str) -> list[tuple[str, int, int]]:
    """Return (ISO date, start, end) of every full date in `text`; days that do not exist are left out."""
    found = ((_iso(match), match.start(), match.end()) for match in _DATE.finditer(text))
    return [(iso, start, end) for iso, start, end in found if iso is not None]


def is_date_line(text: str) -> bool:
    """Whether a line is a date and nothing else."""
    if len(text) > 40:
        return False
    bare = text.strip("（()）* 　\t。.")
    bare = _WRAPPING.sub("", bare)
    match = _DATE.fullmatch(re.sub(r"\s+(?=[年月日])|(?<=[年月])\s+", "", bare))
    return match is not None and _iso(match) is not None


def date_line(text: str) -> str | None:
    """Return the ISO date of a line that is a date and nothing else, or None."""
    if not is_date_line(text):
        return None
    dates = find_dates(re.sub(r"\s+(?=[年月日])|(?<=[年月])\s+", "", text))
    return dates[0][0] if dates else None


def _iso(match: re.Match[str]) -> str | None:
    if match["han_year"]:
        year = int("".join(_HAN_DIGITS[c] for c in match["han_year"]))
        return _valid(year, _han_small(match["han_month"]), _han_small(match["han_day"]))
    year = int(match["year"] or match["year_last"] or match["year_end"])
    name = match["name"] or match["name_first"]
    month = _MONTHS[name.lower()] if name else int(match["month"])
    return _valid(year, month, int(match["day"] or match["day_first"] or match["day_second"]))


def _valid(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _han_small(text: str) -> int:
    """Return the value of Chinese numerals below a hundred: 十二 -> 12, 三十一 -> 31."""
    tens, ten, units = text.rpartition("十")
    if not ten:
        return int(_HAN_DIGITS[units]) if len(units) == 1 else 0
    return (int(_HAN_DIGITS[tens]) if tens else 1) * 10 + (int(_HAN_DIGITS[units]) if units else 0)
