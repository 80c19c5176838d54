"""Who issued a document and to whom: letterhead, signature, label or title."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from indexer.document_dates import date_line
from indexer.document_numbers import is_number_line
from indexer.document_view import NEXT_LABEL, DocumentView
from indexer.paragraphs.roles import compact, is_addressee, is_known_label, is_office
from indexer.records import Paragraph

_KEYS = ("发文机关", "发布机构", "发文单位", "制定机关", "issued by", "issuing body", "issuer")
_LETTERHEAD_END = re.compile(r"\s*(?:文\s?件|公\s?告|通\s?告|令)$")
_ISSUED_BY = re.compile(
    r"\b(?:issued|published|made) by\s+(?:the\s+)?(?P<who>[A-Z][^.\n]{3,150})", re.IGNORECASE
)
_TRAILING_DATE = re.compile(r",\s+(?:\d{1,2}\s+)?[A-Z][a-z]+\.?\s+\d{4}$")
_ABOUT = re.compile(r"^(?P<who>[\u4e00-\u9fff、]{2,40}?)(?:关于|印发|转发|批转|对)")


def issuer_of(view: DocumentView, title: str) -> str | None:
    """Return who issued a document; offices that do so together are joined by 、, in English the first."""
    labelled = view.label(_KEYS)
    if labelled:
        return _office_name(NEXT_LABEL.split(labelled)[0])
    signed = _signature_offices(view)
    letterhead = _letterhead_offices(view)
    if view.language == "en":
        letterhead = letterhead[:1]
    if signed and letterhead and compact(signed[0]).lower() == compact(letterhead[0]).lower():
        return "、".join(signed) if view.language == "zh" else signed[0]
    issuer = "、".join(letterhead) if letterhead else _named_in_title(title) or "、".join(signed)
    return issuer or _issued_by(view)


def _letterhead_offices(view: DocumentView) -> list[str]:
    """Return the offices that stand together above the number and the title."""
    offices: list[str] = []
    for paragraph in view.front[:12]:
        text = _LETTERHEAD_END.sub("", paragraph.text.strip("* "))
        text = _TRAILING_DATE.sub("", text)
        if text and paragraph.number - 1 != view.title_at and is_office(text) and not is_number_line(text):
            offices.append(_office_name(text))
        elif offices:
            break
    return offices


def _signature_offices(view: DocumentView) -> list[str]:
    """Return the offices that sign: names directly above a date, else the last name of the closing."""
    for before, paragraph in pairwise(view.closing):
        if date_line(paragraph.text) and is_office(before.text):
            return _run_before(view.closing, before)
    names = [_office_name(p.text) for p in view.closing if is_office(p.text)]
    return names[-1:]


def _run_before(closing: Sequence[Paragraph], last: Paragraph) -> list[str]:
    offices: list[str] = []
    number = last.number
    for paragraph in reversed([p for p in closing if p.number <= last.number]):
        if paragraph.number != number or not is_office(paragraph.text):
            break
        offices.insert(0, _office_name(paragraph.text))
        number -= 1
    return offices


def _office_name(text: str) -> str:
    bare = text.strip("* 　")
    if bare.isascii():
        return re.sub(r"\s+", " ", bare)
    parts = [compact(part) for part in re.split(r"\u3000+|\s{2,}", bare) if part.strip()]
    return "、".join(parts) if all(len(part) > 2 for part in parts) else compact(bare)


def _named_in_title(title: str) -> str | None:
    match = _ABOUT.match(compact(title))
    return match["who"] if match and is_office(match["who"]) else None


def _issued_by(view: DocumentView) -> str | None:
    for paragraph in view.front:
        match = _ISSUED_BY.search(paragraph.text)
        if match:
            return _TRAILING_DATE.sub("", match["who"].strip("* "))
    return None


def addressee_of(view: DocumentView) -> str | None:
    """Return those a document is written to: the first line after the title that ends in a colon."""
    after = view.title_at if view.title_at is not None else -1
    for paragraph in view.head[after + 1 : after + 12]:
        text = paragraph.text
        if paragraph.kind == "body" and len(text) > 300:
            return None
        if paragraph.kind in ("label", "body") and is_addressee(text) and not is_known_label(text):
            return re.sub(r"^(?:To|Dear)\s+", "", text.rstrip("：: "))
        if paragraph.kind == "body" and text[-1] in "。.":
            return None
    return None
