"""Drafts -> pieces of a bounded length: at counters, then at sentence ends, at last anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from indexer.paragraphs.counters import han_number
from indexer.paragraphs.grouping import least_of, limit_of
from indexer.records import Span

HARD_LIMIT = 2000

_N = "[一二三四五六七八九十]"
_AFTER = r"(?<=[。；：！？”’）》\s;:.])"
_COUNTERS = (
    re.compile(rf"(?:{_AFTER}|^)(?P<n>{_N}{{1,3}})是"),
    re.compile(rf"(?:{_AFTER}|^)[（(](?P<n>{_N}{{1,3}})[）)]"),
    re.compile(rf"(?:{_AFTER}|^)第(?P<n>{_N}{{1,3}})[，、,]"),
    re.compile(rf"(?:{_AFTER}|^)[（(](?P<n>\d{{1,2}})[）)]"),
    re.compile(rf"(?:{_AFTER}|^)(?P<n>\d{{1,2}})[.．、](?!\d)"),
    re.compile(r"(?P<n>[①-⑳])"),
    re.compile(r"(?:(?<=[;:.,])\s(?:and\s|or\s)?|^)\((?P<n>[a-z])\)(?=\s)"),
    re.compile(
        r"(?:(?<=[.;:])\s|^)(?P<n>First|Second|Third|Fourth|Fifth|Sixth|Seventh|Eighth|Ninth|Tenth)(?:ly)?,"
    ),
)
_ORDINALS = {
    word: number
    for number, word in enumerate(
        ["First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth"], 1
    )
}
_SENTENCE_END = re.compile(r"[。！？…]+[”’）》」』]{0,3}|[.!?][\"'”’)\]]{0,2}(?=\s)|(?<=[^\s])\n")
_CLAUSE_END = re.compile(r"[，；、;,]|\s")


def cut_points(text: str) -> list[int]:
    """Return where a text is cut, ascending, without 0 and its length; [] for one that is short enough."""
    limit = limit_of(text)
    if len(text) <= limit:
        return []
    at_counters = _counter_points(text, least_of(text))
    points: list[int] = []
    for start, end in zip([0, *at_counters], [*at_counters, len(text)], strict=True):
        points += [start] if start else []
        if end - start > 2 * limit:
            points += _sentence_points(text, start, end, 2 * limit)
    return points


def _counter_points(text: str, least: int) -> list[int]:
    """Return the starts of an enumeration's members, the pieces between them at least `least` long."""
    sequences = [places for pattern in _COUNTERS if len(places := _sequence(pattern, text)) > 1]
    points: list[int] = []
    for place in min(sequences, key=lambda places: places[0], default=[]):
        if place - (points[-1] if points else 0) >= least:
            points.append(place)
    while points and len(text) - points[-1] < least:
        points.pop()
    return points


def _sequence(pattern: re.Pattern[str], text: str) -> list[int]:
    """Return the places where counters of one style count 1, 2, 3 … (a new 1 begins again)."""
    points: list[int] = []
    expected = 1
    for match in pattern.finditer(text):
        value = _value(match["n"])
        if value == expected or (value == 1 and expected > 2):
            spaces = len(match.group()) - len(match.group().lstrip())
            points.append(match.start() + spaces)
            expected = value + 1
    return points


def _value(text: str) -> int:
    if text.isdecimal():
        return int(text)
    if text in _ORDINALS:
        return _ORDINALS[text]
    if "①" <= text <= "⑳":
        return ord(text) - ord("①") + 1
    return ord(text) - ord("a") + 1 if text.isascii() else han_number(text)


def _sentence_points(text: str, start: int, end: int, limit: int) -> list[int]:
    """Cut text[start:end] at sentence ends into about equal pieces, at most `limit` long where they allow."""
    target = (end - start) / -(-(end - start) // limit)
    points: list[int] = []
    last = previous = start
    for match in _SENTENCE_END.finditer(text, start, end):
        if match.end() - last > limit and previous > last:
            points.append(previous)
            last = previous
        if match.end() - last >= target and match.end() < end:
            points.append(match.end())
            last = match.end()
        previous = match.end()
    if end - last > limit and previous > last and previous < end:
        points.append(previous)
    return _with_hard_points(text, start, end, points)


def _with_hard_points(text: str, start: int, end: int, points: Sequence[int]) -> list[int]:
    found: list[int] = []
    for first, last in zip([start, *points], [*points, end], strict=True):
        found += [first] if first > start else []
        place = first
        while last - place > HARD_LIMIT:
            window_start = place + HARD_LIMIT // 2
            clauses = [m.end() for m in _CLAUSE_END.finditer(text, window_start, place + HARD_LIMIT)]
            place = clauses[-1] if clauses else place + HARD_LIMIT
            found.append(place)
    return found


def pieces(text: str, spans: Sequence[Span], points: Sequence[int]) -> Iterator[tuple[str, list[Span]]]:
    """Yield the text between cut points, without white space at the ends, with its exact spans."""
    places = list(_places(text, spans))
    at = 0
    for start, end in zip([0, *points], [*points, len(text)], strict=True):
        raw = text[start:end]
        piece = raw.strip()
        if not piece:
            continue
        first = start + len(raw) - len(raw.lstrip())
        last = first + len(piece)
        inside: list[Span] = []
        while at < len(places) and places[at][0] < last:
            inside += _overlap(text, *places[at], first, last)
            if places[at][0] + places[at][1].end - places[at][1].start > last:
                break
            at += 1
        yield piece, inside


def _overlap(text: str, offset: int, span: Span, first: int, last: int) -> list[Span]:
    """Return the part of `span`, which stands at `offset` of the text, that lies in text[first:last]."""
    begin, end = max(offset, first), min(offset + span.end - span.start, last)
    part = text[begin:end]
    if not part.strip():
        return []
    start = span.start + begin - offset
    return [Span(start + len(part) - len(part.lstrip()), start + len(part.rstrip()))]


def _places(text: str, spans: Sequence[Span]) -> Iterator[tuple[int, Span]]:
    """Yield (offset in text, span) for every span of a joined text."""
    offset = 0
    for number, span in enumerate(spans):
        if number and text[offset] == " ":
            offset += 1
        yield offset, span
        offset += span.end - span.start
