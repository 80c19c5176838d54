"""Read from a document's own words who wrote it, when, to whom and under which number.

Looks at the head (before the text proper), the closing (signature, contact, notes) and label lines.
Metadata given with the document wins, field by field.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import PurePosixPath

from indexer.document_dates import date_line, find_dates
from indexer.document_issuers import addressee_of, issuer_of
from indexer.document_numbers import announcement_parts, find_document_numbers, is_number_line
from indexer.document_view import LABEL_MAX, DocumentView
from indexer.normalizing import normalize
from indexer.paragraphs.roles import compact, is_note, is_office
from indexer.paragraphs.titles import HeadLine, first_plain_line, kind_of
from indexer.records import Document, DocumentMetadata, DocumentNumber, DocumentStatus, Paragraph

_TITLE_MAX = 60

_NUMBER_KEYS = (
    "发文字号",
    "文号",
    "document no",
    "ref",
    "reference",
    "our ref",
    "document number",
    "press release number",
)
_DATE_KEYS = (
    "成文日期",
    "发文日期",
    "印发日期",
    "发布日期",
    "公布日期",
    "date of issue",
    "issued",
    "published",
    "date",
)
_CONTACT_KEYS = ("联系人", "contact", "contacts", "contact person")
_PHONE_KEYS = ("联系电话", "电话", "联系方式", "咨询电话", "telephone", "tel", "phone", "advice line")
_OPENNESS_KEYS = ("公开方式", "公开类型", "公开属性", "公开类别", "信息公开选项")
_STATUS_KEYS = ("有效性", "时效性", "效力状态", "status")

_PHONE = re.compile(
    r"(?<!\d)(?:\+?\d{1,4}[- ])?(?:\(?0\d{2,4}\)?[- ]?)?\d{3,4}[- ]?\d{3,4}(?:[- ]\d{1,6})?(?!\d)"
)
_OPENNESS = re.compile(r"(?P<no>不予公开|不公开)|(?P<asked>依申请公开)|(?P<own>主动公开|公开发布|予以公开)")
_HAN_SPACE = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef])[ \u3000\t]+(?=[\u3000-\u9fff\uff00-\uffef\d])")
_MONTH_YEAR = re.compile(
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December)"
    r"\s+((?:19|20)\d\d)\b"
)
_BEFORE_PHONE = re.compile(r"[，,；;\s（(]+(?=[\d+]|电话|手机|(?i:tel|phone))")
_PASSED = re.compile(r"通过|公布|发布|修订|修正|批准|施行")
_REPEALED = re.compile(
    r"(?:本|该|此)(?:文件?|办法|规定|通知|意见|条例|细则|件)已?(?:经)?(?:被)?(?:废止|失效)|"
    r"[（(]已?(?:废止|失效)[）)]|This (?:document|notice|measure) (?:has been|is) repealed"
)
_REPEALED_VALUE = re.compile(r"废止|失效|repealed", re.IGNORECASE)
_IN_FORCE = re.compile(r"(?<!\w)现行有效|(?<!不)有效$|in force", re.IGNORECASE)


def read_metadata(document: Document, paragraphs: Sequence[Paragraph]) -> DocumentMetadata:
    """Return what a document says of itself; `document.given` wins field by field."""
    view = DocumentView.of(document, paragraphs)
    given = document.given
    title = given.title or _title(view)
    issued_on = given.issued_on or _issued_on(view)
    number = _number(view, given.document_number, issued_on)
    return DocumentMetadata(
        title=title,
        language=view.language,
        document_number=number,
        issuer=given.issuer or issuer_of(view, title),
        issued_on=issued_on,
        year=_year(view, issued_on, number),
        kind=given.kind or _kind(title, number),
        addressee=addressee_of(view),
        contact=_contact(view),
        telephone=_telephone(view),
        openness=_openness(view),
        status=given.status or _status(view, title),
        source=given.source,
    )


# ---- title and kind --------------------------------------------------------------------------------


def _title(view: DocumentView) -> str:
    if view.title_at is not None:
        return _tidy(view.head[view.title_at].text)
    plain = first_plain_line([HeadLine(p.text, p.kind == "heading") for p in view.head])
    first = plain or next((p.text for p in view.head), "")
    if first:
        return _tidy(first[: 4 * _TITLE_MAX])[:_TITLE_MAX]
    return PurePosixPath(view.document_id).stem or view.document_id


def _tidy(text: str) -> str:
    """Return a title on one line, without the white space that wraps or spaces out Chinese."""
    return re.sub(r"\s+", " ", _HAN_SPACE.sub("", text.strip().strip("*"))).strip()


def _kind(title: str, number: DocumentNumber | None) -> str | None:
    kind = kind_of(title)
    if kind is None and number is not None and number.agency.endswith("函"):
        return "函"
    return kind


# ---- number, date, year ----------------------------------------------------------------------------


def _number(view: DocumentView, given: str | None, issued_on: str | None) -> DocumentNumber | None:
    year = int(issued_on[:4]) if issued_on else 0
    if given:
        return _as_number(given, year)
    labelled = view.label(_NUMBER_KEYS)
    number = _as_number(labelled, year) if labelled else None
    if number is not None and number.sequence:
        return number
    return _front_number(view, year) or _signed_number(view)


def _front_number(view: DocumentView, year: int) -> DocumentNumber | None:
    """Return the number that stands alone in the head, of an announcement (2025年第2号) too."""
    for text, before in _front_lines(view):
        found = find_document_numbers(text)
        if found and (is_number_line(text) or _is_short_mention(text)):
            return found[0][0]
        parts = announcement_parts(text)
        if parts:
            agency = normalize(compact(before)) if before and is_office(before) else ""
            return DocumentNumber(text.strip(), agency, parts[0] or year, parts[1])
    return None


def _front_lines(view: DocumentView) -> Iterator[tuple[str, str]]:
    before = ""
    for paragraph in view.front:
        text = paragraph.text.strip("*")
        yield text, before
        before = text


def _is_short_mention(text: str) -> bool:
    """Whether a front line speaks of the document's own number: "Guidance Note OPC/GN/24/09, issued …"."""
    return text.isascii() and len(text) <= 120


