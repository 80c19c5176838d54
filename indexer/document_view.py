"""The parts of a document that speak of the document itself: head, closing and label lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from indexer.normalizing import normalize
from indexer.paragraphs.counters import counter_of
from indexer.paragraphs.roles import compact, has_han, is_known_label, is_label
from indexer.paragraphs.titles import HeadLine, find_title
from indexer.records import Document, Language, Paragraph

LABEL_MAX = 400
"""Longer paragraphs are no labels and no remarks about the document."""

_HEAD = 40
_TAIL = 30
_LABEL = re.compile(r"\s*(?P<key>[^：:。，,]{1,24}?)\s*[：:]\s*(?P<value>.*)", re.DOTALL)
NEXT_LABEL = re.compile(r"[\s，,；;、　]+(?=[\u4e00-\u9fff]{2,6}[：:])")
"""What stands between two labels on one line: 联系人：张三，电话：…"""


@dataclass(frozen=True, slots=True)
class DocumentView:
    """The parts of a document that speak of the document.

    head: the first paragraphs. front: those of them before the text proper. closing: label paragraphs
    after the front. labels: normalised key -> value, the first of each key.
    """

    document_id: str
    language: Language
    head: Sequence[Paragraph]
    front: Sequence[Paragraph]
    closing: Sequence[Paragraph]
    labels: Mapping[str, str]
    title_at: int | None

    @classmethod
    def of(cls, document: Document, paragraphs: Sequence[Paragraph]) -> DocumentView:
        """Look through the paragraphs once."""
        head = paragraphs[:_HEAD]
        title_at = find_title([HeadLine(p.text, p.kind == "heading") for p in head])
        front = head[: _front_length(head)]
        closing = [p for p in paragraphs if p.kind == "label" and p.number > len(front)]
        tail = [p for p in paragraphs[-_TAIL:] if p.kind == "body" and p.number > len(head)]
        labels = _labels([*head, *closing, *tail])
        return cls(document.document_id, _language(paragraphs), head, front, closing, labels, title_at)

    def label(self, keys: Iterable[str]) -> str | None:
        """Return the value of the first of `keys` that is there and not empty."""
        return next((value for key in keys if (value := self.labels.get(key))), None)


def _front_length(head: Sequence[Paragraph]) -> int:
    for number, paragraph in enumerate(head):
        text = paragraph.text
        longest = 160 if text.isascii() else 60
        if paragraph.kind == "table_row" or (paragraph.kind == "body" and len(text) > longest):
            return number
        if paragraph.kind == "body" and not is_label(text) and text[-1] in "。.；;：:":
            return number
        if number and paragraph.kind in ("body", "heading") and counter_of(text) is not None:
            return number
    return len(head)


def _language(paragraphs: Sequence[Paragraph]) -> Language:
    chinese = sum(len(p.text) for p in paragraphs if p.language == "zh")
    # A Chinese text says the same in half the characters.
    return "zh" if 2 * chinese >= sum(len(p.text) for p in paragraphs if p.language == "en") else "en"


def _labels(paragraphs: Sequence[Paragraph]) -> dict[str, str]:
    found: dict[str, str] = {}
    for paragraph, following in zip(paragraphs, [*paragraphs[1:], None], strict=False):
        if paragraph.kind == "table_row" or len(paragraph.text) > LABEL_MAX:
            continue
        for key, value in _label_pairs(paragraph.text):
            if value := value or _value_below(paragraph, following):
                found.setdefault(key, value)
    return found


def _value_below(label: Paragraph, following: Paragraph | None) -> str:
    """Return the value of a label that stands on the next line, as on gov.cn: 成文日期： / 2019年01月27日."""
    if following is None or following.number != label.number + 1 or is_known_label(following.text):
        return ""
    return following.text[:LABEL_MAX]


def _label_pairs(text: str) -> list[tuple[str, str]]:
    """Return the keys and values of a label line, which may hold several: 联系人：张三，电话：…"""
    pairs = []
    bare = text[1:].rstrip("）)") if text[0] in "（(" else text
    for part in NEXT_LABEL.split(bare):
        match = _LABEL.match(part)
        if match:
            key = compact(match["key"]) if has_han(match["key"]) else match["key"]
            pairs.append((normalize(key).strip(" ."), match["value"].strip(" 　。")))
    return pairs
