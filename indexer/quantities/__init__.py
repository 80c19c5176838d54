"""The figures of a paragraph, typed: one grammar for Chinese and English, and no model.

    text -normalize-> figures (reading) -> their unit, bound, subject, total, period, status -> Quantity

`find_quantities` gives each figure with

- `kind`: money, count, percent, ratio, rank, date, duration, number;
- `start:end`: number and unit as they stand in the text; for a rank its scope too (全省第一);
- `value` in base units, worked out in decimals: 1257.96 万元 is 12579600.0. A percentage is the number
  before the sign (5.2% is 5.2; ‰, 成 and basis points are turned into it), a ratio a:b is a/b. A date is
  the digits of its ISO form (2025-03-12 is 20250312.0, March 2025 is 202503.0), so later is larger;
- `unit`: yuan, dollar, euro …; the measure word or the English noun of a count; day, working day, week,
  month, quarter, year, hour, minute; %, percentage point; 倍, 折. For a date, how exact it is;
- `bound`: about, nearly, more than, less than, at least, at most; "from" and "to" are the two ends of a
  range, which are two quantities, the first without a unit of its own in 3 至 5 年. A date is
  "at most" where something is due by it;
- `of`: what it counts, as the text words it;
- `is_total`: 共计, 合计, 累计, total, altogether;
- `period`: the ISO date, or `from/to`, that it belongs to; for a date, itself;
- `status`: "paid" (money only) or "planned" (money and counts), where the words say so.

Numbers of documents, proposals and articles, telephone numbers, times of day and counters are left out.
The time is linear in the text whatever stands in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import localcontext

from indexer.normalizing import normalize
from indexer.quantities.bounds import bound_of, date_bound_of
from indexer.quantities.declared_units import declared_unit, in_declared_unit, with_declared_unit
from indexer.quantities.figures import Figure, words
from indexer.quantities.reading import read_figures
from indexer.quantities.sentences import Sentences
from indexer.quantities.subjects import subject_of
from indexer.records import Language, Quantity

__all__ = ["find_quantities"]

# Normalised, ， is a comma, and 13，300 would be read as 13,300.
_CHINESE_COMMA = re.compile(r"(?<=[0-9])，(?=[0-9])")
_DELIMITED = re.compile(r"\s?[、和及与]|\s?(?:and|or)(?![a-z])")
_ENOUGH_DIGITS = 60


def find_quantities(text: str, language: Language) -> list[Quantity]:
    """Return the quantities of a paragraph's text, in order, without overlap.

    Spans are half-open code points into `text`. Never raises, whatever `text` holds.
    """
    normal = normalize(_CHINESE_COMMA.sub("；", text))
    with localcontext() as context:
        context.prec = _ENOUGH_DIGITS
        figures = _with_units(text, normal, read_figures(normal, language))
        return _with_sentences(text, normal, figures, language)


def _with_units(text: str, normal: str, read: Iterable[Figure]) -> list[Figure]:
    declared = declared_unit(normal)
    figures: list[Figure] = []
    for figure in read:
        floor = figures[-1].end if figures else 0
        in_unit = in_declared_unit(with_declared_unit(normal, figure, floor), declared)
        figures.append(_with_minus(text, in_unit, floor))
    return figures


def _with_minus(text: str, figure: Figure, floor: int) -> Figure:
    """Read the sign of −3.5 %; normalised, it is the dash of a range or of a sentence."""
    at = figure.start - 1
    if (
        at < floor
        or figure.bound == "to"
        or figure.kind not in ("percent", "number", "money")
        or text[at] not in "-−－"
    ):
        return figure
    before = text[at - 1 : at] if at else ""
    if before.isalnum() and (text[at] != "−" or before.isdigit()):
        return figure
    return figure._replace(start=at, value=-figure.value)


def _with_sentences(text: str, normal: str, figures: list[Figure], language: Language) -> list[Quantity]:
    if not figures:
        return []
    sentences = Sentences(normal, figures, language)
    found: list[Quantity] = []
    for i, figure in enumerate(figures):
        before = figures[i - 1] if i else None
        after = figures[i + 1].start if i + 1 < len(figures) else len(text)
        of = _subject(text, normal, figure, before, after, sentences, language)
        if of is None and found and _belongs_to(normal, before, figure):
            of = found[-1].of
        found.append(_quantity(normal, figure, before, of, sentences))
    return found


def _subject(
    text: str,
    normal: str,
    figure: Figure,
    before: Figure | None,
    after: int,
    sentences: Sentences,
    language: Language,
) -> str | None:
    start, end = sentences.clause(figure.start)
    if before is not None and before.end > start:
        start = _after_previous(normal, before, figure, start)
    span = subject_of(normal, figure, start, min(end, after), language)
    return text[span.start : span.end].strip() or None if span else None


def _after_previous(normal: str, before: Figure, figure: Figure, start: int) -> int:
    """Return where the words about `figure` begin: after a date, or after the last of an enumeration.

    对 13 个项目补助 300 万元 keeps its 13 个项目; 省级 138 家、市级 75 家 begins anew at 、.
    """
    gap = _DELIMITED.match(normal, before.end, figure.start)
    if gap:
        start = gap.end()
    if before.kind == "date":
        return start if _names_something(normal[start : before.start]) else max(start, before.end)
    last = normal.rfind("、", max(before.end, figure.start - 120), figure.start)
    if gap or last >= 0:
        return max(start, last + 1)
    return before.end if before.kind == "duration" or before.bound in ("from", "to") else start


def _names_something(lead: str) -> bool:
    """Whether English words other than "by the end of" stand before a date: the budget for 2026 is …"""
    return len([word for word in lead.split() if word.isascii() and word.isalpha() and word not in _LEAD]) > 0


def _belongs_to(normal: str, before: Figure | None, figure: Figure) -> bool:
    """Whether a figure stands right beside the one before: 5 个（全省第一）, 100 至 200 万元."""
    return (
        before is not None
        and "date" not in (before.kind, figure.kind)
        and (normal[figure.start - 1] == "、" or normal[before.end : figure.start][:6].strip(" (") in _BESIDE)
    )


def _quantity(
    normal: str, figure: Figure, before: Figure | None, of: str | None, sentences: Sentences
) -> Quantity:
    if figure.kind == "date":
        bound = figure.bound or date_bound_of(normal, figure.start, figure.end)
    else:
        bound = figure.bound or bound_of(normal, figure.start, figure.end, figure.kind)
    return Quantity(
        start=figure.start,
        end=figure.end,
        kind=figure.kind,
        value=float(figure.value),
        unit=figure.unit,
        currency=figure.currency,
        of=of,
        is_total=figure.kind in _SUMMED and sentences.is_total(figure, before.end if before else 0),
        bound=bound,
        period=sentences.period(figure),
        status=sentences.status(figure),
    )


_LEAD = frozenset(words("in on by during for at the end of since from and but to until as early late"))
_BESIDE = ("", "、", "至", "到", "~", "-", "to", "and", "或", "or", "/")
_SUMMED = ("money", "count", "number")