def _signed_number(view: DocumentView) -> DocumentNumber | None:
    for paragraph in view.closing:
        if is_number_line(paragraph.text):
            found = find_document_numbers(paragraph.text)
            if found:
                return found[0][0]
    return None


def _as_number(text: str, year: int) -> DocumentNumber:
    """Return a number that is known to be one, in parts as far as they can be told."""
    found = find_document_numbers(text)
    if found:
        return found[0][0]
    digits = re.findall(r"\d{1,6}", normalize(text))
    agency = re.sub(r"第?\s?\d.*", "", normalize(text)).strip(" [(")
    return DocumentNumber(text.strip(), agency, year, int(digits[-1]) if digits else 0)


def _issued_on(view: DocumentView) -> str | None:
    for key in _DATE_KEYS:
        dates = find_dates(view.labels.get(key, ""))
        if dates:
            return dates[0][0]
    return _signature_date(view) or _front_date(view)


def _signature_date(view: DocumentView) -> str | None:
    """Return the date under the signature: the first line that is a date and follows an office's name."""
    lines = [iso for p in view.closing if (iso := date_line(p.text))]
    signed = [
        iso
        for before, p in pairwise(view.closing)
        if (iso := date_line(p.text)) and p.number == before.number + 1 and is_office(before.text)
    ]
    return next(iter([*signed, *lines]), None)


def _front_date(view: DocumentView) -> str | None:
    """Return the date in the head: of its own line, or the last on which a statute was passed or changed."""
    lines = [iso for p in view.front if (iso := date_line(p.text))]
    if lines:
        return lines[0]
    passed: list[str] = []
    for paragraph in view.head[:12]:
        text = paragraph.text[:LABEL_MAX]
        if (paragraph in view.front or text[0] in "（(12") and _PASSED.search(text):
            passed += [iso for iso, _, _ in find_dates(text)]
    in_front = [iso for p in view.front if p.text.isascii() for iso, _, _ in find_dates(p.text[:LABEL_MAX])]
    return max(passed) if passed else next(iter(in_front), None)


def _year(view: DocumentView, issued_on: str | None, number: DocumentNumber | None) -> int | None:
    if issued_on:
        return int(issued_on[:4])
    if number is not None and number.year:
        return number.year
    months = (match for p in view.front if (match := _MONTH_YEAR.search(p.text[:LABEL_MAX])))
    return next((int(match[1]) for match in months), None)


# ---- contact, openness, status ---------------------------------------------------------------------


def _contact(view: DocumentView) -> str | None:
    value = view.label(_CONTACT_KEYS)
    return re.sub(r"[\s　]+", " ", _BEFORE_PHONE.split(value)[0]).strip() if value else None


def _telephone(view: DocumentView) -> str | None:
    value = view.label(_PHONE_KEYS) or view.label(_CONTACT_KEYS)
    match = _PHONE.search(normalize(value)) if value else None
    return match.group() if match else None


def _openness(view: DocumentView) -> str | None:
    candidates = [
        view.label(_OPENNESS_KEYS),
        *(p.text for p in [*view.closing, *view.front] if is_note(p.text)),
    ]
    for text in candidates:
        match = _OPENNESS.search(text) if text else None
        if match:
            return "不予公开" if match["no"] else "依申请公开" if match["asked"] else "主动公开"
    return None


def _status(view: DocumentView, title: str) -> DocumentStatus:
    labelled = view.label(_STATUS_KEYS) or ""
    notes = [title, *(p.text for p in [*view.front, *view.closing])]
    if _REPEALED_VALUE.search(labelled) or any(_REPEALED.search(note[:LABEL_MAX]) for note in notes):
        return "repealed"
    return "in_force" if _IN_FORCE.search(labelled) else "unknown"
