"""Parts of a whole written without a percent sign: 百分之三十, 三分之一, 三成, 一半, 1:0.5, two thirds."""

from __future__ import annotations

import re
from decimal import Decimal

from indexer.quantities.figures import Figure
from indexer.quantities.numerals import Numeral, read_numeral, words_value

_ENGLISH_PARTS = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "tenth": 10}
SHARE_WORD = "half|a third|a quarter|one"
_ENGLISH = re.compile(
    r"(?P<many>a|one|two|three|four)[ -](?P<part>half|third|quarter|fifth"
    r"|tenth)s?(?= of(?![a-z]))|half(?= of(?![a-z]))"
    r"|(?P<one>one|two|three) in (?P<every>two|three|four|five|six|seven|eight|nine|ten"
    r"|[0-9]{1,3})(?![a-z0-9,])"
)
_OUT_OF = re.compile(r" ?分之 ?")
_COLON = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,6})?):([0-9]{1,6}(?:\.[0-9]{1,6})?)(?![0-9:])")
_CLOCK = re.compile(r"[0-9]{1,2}:[0-5][0-9](?![0-9.])")
_TENTHS = re.compile(r"([一二三四五六七八九1-9])成(?![立为功果员本都长熟效绩年就品交分份人型套])(半)?")
_FOLD = re.compile(r"([一二三四五六七八九1-9])折(?![叠旧合算扣])")
_HALF_TIME = re.compile(r"半(?:个)?(?P<unit>年|天|小时|月)(?![度级])")
_HALF_UNITS = {"年": "year", "天": "day", "小时": "hour", "月": "month"}
_DIGITS = "〇一二三四五六七八九"


def read_share(normal: str, at: int) -> Figure | None:
    """Return the share that starts at `at`, or None."""
    first = normal[at]
    if first in "百千万":
        return _per(normal, at, {"百": 1, "千": 10, "万": 100}[first])
    if first == "半":
        return _half_time(normal, at)
    if first == "过":
        return (
            Figure(at + 1, at + 2, "ratio", Decimal("0.5"), bound="more than")
            if _past_half(normal, at)
            else None
        )
    if first.isascii() and first.isalpha():
        return _english(normal, at)
    return _colon(normal, at) or _tenths(normal, at) or _fraction(normal, at)


def _per(normal: str, at: int, divisor: int) -> Figure | None:
    """Read what follows 百分之, 千分之, 万分之, as percent."""
    out_of = _OUT_OF.match(normal, at + 1)
    numeral = read_numeral(normal, out_of.end()) if out_of else None
    if numeral is None or numeral.value is None:
        return None
    return Figure(at, numeral.end, "percent", numeral.value / divisor, "%")


def _past_half(normal: str, at: int) -> bool:
    return normal[at + 1 : at + 2] == "半" and normal[at + 2 : at + 3] not in tuple("年天月小个")


def _half_time(normal: str, at: int) -> Figure | None:
    match = _HALF_TIME.match(normal, at)
    if match is None or normal[at - 1 : at] in ("上", "下", "前", "后"):
        return None
    return Figure(at, match.end(), "duration", Decimal("0.5"), _HALF_UNITS[match["unit"]])


def _colon(normal: str, at: int) -> Figure | None:
    """Read 1:0.5 as the first over the second; 13:30 is a time of day."""
    match = _COLON.match(normal, at)
    if match is None or _CLOCK.match(normal, at) or not Decimal(match[2]):
        return None
    return Figure(at, match.end(), "ratio", Decimal(match[1]) / Decimal(match[2]))


def _tenths(normal: str, at: int) -> Figure | None:
    match = _TENTHS.match(normal, at)
    if match:
        value = 10 * _digit(match[1]) + (5 if match[2] else 0)
        return Figure(at, match.end(), "percent", Decimal(value), "%")
    fold = _FOLD.match(normal, at)
    if fold:
        return Figure(at, fold.end(), "ratio", Decimal(_digit(fold[1])) / 10, "折")
    if normal.startswith("一半", at) and not _half_time(normal, at + 1):
        return Figure(at, at + 2, "ratio", Decimal("0.5"))
    return None


def _digit(character: str) -> int:
    return int(character) if character.isdigit() else _DIGITS.index(character)


def _fraction(normal: str, at: int) -> Figure | None:
    """Read 三分之一. The run of numerals may be long, so 分之 is looked for only close by."""
    if normal.find("分之", at, at + 8) < 0:
        return None
    below = read_numeral(normal, at)
    out_of = _OUT_OF.match(normal, below.end) if below else None
    above = read_numeral(normal, out_of.end()) if out_of else None
    if below is None or above is None or not below.value or above.value is None:
        return None
    return Figure(at, above.end, "ratio", above.value / below.value)


def _english(normal: str, at: int) -> Figure | None:
    match = _ENGLISH.match(normal, at)
    if match is None:
        return None
    if match["one"]:
        return Figure(at, match.end(), "ratio", _small(match["one"]) / _small(match["every"]))
    many = Decimal(1) if match["many"] in (None, "a") else _small(match["many"])
    return Figure(at, match.end(), "ratio", many / _ENGLISH_PARTS[match["part"] or "half"])


def _small(text: str) -> Decimal:
    value: Decimal | Numeral | None = Decimal(text) if text.isdigit() else words_value(text)
    assert isinstance(value, Decimal)
    return max(value, Decimal(1))
