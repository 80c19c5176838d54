"""Units -> placed units: which are headings, and under which headings each stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice

from indexer.paragraphs.counters import RANK, Counter, Style
from indexer.paragraphs.headings import STORED_MAX, Heading, OpenHeadings, counted_heading, tidy
from indexer.paragraphs.joining import Unit
from indexer.paragraphs.roles import (
    closes,
    compact,
    has_han,
    has_sentence,
    is_addressee,
    is_caption,
    is_fixed,
    is_label,
    is_office,
    signs_off,
    terminated,
)
from indexer.paragraphs.titles import HeadLine, find_title, is_attached_title
from indexer.records import ParagraphKind

_HEAD = 40
_CHINESE_MAX, _ENGLISH_MAX = 40, 100
_CHINESE_STOP = re.compile(r"[。：；！？]|:(?=\s)")
_ENGLISH_STOP = re.compile(r"[.?!:;](?=\s)")
_DIGIT = re.compile(r"\d")
_ATTACHMENT = re.compile(r"附\s*[件录表]\s*[一二三四五六七八九十\d]{0,3}\s*[：:]?")
_UNNUMBERED_ATTACHMENT = re.compile(r"附\s*[件录表]\s*[：:]?")
_UNMARKED = re.compile(r"[\u4e00-\u9fff]{4,15}")
_ENGLISH_UNMARKED = re.compile(r"[A-Z][A-Za-z0-9'’&()/ -]{3,60}")

# What these count is more often a sentence than a heading, so only short ones are read as run-in headings.
_LISTING: frozenset[Style] = frozenset({"arabic", "arabic_paren", "circled", "deep"})


@dataclass(slots=True)
class Placed:
    """A unit with its kind and the headings it stands under.

    article: the label (第五条) of the article it belongs to. item: it is one of a list, not a heading.
    """

    unit: Unit
    kind: ParagraphKind
    path: tuple[str, ...]
    article: str | None = None
    item: bool = False


def place(units: Iterable[Unit], title: str | None) -> Iterator[Placed]:
    """Yield each unit with its place. `title` is the title given with the document, if any."""
    rest = iter(units)
    head = list(islice(rest, _HEAD))
    title_at = _title_index(head, title)
    outline = _Outline(compact(head[title_at].text) if title_at is not None else compact(title or ""))
    for number, (unit, following) in enumerate(_with_next(chain(head, rest))):
        if title_at is not None and number <= title_at:
            yield Placed(unit, _head_kind(unit, number == title_at), ())
        else:
            yield outline.place(unit, following)


def _with_next(units: Iterable[Unit]) -> Iterator[tuple[Unit, Unit | None]]:
    before: Unit | None = None
    for unit in units:
        if before is not None:
            yield before, unit
        before = unit
    if before is not None:
        yield before, None


def _title_index(head: list[Unit], title: str | None) -> int | None:
    if title is None:
        return find_title([HeadLine(unit.text, unit.kind == "heading") for unit in head])
    wanted = compact(title)
    return next((n for n, unit in enumerate(head) if compact(unit.text) == wanted), None)


def _head_kind(unit: Unit, is_title: bool) -> ParagraphKind:
    if is_title:
        return "heading"
    if unit.kind == "table_row":
        return "table_row"
    if unit.kind == "heading" and not is_office(unit.text):
        return "heading"
    return "label" if len(unit.text) <= 100 and not has_sentence(unit.text) else "body"


class _Outline:
    """Keeps the open headings while units go by, and the article, table or list they are in."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._headings = OpenHeadings()
        self._article: str | None = None
        self._caption: tuple[str, ...] = ()
        self._item: tuple[Style, int] | None = None
        self._in_body = False
        self._before: Unit | None = None

    def place(self, unit: Unit, following: Unit | None) -> Placed:
        """Return the unit placed, and open or close headings as it says."""
        placed = self._in_table(unit, following) or self._in_text(unit, following)
        self._before = unit
        return placed

    def _in_table(self, unit: Unit, following: Unit | None) -> Placed | None:
        """Place a table's caption and rows; rows stand under caption and header."""
        if unit.kind == "table_row" or unit.tabular:
            header = (" | ".join(unit.header)[:STORED_MAX],) if unit.header else ()
            path = (*self._headings.path(), *self._caption, *header)
            return Placed(unit, "table_row", path, self._article)
        if following is not None and unit.kind == "text" and unit.counter is None and is_caption(unit.text):
            self._caption = (tidy(unit.text),)
            return Placed(unit, "label", self._headings.path())
        if not is_label(unit.text):
            self._caption = ()
        return None

    def _in_text(self, unit: Unit, following: Unit | None) -> Placed:
        if unit.kind == "heading" and len(unit.text) <= 2 * STORED_MAX:
            return self._heading(unit, Heading(unit.text, unit.level, unit.counter, _rank_of(unit)))
        if unit.counter is not None:
            return self._counted(unit, unit.counter, following)
        if self._is_title_again(unit) or self._is_unmarked_heading(unit, following):
            return self._unmarked(unit)
        if self._is_label(unit):
            return Placed(unit, "label", self._close() if closes(unit.text) else self._headings.path())
        self._item = None
        self._in_body = True
        if signs_off(unit.text):
            return Placed(unit, "body", self._close())
        return Placed(unit, "body", self._headings.path(), self._article)

    # -- headings

    def _heading(self, unit: Unit, heading: Heading) -> Placed:
        self._article = self._item = None
        if compact(unit.text) == self._title:
            self._headings.close_for(heading)
            return Placed(unit, "heading", self._headings.path())
        return Placed(unit, "heading", self._headings.open(heading))

    def _unmarked(self, unit: Unit) -> Placed:
        """Place a heading that neither markup nor a counter shows: an attached paper, or a part's name."""
        self._article = self._item = None
        attached = is_attached_title(unit.text) or _ATTACHMENT.fullmatch(unit.text) is not None
        rank = 0 if attached or self._is_title_again(unit) else RANK["section"]
        self._headings.close_from(rank)
        if self._is_title_again(unit) or _UNNUMBERED_ATTACHMENT.fullmatch(unit.text):
            return Placed(unit, "heading", self._headings.path())
        return Placed(unit, "heading", self._headings.open(Heading(unit.text, rank=rank)))

    def _counted(self, unit: Unit, counter: Counter, following: Unit | None) -> Placed:
        self._in_body = True
        if counter.style == "article":
            return self._article_start(unit, counter)
        if self._article is not None and not self._leaves_article(counter):
            return Placed(unit, "body", self._headings.path(), self._article, item=True)
        text, whole = self._heading_text(unit, counter, following)
        if text is None:
            self._headings.close_for_item(counter)
            self._item = (counter.style, counter.value)
            return Placed(unit, "body", self._headings.path(), item=True)
        self._article = self._item = None
        above = self._headings.open(counted_heading(text, counter, run_in=not whole))
        return Placed(unit, "heading", above) if whole else Placed(unit, "body", self._headings.path())

    def _article_start(self, unit: Unit, counter: Counter) -> Placed:
        self._item = None
        self._headings.close_run_in()
        caption = re.match(r"\s*([（(【][^）)】]{1,40}[）)】])", unit.text[counter.end : counter.end + 60])
        self._article = f"{counter.label} {caption[1]}" if caption else counter.label
        return Placed(unit, "body", self._headings.path(), self._article)

    def _leaves_article(self, counter: Counter) -> bool:
        """Whether a counter inside an article is a heading outside it: a chapter, or a 三、 after a 二、."""
        if counter.rank < RANK["article"]:
            return True
        return counter.style in ("han", "roman", "arabic") and self._headings.counts_with(counter)

    def _heading_text(self, unit: Unit, counter: Counter, following: Unit | None) -> tuple[str | None, bool]:
        """Return the heading that a counted unit is (True) or begins with, or (None, False) for an item."""
        text = unit.text
        chinese = has_han(text[:200])
        if counter.rank < RANK["article"] and len(text) <= _ENGLISH_MAX:
            return text, True
        longest = _CHINESE_MAX if chinese else _ENGLISH_MAX
        mark = _CHINESE_STOP if chinese else _ENGLISH_STOP
        stop = mark.search(text, counter.end, counter.end + longest + 2)
        end = stop.start() if stop else len(text)
        if len(text) <= counter.end + longest and end >= len(text) - 1:
            whole = self._is_whole_heading(unit, counter, following, chinese)
            return (text.rstrip("。：:."), True) if whole else (None, False)
        if stop is None or stop.group() in "；;" or self._is_list_member(unit, counter):
            return None, False
        if chinese and counter.style in _LISTING and end - counter.end > longest // 2:
            return None, False
        readable = _reads_as_heading(text[counter.end : end], chinese)
        return (text[:end].rstrip(), False) if readable else (None, False)

    def _is_list_member(self, unit: Unit, counter: Counter) -> bool:
        """Whether a unit is one of several that semicolons separate: （一）…；（二）…。"""
        sequel = self._item == (counter.style, counter.value - 1)
        before = self._before.text[-1] if self._before is not None else ""
        return unit.text[-1] in "；;" or (sequel and before in ("；", ";"))

    def _is_whole_heading(self, unit: Unit, counter: Counter, following: Unit | None, chinese: bool) -> bool:
        """Tell 一、总体要求 from the last of a list: a heading has something under it."""
        if self._item == (counter.style, counter.value - 1) or unit.text[-1] in "；;，,":
            return False
        if following is None or following.kind == "heading" or is_fixed(following.text):
            return False
        after = following.counter if following.kind == "text" else None
        if after is not None and after.rank <= counter.rank and after.style != "article":
            return False
        if terminated(unit.text) and unit.text[-1] not in ("？?。" if chinese else "?"):
            return False
        return chinese or unit.text[counter.end :].lstrip()[:1].isupper()

    # -- unmarked headings and labels

    def _is_title_again(self, unit: Unit) -> bool:
        return bool(self._title) and len(unit.text) <= 200 and compact(unit.text) == self._title

    def _is_unmarked_heading(self, unit: Unit, following: Unit | None) -> bool:
        text = unit.text
        if len(text) > 80 or following is None or following.kind == "table_row":
            return False
        if is_label(text) or is_fixed(text):
            return False
        if _ATTACHMENT.fullmatch(text) or is_attached_title(text):
            return self._before is None or terminated(self._before.text) or len(self._before.text) < 60
        if not self._in_body or is_office(text) or is_label(following.text) or is_fixed(following.text):
            return False
        if _UNMARKED.fullmatch(text):
            return len(following.text) >= 60 and following.counter is None
        alone = unit.blank and following.blank and _ENGLISH_UNMARKED.fullmatch(text) is not None
        return alone and (len(following.text) >= 80 or following.counter is not None)

    def _is_label(self, unit: Unit) -> bool:
        text = unit.text
        if is_label(text) or is_fixed(text) or (len(text) <= 60 and is_office(text)):
            return True
        return not self._in_body and is_addressee(text)

    def _close(self) -> tuple[str, ...]:
        """Leave all headings: what follows closes the letter. Return the empty path."""
        self._headings.clear()
        self._article = self._item = None
        return ()


def _rank_of(unit: Unit) -> int:
    return unit.counter.rank if unit.counter else 0


def _reads_as_heading(text: str, chinese: bool) -> bool:
    """Tell a heading from a sentence: Chinese with a comma must be short, English has few words."""
    stripped = text.strip()
    if chinese:
        short = len(stripped) <= 20 and not _DIGIT.search(stripped)
        return len(stripped) >= 2 and ("，" not in stripped or short)
    words = stripped.count(" ") + 1
    return (
        stripped[:1].isupper() and not _DIGIT.search(stripped) and (words <= 8 or stripped.startswith("On "))
    )
