"""Counters that Word puts before paragraphs by itself: 一、（一）1. (a) stand in no text of the file."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from docx.oxml.ns import qn

_HAN = "〇一二三四五六七八九"
_PLACE = re.compile(r"%([1-9])")
_DEEPEST = 9
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


class _Level(NamedTuple):
    start: int
    style: str
    pattern: str
    suffix: str


class Numbering:
    """The counters of one document; `label` must see its paragraphs in order, each once."""

    def __init__(self, lists: Any | None, styles: Any) -> None:
        self._lists = _lists(lists) if lists is not None else {}
        self._styles = _style_numbering(styles)
        self._counts: dict[str, list[int | None]] = {}

    def label(self, paragraph: Any) -> str:
        """Return what Word shows before a paragraph, with the blank after it, and count on; "" for none."""
        number, depth = self._numbering_of(paragraph)
        if number not in self._lists:
            return ""
        shared, levels = self._lists[number]
        level = levels.get(depth)
        if level is None or level.style in ("bullet", "none"):
            return ""
        counts = self._counts.setdefault(shared, [None] * _DEEPEST)
        previous = counts[depth]
        counts[depth] = level.start if previous is None else previous + 1
        counts[depth + 1 :] = [None] * (_DEEPEST - depth - 1)
        return _shown(level, levels, counts)

    def _numbering_of(self, paragraph: Any) -> tuple[str, int]:
        properties = paragraph.find(qn("w:pPr"))
        if properties is None:
            return "", 0
        style = properties.find(qn("w:pStyle"))
        inherited = self._styles.get(style.get(qn("w:val"), ""), ("", 0)) if style is not None else ("", 0)
        own = properties.find(qn("w:numPr"))
        if own is None:
            return inherited
        return _value(own, "w:numId", inherited[0]), _depth(own, inherited[1])


def _shown(level: _Level, levels: dict[int, _Level], counts: list[int | None]) -> str:
    def counter(place: re.Match[str]) -> str:
        depth = int(place.group(1)) - 1
        other = levels.get(depth, level)
        count = counts[depth]
        return _written(other.start if count is None else count, other.style)

    label = _PLACE.sub(counter, level.pattern)
    blank = "" if level.suffix == "nothing" or not label or label[-1] in "、，．）】" else " "
    return label + blank


def _written(count: int, style: str) -> str:
    return _STYLES.get(style, str)(count)


def _chinese(count: int) -> str:
    """Return 1 to 99 as 一 … 九十九, anything else digit by digit."""
    if not 1 <= count <= 99:
        return "".join(_HAN[int(digit)] for digit in str(abs(count)))
    tens, ones = divmod(count, 10)
    return (_HAN[tens] if tens > 1 else "") + ("十" if tens else "") + (_HAN[ones] if ones else "")


def _letters(count: int) -> str:
    return chr(ord("a") + (count - 1) % 26) * min((count - 1) // 26 + 1, 5) if count > 0 else str(count)


def _roman(count: int) -> str:
    if not 1 <= count <= 3999:
        return str(count)
    written = ""
    for value, letters in _ROMAN:
        written += letters * (count // value)
        count %= value
    return written


def _circled(count: int) -> str:
    return chr(ord("①") + count - 1) if 1 <= count <= 20 else str(count)


_STYLES: dict[str, Callable[[int], str]] = {
    "chineseCounting": _chinese,
    "chineseCountingThousand": _chinese,
    "japaneseCounting": _chinese,
    "taiwaneseCounting": _chinese,
    "taiwaneseCountingThousand": _chinese,
    "ideographDigital": _chinese,
    "lowerLetter": _letters,
    "upperLetter": lambda count: _letters(count).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda count: _roman(count).upper(),
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "decimalZero": lambda count: f"{count:02}",
}


def _lists(root: Any) -> dict[str, tuple[str, dict[int, _Level]]]:
    """Return by numId whose counters a list shares, and its levels."""
    abstract = {each.get(qn("w:abstractNumId"), ""): _levels(each) for each in root.iter(qn("w:abstractNum"))}
    found: dict[str, tuple[str, dict[int, _Level]]] = {}
    for each in root.iter(qn("w:num")):
        number, shared = each.get(qn("w:numId"), ""), _value(each, "w:abstractNumId", "")
        levels = dict(abstract.get(shared, {}))
        overrides = list(each.iter(qn("w:lvlOverride")))
        for override in overrides:
            depth = _integer(override.get(qn("w:ilvl")), 0)
            levels |= _levels(override)
            if depth in levels:
                start = _integer(_value(override, "w:startOverride", ""), levels[depth].start)
                levels[depth] = levels[depth]._replace(start=start)
        # A list that starts anew counts for itself; others go on where the last one of their kind stopped.
        found[number] = (f"{shared}/{number}" if overrides else shared, levels)
    return found


def _levels(parent: Any) -> dict[int, _Level]:
    return {
        _integer(each.get(qn("w:ilvl")), 0): _Level(
            _integer(_value(each, "w:start", ""), 1),
            _value(each, "w:numFmt", "decimal"),
            _value(each, "w:lvlText", ""),
            _value(each, "w:suff", "tab"),
        )
        for each in parent.iterchildren(qn("w:lvl"))
    }


def _style_numbering(root: Any) -> dict[str, tuple[str, int]]:
    """Return by style the list and depth that it gives its paragraphs, taken over from the style below."""
    styles = {each.get(qn("w:styleId"), ""): each for each in root.iter(qn("w:style"))}
    return {name: _inherited(name, styles) for name in styles}


def _inherited(name: str, styles: dict[str, Any]) -> tuple[str, int]:
    seen: set[str] = set()
    while name in styles and name not in seen:
        seen.add(name)
        own = styles[name].find(f"{qn('w:pPr')}/{qn('w:numPr')}")
        if own is not None:
            return _value(own, "w:numId", ""), _depth(own, 0)
        name = _value(styles[name], "w:basedOn", "")
    return "", 0


def _depth(properties: Any, default: int) -> int:
    return min(max(_integer(_value(properties, "w:ilvl", ""), default), 0), _DEEPEST - 1)


def _value(parent: Any, tag: str, default: str) -> str:
    element = parent.find(qn(tag))
    return default if element is None else str(element.get(qn("w:val"), default))


def _integer(value: str | None, default: int) -> int:
    return int(value) if value and re.fullmatch(r"-?\d{1,6}", value) else default
