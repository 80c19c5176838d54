"""What a line counts with: 第三章, 第五条, 一、, （二）, 3., 2.1, (a), IV., Article 3 …

Every pattern is anchored and every repetition in it bounded, so that a line of any length costs the same.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

Style = Literal[
    "annex",
    "part",
    "chapter",
    "section",
    "article",
    "han",
    "han_paren",
    "roman",
    "upper",
    "arabic",
    "deep",
    "arabic_paren",
    "circled",
    "lower_paren",
    "roman_paren",
]

RANK: dict[Style, int] = {
    "annex": 0,
    "part": 1,
    "chapter": 2,
    "section": 3,
    "article": 4,
    "han": 5,
    "roman": 5,
    "han_paren": 6,
    "upper": 6,
    "arabic": 7,
    "deep": 8,
    "arabic_paren": 12,
    "circled": 13,
    "lower_paren": 12,
    "roman_paren": 13,
}

_CHINESE: frozenset[Style] = frozenset({"part", "chapter", "section", "article", "han", "han_paren"})

_NUMERAL = "[一二三四五六七八九十百千零〇○两]"
_COUNTER = re.compile(
    rf"""
    第\s?(?P<ordinal>{_NUMERAL}{{1,9}}|\d{{1,4}})\s?(?P<division>编|篇|部分|章|节|条)(?:之{_NUMERAL}{{1,3}})?
    | (?P<han>{_NUMERAL}{{1,5}})、
    | [（(]\s?(?P<han_paren>{_NUMERAL}{{1,5}})\s?[）)]
    | (?P<deep>\d{{1,3}}(?:[.．]\d{{1,3}}){{1,4}})[.．]?(?=[\s（(\u4e00-\u9fff])
    | (?P<wide>\d{{1,2}})(?:\u3000|\x20\x20)(?=\S)
    | (?P<arabic>\d{{1,3}})\s?[.．、](?![\d.])
    | [（(]?(?P<arabic_paren>\d{{1,3}})[）)]
    | (?P<circled>[①-⑳㈠-㈩⑴-⒇])
    | (?P<roman>[IVX]{{1,6}})[.．](?=\s)
    | (?P<upper>[A-Z])[.．](?=\s)
    | \((?P<roman_paren>i|ii|iii|iv|vi|vii|viii|ix|xi|xii)\)
    | \((?P<lower_paren>[a-z])\)
    | (?P<word>Part|PART|Chapter|CHAPTER|Section|SECTION|Article|ARTICLE|Annex|ANNEX|Appendix|APPENDIX)
      \s(?P<which>[IVXLC]{{1,7}}|\d{{1,3}}|[A-Z])(?=$|[\s.:：—–(-])[.:]?
    """,
    re.VERBOSE,
)
_BULLET = re.compile(r"(?:[-*+•●◆■▪·][ \t\u3000]+)")

_DIVISIONS: dict[str, Style] = {
    "编": "part", "篇": "part", "部分": "part", "章": "chapter", "节": "section", "条": "article",
}  # fmt: skip
_WORDS: dict[str, Style] = {
    "part": "part", "chapter": "chapter", "section": "section", "article": "article",
    "annex": "annex", "appendix": "annex",
}  # fmt: skip

# After these 第三条 or （二） is a reference inside a sentence, not the start of a provision.
_GOES_ON = re.compile(
    r"规定(?!动作)|款|项(?!目)|目(?![标的前录])|条(?![件例])|[的之至或，。；]|和(?!谐)|及(?!时)|、(?=[（(第])"
)


_FIRST = re.compile(r"[第一二三四五六七八九十百千零〇○两（(0-9A-Z①-⑳㈠-㈩⑴-⒇*+•●◆■▪·-]")


class Counter(NamedTuple):
    """A counter at the start of a line. `end` is where the words after it begin."""

    style: Style
    value: int
    end: int
    label: str
    depth: int = 0

    @property
    def rank(self) -> int:
        """How far in the counter stands: smaller is further out."""
        return RANK[self.style] + self.depth

    @property
    def chinese(self) -> bool:
        """Whether this is one of the Chinese counters, which outrank markup."""
        return self.style in _CHINESE


_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}


def han_number(text: str) -> int:
    """Return the number that Chinese numerals write: 二十三 -> 23, 一百零五 -> 105, 二〇〇四 -> 2004."""
    if not any(c in _UNITS for c in text):
        return int("".join(str(_DIGITS[c]) for c in text))
    total, digit = 0, 0
    for character in text:
        if character in _UNITS:
            total += (digit or 1) * _UNITS[character]
            digit = 0
        else:
            digit = _DIGITS[character]
    return total + digit


_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


def _roman_number(text: str) -> int:
    values = [_ROMAN[c] for c in text.lower()]
    return sum(-v if v < following else v for v, following in zip(values, [*values[1:], 0], strict=True))


def counter_of(text: str) -> Counter | None:
    """Return the counter that `text` (without leading white space) begins with, or None."""
    if _FIRST.match(text) is None:
        return None
    bullet = _BULLET.match(text)
    start = bullet.end() if bullet else 0
    match = _COUNTER.match(text, start)
    if match is None or _is_reference(text, match):
        return None
    return _counter(match)


def _counter(match: re.Match[str]) -> Counter:
    group = match.lastgroup or ""
    label = match.group().strip()
    if group == "division":
        ordinal = match["ordinal"]
        value = int(ordinal) if ordinal.isdecimal() else han_number(ordinal)
        return Counter(_DIVISIONS[match["division"]], value, match.end(), label)
    if group == "which":
        return Counter(_WORDS[match["word"].lower()], _any_number(match["which"]), match.end(), label)
    if group == "deep":
        parts = re.split("[.．]", match["deep"])
        return Counter("deep", int(parts[-1]), match.end(), label, len(parts) - 2)
    style: Style = "arabic" if group == "wide" else group  # type: ignore[assignment]
    return Counter(style, _any_number(match[group]), match.end(), label)


def _any_number(text: str) -> int:
    if text.isdecimal():
        return int(text)
    if text[0] in _DIGITS or text[0] in _UNITS:
        return han_number(text)
    if ord(text[0]) > 0x7F:
        first = next(f for f in "㈠⑴①" if ord(f) <= ord(text[0]))
        return ord(text[0]) - ord(first) + 1
    if set(text.lower()) <= set(_ROMAN) and (len(text) > 1 or text in "IVXi"):
        return _roman_number(text)
    return ord(text[0].lower()) - ord("a") + 1


def _is_reference(text: str, match: re.Match[str]) -> bool:
    """Tell 第三条规定, 一、二产业, （二）项 and "Section 3 requires" from counters."""
    after = text[match.end() : match.end() + 2]
    if match["division"] or match["han_paren"] or match["arabic_paren"]:
        return _GOES_ON.match(text, match.end()) is not None
    if match["han"]:
        return len(after) > 1 and after[1] == "、" and after[0] in _DIGITS
    if match["word"]:
        return after[:1].isspace() and not (after[1:] and (after[1].isupper() or not after[1].isalnum()))
    if match["deep"]:
        return after.strip()[:1] in frozenset("万亿千百倍个元%％年月")
    return False
