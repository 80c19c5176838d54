"""Text -> figures, in one pass from left to right."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from indexer.quantities.dates import MONTH_NAME, plain_year, read_dates
from indexer.quantities.figures import Figure, words
from indexer.quantities.not_figures import not_a_figure, ordinal_end
from indexer.quantities.numerals import NUMBER_WORD, Numeral, read_numeral
from indexer.quantities.ranks import RANK_WORD, read_rank
from indexer.quantities.shares import SHARE_WORD, read_share
from indexer.quantities.units import Unit, currency_before, read_unit
from indexer.records import Language

_CHINESE_START = re.compile(r"[0-9]|[零〇一二两三四五六七八九十廿卅半第前过]|[百千万]分之")
_ENGLISH_START = re.compile(
    rf"[0-9]|(?<![a-z])(?:{NUMBER_WORD}|{MONTH_NAME}|{RANK_WORD}|{SHARE_WORD}|top|no\.)(?![a-z])|第|分之"
)
_LINK = re.compile(r" ?(?:至|到|~|-|to(?![a-z])) ?|(?: and )")
_LETTERS = re.compile(r"[a-z0-9_]{1,40}")
# 一个平台 is "a platform": alone it counts nothing, unless a word of counting stands before it.
_COUNTING = re.compile(r"[共仅有达为第超过近约] ?\Z|累计\Z")
_NOUNS = re.compile(r" ([a-z][a-z'-]{1,30})" + r"(?: ([a-z][a-z'-]{1,30}))?" * 4)
_NO_NOUN = frozenset(
    words(
        "of in to and or were was are is have has had per for by from at on with as under than the "
        "a an this that these those which who each more less within after before if not it its "
        "would will can may times was"
    )
)
_NOT_PLURAL = re.compile(r"(?:ss|us|is|'s|ous|series)\Z")
_IRREGULAR = frozenset(["people", "men", "women", "children", "staff", "personnel", "persons", "series"])


def read_figures(normal: str, language: Language) -> Iterator[Figure]:
    """Yield the figures of `normal` (normalised text) in order, without overlap.

    The number of characters looked at for each start is bounded, and every run of numerals is passed over
    whole, so the time is linear in the text.
    """
    starts = _CHINESE_START if language == "zh" else _ENGLISH_START
    position = floor = 0
    while match := starts.search(normal, position):
        found, end = _read_at(normal, match.start(), floor)
        yield from found
        floor = found[-1].end if found else floor
        position = max(end, match.start() + 1)


def _read_at(normal: str, at: int, floor: int) -> tuple[list[Figure], int]:
    """Return the figures that start at `at` and where to go on; nothing before `floor` is taken."""
    first = normal[at]
    if first == "第":
        rank = read_rank(normal, at, floor)
        return ([rank], rank.end) if rank else ([], ordinal_end(normal, at) or at + 1)
    dates = (
        read_dates(normal, at) if ("0" <= first <= "9" and not _glued(normal, at)) or first in "一二" else []
    )
    if not dates and first.isascii() and first.isalpha():
        dates = read_dates(normal, at)
    share = read_share(normal, at) or read_rank(normal, at, floor)
    if share and not dates and not ("0" <= first <= "9" and _glued(normal, at)):
        return [share], share.end
    if "0" <= first <= "9" and currency_before(normal, at) is None:
        skipped = not_a_figure(normal, at)
        if skipped is not None:
            return [], max(skipped, _run_end(normal, at))
    if dates:
        return dates, dates[-1].end
    return _amounts(normal, at, floor)


def _glued(normal: str, at: int) -> bool:
    """Whether the digits at `at` go on from letters, digits or a code's signs."""
    return at > 0 and normal[at - 1].isascii() and (normal[at - 1].isalnum() or normal[at - 1] in "./_[")


def _run_end(normal: str, at: int) -> int:
    numeral = read_numeral(normal, at)
    end = numeral.end if numeral else at + 1
    letters = _LETTERS.match(normal, end)
    return letters.end() if letters else end


def _amounts(normal: str, at: int, floor: int) -> tuple[list[Figure], int]:
    """Read an amount, or both ends of a range of amounts."""
    numeral = read_numeral(normal, at)
    if numeral is None or numeral.value is None:
        return [], numeral.end if numeral else at + 1
    sign = currency_before(normal, at)
    if sign and sign[1] < floor:
        sign = None
    unit = read_unit(normal, numeral.end, sign[0] if sign else None, numeral.written == "han")
    start = sign[1] if sign else at
    pair = _range(normal, start, numeral, unit)
    if pair:
        return pair, pair[1].end
    figure = _figure(normal, start, numeral, unit)
    if figure is None:
        return [], _run_end(normal, at) if numeral.written == "digits" else numeral.end
    year = plain_year(normal, at) if figure.kind in ("number", "count") and unit.end == numeral.end else None
    return [year or figure], (year or figure).end


