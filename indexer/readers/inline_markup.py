"""Emphasis and escapes of Markdown, taken out of a line so that what is quoted reads as it was meant.

The rule is CommonMark's for what opens and closes, so that masked names (张**、李**) and blanks to fill in
(__年__月) stay. It is stricter for a single star, which in Chinese text is mostly a footnote's: it may not
touch a letter on its outer side. Only marks that pair up within one line go; everything else stays text.
"""

from __future__ import annotations

import re
import unicodedata

_TOKEN = re.compile(r"`[^`]+`|\\[!-/:-@\[-`{}~]|\*+|_+")
_LONGEST_MARK = 3


def without_inline_markup(line: str) -> str:
    """Return `line` without paired emphasis marks and without the backslash of escapes."""
    if not any(character in line for character in "*_\\"):
        return line
    kept, position = [], 0
    for start, end in _markup(line):
        kept.append(line[position:start])
        position = end
    return "".join(kept) + line[position:]


def _markup(line: str) -> list[tuple[int, int]]:
    """Return the ranges of `line` that are marks, in order: one pass, the last opened mark closes first."""
    ranges: list[tuple[int, int]] = []
    opened: dict[str, int] = {}
    for token in _TOKEN.finditer(line):
        mark, start, end = token.group(), token.start(), token.end()
        if mark.startswith("\\"):
            ranges.append((start, start + 1))
        elif mark.startswith("`") or len(mark) > _LONGEST_MARK:
            continue
        elif mark in opened and _closes(line, start, end):
            begin = opened[mark]
            ranges += [(begin, begin + len(mark)), (start, end)]
            # A mark opened inside the pair that just closed cannot close outside it.
            opened = {other: place for other, place in opened.items() if place < begin}
        elif _opens(line, start, end):
            opened[mark] = start
    return sorted(ranges)


def _opens(line: str, start: int, end: int) -> bool:
    before, after = line[max(start - 1, 0) : start], line[end : end + 1]
    if line[start:end] == "*" and before.isalnum():
        return False
    if _is_blank(after) or _is_inside_word(line[start], before, after):
        return False
    return not _is_punctuation(after) or _is_blank(before) or _is_punctuation(before)


def _closes(line: str, start: int, end: int) -> bool:
    before, after = line[max(start - 1, 0) : start], line[end : end + 1]
    if line[start:end] == "*" and after.isalnum():
        return False
    if _is_blank(before) or _is_inside_word(line[start], before, after):
        return False
    return not _is_punctuation(before) or _is_blank(after) or _is_punctuation(after)


def _is_inside_word(mark: str, before: str, after: str) -> bool:
    """Say whether a mark stands inside a word: `_` in any script, `*` in Latin words and figures (2**3)."""
    both = before.isalnum() and after.isalnum()
    return both and (mark == "_" or (before + after).isascii())


def _is_blank(character: str) -> bool:
    return not character or character.isspace()


def _is_punctuation(character: str) -> bool:
    return bool(character) and unicodedata.category(character)[0] in "PS"
