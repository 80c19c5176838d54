"""Placed units -> groups: what belongs in one paragraph while it stays short.

An article with its 款 and 项, a list with the sentence that introduces it, the rows of a table set with
spaces, a list of attachments.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from indexer.paragraphs.counters import RANK
from indexer.paragraphs.lines import glue
from indexer.paragraphs.outline import Placed
from indexer.paragraphs.roles import names_attachments
from indexer.records import ParagraphKind, Span

LIMIT_ZH, LIMIT_EN = 300, 600
LEAST_ZH, LEAST_EN = 40, 80

_WIDE = re.compile("[\u2e80-\uffff]+")


@dataclass(slots=True)
class Draft:
    """A paragraph before long ones are cut; text and spans as in a Unit."""

    text: str
    spans: list[Span]
    kind: ParagraphKind
    path: tuple[str, ...]
    page: int | None


def limit_of(text: str) -> int:
    """Return how long a paragraph may grow: English says the same in about twice the characters."""
    return LIMIT_EN if _is_latin(text) else LIMIT_ZH


def least_of(text: str) -> int:
    """Return the length below which a piece is not worth a paragraph of its own."""
    return LEAST_EN if _is_latin(text) else LEAST_ZH


def _is_latin(text: str) -> bool:
    head = text[:80]
    return head.isascii() or 4 * len(_WIDE.sub("", head)) > 3 * len(head)


def group(placed: Iterable[Placed]) -> Iterator[Draft]:
    """Yield drafts in order."""
    gathered: list[Placed] = []
    for unit in placed:
        if gathered and not _belongs(gathered, unit):
            yield from _pack(gathered)
            gathered = []
        gathered.append(unit)
    if gathered:
        yield from _pack(gathered)


def _belongs(gathered: list[Placed], unit: Placed) -> bool:
    first, last = gathered[0], gathered[-1]
    if unit.kind == "table_row":
        return unit.unit.tabular and last.unit.tabular and not unit.unit.blank
    if first.kind == "label":
        return unit.item and names_attachments(first.unit.text)
    if unit.kind != "body" or first.kind != "body":
        return False
    if unit.article is not None:
        return unit.article == first.article and not _starts_article(unit)
    return first.article is None and _is_member(first, last, unit)


def _is_member(first: Placed, last: Placed, unit: Placed) -> bool:
    """Whether a unit is an item of the list that `first` introduces with a colon."""
    counter, lead = unit.unit.counter, first.unit.counter
    if (
        not unit.item
        or counter is None
        or counter.rank < RANK["han_paren"]
        or first.unit.text[-1] not in "：:"
    ):
        return False
    if lead is not None and lead.rank >= counter.rank:
        return False
    return last is first or last.item


def _starts_article(unit: Placed) -> bool:
    return unit.unit.counter is not None and unit.unit.counter.style == "article"


def _pack(gathered: list[Placed]) -> Iterator[Draft]:
    """Put as much of a group into one paragraph as the limit lets, and break at 款 before 项."""
    if len(gathered) == 1:
        yield _draft(gathered)
        return
    limit = limit_of(gathered[0].unit.text)
    for run in _runs(_clauses(gathered), limit):
        yield _draft(run, later=run[0] is not gathered[0])


def _clauses(gathered: list[Placed]) -> list[list[Placed]]:
    """Cut a group into sentences with the items that belong to each."""
    clauses: list[list[Placed]] = []
    for unit in gathered:
        if clauses and unit.item:
            clauses[-1].append(unit)
        else:
            clauses.append([unit])
    return clauses


def _runs(clauses: list[list[Placed]], limit: int) -> Iterator[list[Placed]]:
    run: list[Placed] = []
    length = 0
    for clause in clauses:
        whole = sum(len(unit.unit.text) for unit in clause)
        pieces = [clause] if whole <= limit else [[unit] for unit in clause]
        if run and length + whole > limit and length >= least_of(run[0].unit.text):
            yield run
            run, length = [], 0
        for piece in pieces:
            size = sum(len(unit.unit.text) for unit in piece)
            if run and length + size > limit and length >= least_of(run[0].unit.text):
                yield run
                run, length = [], 0
            run = [*run, *piece] if run else list(piece)
            length += size
    if run:
        yield run


def _draft(run: list[Placed], later: bool = False) -> Draft:
    first = run[0]
    parts, spans = [first.unit.text], list(first.unit.spans)
    for before, unit in pairwise(run):
        separator = " " if unit.unit.tabular else glue(before.unit.text, unit.unit.text)
        parts += [separator, unit.unit.text]
        spans += unit.unit.spans
    path = (*first.path, first.article) if later and first.article else first.path
    return Draft("".join(parts), spans, first.kind, path, first.unit.page)