def _range(normal: str, start: int, numeral: Numeral, unit: Unit) -> list[Figure] | None:
    """Read 3至5年, 10万元至20万元 or between 3 and 5 years; the first end borrows what it lacks."""
    link = _LINK.match(normal, unit.end)
    if link is None or (link.group() == " and " and normal[max(0, start - 8) : start] != "between "):
        return None
    sign = _SIGN.match(normal, link.end())
    second_at = sign.end() + (normal[sign.end() : sign.end() + 1] == " ") if sign else link.end()
    second = read_numeral(normal, second_at)
    if second is None or second.value is None or numeral.value is None or second.written != numeral.written:
        return None
    money = sign.group() if sign else _sign_of(normal, start)
    later = read_unit(normal, second.end, money, second.written == "han")
    last = _figure(normal, sign.start() if sign else second_at, second, later)
    if last is None or last.kind == "number" or (unit.name is not None and unit.name != later.name):
        return None
    scale = unit.scale if unit.scale != 1 or unit.name is not None else later.scale
    first = last._replace(start=start, end=unit.end, value=numeral.value * scale, bound="from")
    return [first, last._replace(bound="to")]


_SIGN = re.compile(r"人民币¥|cn¥|rmb¥|¥|us\$|hk\$|m\$|\$|€|£|rmb|cny|usd|hkd|eur|gbp|人民币")


def _sign_of(normal: str, start: int) -> str | None:
    match = _SIGN.match(normal, start)
    return match.group() if match else None


def _figure(normal: str, start: int, numeral: Numeral, unit: Unit) -> Figure | None:
    """Put number and unit together, or return None where they are no quantity."""
    assert numeral.value is not None
    value = numeral.value * unit.scale
    bound = "more than" if unit.more else None
    if unit.kind == "number":
        return _bare(normal, start, numeral, unit, value)
    if numeral.written == "han" and not _counts(normal, start, numeral, unit):
        return None
    end, value = _and_a_half(normal, unit, value)
    return Figure(start, end, unit.kind, value, unit.name, unit.currency, bound)  # type: ignore[arg-type]


def _and_a_half(normal: str, unit: Unit, value: Decimal) -> tuple[int, Decimal]:
    """Add the 半 of 两年半."""
    half = unit.kind == "duration" and normal[unit.end : unit.end + 1] == "半"
    return (unit.end + 1, value + Decimal("0.5")) if half else (unit.end, value)


def _counts(normal: str, start: int, numeral: Numeral, unit: Unit) -> bool:
    """Tell 三家企业 from 一个, 二次创业 and 五次会议."""
    if unit.kind != "count":
        return numeral.end - start > 1 or normal[start] != "零"
    if unit.name == "次" and normal[unit.end : unit.end + 2] in ("会议", "全会", "全体", "创业", "元件"):
        return False
    if normal[start : numeral.end] == "一":
        return _COUNTING.search(normal, max(0, start - 3), start) is not None
    return True


def _bare(normal: str, start: int, numeral: Numeral, unit: Unit, value: Decimal) -> Figure | None:
    """Read an English count (28 research teams), an amount with a scale only, or a number alone."""
    bound = "more than" if unit.more else None
    noun = _noun_end(normal, unit.end, value == 1)
    if noun:
        end, name = noun
        return Figure(start, end, "count", value, name, None, bound)  # type: ignore[arg-type]
    if unit.scale != 1:
        return Figure(start, unit.end, "number", value, None, None, bound)  # type: ignore[arg-type]
    if numeral.written != "digits" or _goes_on(normal, numeral.end):
        return None
    return Figure(start, numeral.end, "number", value)


_ENDS_NUMBER = re.compile(r"\s*(?:[。,;、:()|!?\]]|\Z|\.(?![0-9])|的|[a-z])|\s+[0-9]|\s*\n")


def _goes_on(normal: str, end: int) -> bool:
    """Whether the digits are part of a name or a code (5g, 3号, 12-b) rather than a number alone."""
    if normal[end : end + 1].isascii() and normal[end : end + 1].isalnum():
        return True
    return _ENDS_NUMBER.match(normal, end, end + 4) is None


def _noun_end(normal: str, end: int, singular: bool) -> tuple[int, str] | None:
    """Return the end and the head noun of the English noun phrase that a number counts."""
    match = _NOUNS.match(normal, end)
    if match is None:
        return None
    best = None
    for group in range(1, 6):
        word = match[group]
        if word is None or word in _NO_NOUN:
            break
        plural = word in _IRREGULAR or (word[-1] == "s" and len(word) > 3 and not _NOT_PLURAL.search(word))
        if plural or (singular and group == 1):
            best = match.end(group), word
        elif best:
            break
    return best
