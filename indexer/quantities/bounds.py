"""Words beside a figure that say it is not exact: 近, 超过, 以上, at least, up to."""

from __future__ import annotations

import re

from indexer.quantities.figures import Bound, Kind

_BEFORE: dict[Bound, str] = {
    "at least": r"不(?:得|应)?(?:低于|少于|小于)|至少|最低|最少|起码|at least|(?:no|not) (?:less"
    r"|fewer|lower) than"
    r"|(?:a )?minimum(?: of)?",
    "at most": r"不(?:得|能|应)?(?:超过|高于|多于|大于|超)|最高|最多|至多|最长|最大|上限|封顶|up to|at most"
    r"|(?:no|not) (?:more|greater|higher|longer|later) than|not (?:to )?exceed(?:ing)?"
    r"|(?:a )?maximum(?: of)?|within"
    r"|capped at",
    "nearly": r"[将接]?近|nearly|almost|close to",
    "about": r"大?约|大概|about|around|approximately|roughly|some|circa|an estimated",
    "more than": r"超[过出]?|逾|突破|高于|多于|大于|more than|over|above|exceed(?:s|ed|ing)?"
    r"|upwards of|in excess of"
    r"|greater than",
    "less than": r"低于|少于|不足|小于|不到|不满|未满|less than|fewer than|under|below",
}
_AFTER: dict[Bound, str] = {
    "at least": r"及?以上|起(?![草步来诉降居])| (?:or more|and above|or above|or over|and over)(?![a-z])",
    "at most": r"及?以下|以内|之内|内(?![部容涵地设外在生])|封顶|为限| (?:or less|or fewer"
    r"|or below)(?![a-z])",
    "about": r"左右|上下",
}


def _one_of(table: dict[Bound, str]) -> str:
    return "|".join(f"({wording})" for wording in table.values())


# Searched from the left, so that 不超过 is found before the 超过 in it.
_BEFORE_FIGURE = re.compile(
    rf"(?<![a-z])(?:{_one_of(_BEFORE)})[为达到至在于]?(?: ?(?:a|an|the|total|of))? ?\Z"
)
_AFTER_FIGURE = re.compile(rf"(?: ?\([^)\n]{{0,12}}\))? ?(?:{_one_of(_AFTER)})")
_WINDOW = 20
# 近三年 is the last three years, not nearly three.
_RECENT = re.compile(r"(?<![将接])近 ?\Z")


def bound_of(normal: str, start: int, end: int, kind: Kind) -> Bound | None:
    """Return how the words beside the figure `start:end` bound it, or None."""
    before = _BEFORE_FIGURE.search(normal, max(0, start - _WINDOW), start)
    if before and not (kind == "duration" and _RECENT.search(normal, max(0, start - 3), start)):
        return list(_BEFORE)[(before.lastindex or 1) - 1]
    after = _AFTER_FIGURE.match(normal, end, end + _WINDOW)
    return list(_AFTER)[(after.lastindex or 1) - 1] if after else None


_DUE = re.compile(r"[年月]?底?(?:之|以)?前(?![三十百期沿来往列景身]|[0-9])|为止|止(?![于步])")
_DUE_BEFORE = re.compile(
    r"(?<![a-z])(?:by|before|until|till|no later than|not later than)(?: the end of| end of| end)? ?\Z"
)
_SINCE_BEFORE = re.compile(r"(?:(?<![a-z])(?:since|from)|自|从) ?\Z")
_SINCE = re.compile(r"起|以来|之?后")


def date_bound_of(normal: str, start: int, end: int) -> Bound | None:
    """Return "at most" for a date that something is due by, "from" for one that it begins on, or None."""
    if _DUE.match(normal, end) or _DUE_BEFORE.search(normal, max(0, start - 24), start):
        return "at most"
    if _SINCE.match(normal, end) or _SINCE_BEFORE.search(normal, max(0, start - 8), start):
        return "from"
    return None
