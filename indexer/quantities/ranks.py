"""Places in an order: 全省第一, 位居第三, 全国前十, ranked second, first in the province, top 10."""

from __future__ import annotations

import re
from decimal import Decimal

from indexer.quantities.figures import Figure, words
from indexer.quantities.numerals import Numeral, read_numeral

_WORDS = words("first second third fourth fifth sixth seventh eighth ninth tenth")
RANK_WORD = "|".join(_WORDS)
_SCOPE = re.compile(
    r"(?:全省|全国|全市|全球|全区|全县|世界|国内|省内|市内|国际|亚洲|东部|西部|中部|同类城市"
    r"|同行业|行业|全州|全镇|地级市)"
    r"(?:排名|位居|位列|居)?\Z"
)
_RANKING = re.compile(
    r"(?:位居|位列|名列|排名|排在|排|列|居|跃居|跃升至|升至|稳居|保持|并列|为|是|蝉联)(?:全省|全国)? ?\Z"
)
_ENGLISH_RANKING = re.compile(
    r"(?:rank(?:ed|s|ing)?|placed|came|comes|coming)(?: as| at)?(?: no\.| number)? ?\Z"
)
_ENGLISH_SCOPE = re.compile(
    r" (?:place(?! of)|in the (?:province|country|nation|city|world|county|region|state)"
    r"|nationwide|nationally|province-?wide"
    r"|worldwide|nationwide)(?![a-z])"
)
_AFTER = re.compile(r" ?(?:位|名(?!录|单|称)|的|[、。,;:()\n!?\"|]|\Z)")
_NUMBERED = re.compile(r"([0-9]{1,4})(?:st|nd|rd|th)(?![a-z])")
_TOP = re.compile(
    r"(?:前|top )(?=[0-9一二三四五六七八九十百]|(?:one|two|three|four|five|six|seven|eight|nine|ten|twenty))"
)
_CLAUSE_START = re.compile(r"(?:\A|[。,;:!?\n])\s?\Z")
_LARGEST = 100_000


def read_rank(normal: str, at: int, floor: int) -> Figure | None:
    """Return the rank whose number (or 第, 前, top) starts at `at`; `floor` is the end of the last figure."""
    first = normal[at]
    if first == "第":
        return _chinese(normal, at, floor)
    if first in "前t":
        found = _top(normal, at, floor)
        if found or first == "前":
            return found
    if first.isascii():
        return _english(normal, at)
    return None


def _number(normal: str, at: int) -> Numeral | None:
    numeral = read_numeral(normal, at)
    good = numeral is not None and numeral.value is not None and numeral.value < _LARGEST
    return numeral if good else None


def _scope_start(normal: str, at: int, floor: int) -> int:
    scope = _SCOPE.search(normal, max(floor, at - 8), at)
    return scope.start() if scope else at


def _chinese(normal: str, at: int, floor: int) -> Figure | None:
    numeral = _number(normal, at + 1 + (normal[at + 1 : at + 2] == " "))
    after = _AFTER.match(normal, numeral.end) if numeral else None
    if numeral is None or numeral.value is None or after is None:
        return None
    start = _scope_start(normal, at, floor)
    counter = _CLAUSE_START.search(normal, max(0, start - 2), start) is not None
    if start == at and counter and after.group()[-1:] in (",", "、", ":", ";", "."):
        return None  # 第一，… 第二，… count the clauses
    end = numeral.end
    if after.group()[-1:] in ("位", "名"):
        end = after.end()
    elif after.group() == "的" and start == at and not _RANKING.search(normal, max(0, at - 6), at):
        return None
    return Figure(start, end, "rank", numeral.value)


def _top(normal: str, at: int, floor: int) -> Figure | None:
    """Read 全省前三 and top 10: a place no lower than that."""
    match = _TOP.match(normal, at)
    numeral = _number(normal, match.end()) if match else None
    if match is None or numeral is None or numeral.value is None:
        return None
    start = _scope_start(normal, at, floor) if normal[at] == "前" else at
    place = re.compile(r" ?[位名强]").match(normal, numeral.end)
    if normal[at] == "前" and not place and (start == at or not _AFTER.match(normal, numeral.end)):
        return None
    return Figure(start, place.end() if place else numeral.end, "rank", numeral.value, bound="at most")


def _english(normal: str, at: int) -> Figure | None:
    numbered = _NUMBERED.match(normal, at)
    word = re.compile(rf"(?:{RANK_WORD})(?![a-z])").match(normal, at)
    match = numbered or word
    if match is None:
        return None
    value = Decimal(numbered[1]) if numbered else Decimal(_WORDS.index(match.group()) + 1)
    scope = _ENGLISH_SCOPE.match(normal, match.end())
    if scope is None and not _ENGLISH_RANKING.search(normal, max(0, at - 18), at):
        return None
    return Figure(at, scope.end() if scope else match.end(), "rank", value)
