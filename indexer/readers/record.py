"""One record of a `.jsonl` collection: its text, and the metadata that came with it."""

from __future__ import annotations

import json
import re
from datetime import date

from indexer.errors import UnreadableDocument
from indexer.readers.decoding import decode, tidy
from indexer.readers.lines import line_blocks
from indexer.records import Document, DocumentStatus, GivenMetadata, RawDocument

_EXPECTED = (
    'Expected one JSON object a line, such as {"_id": "a-1", "text": "…", "title": "…", "metadata": {}}'
)
_DATE = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?)?月?)?年?(?:[T ].*)?")
_STATUSES: dict[str, DocumentStatus] = {
    "in_force": "in_force",
    "repealed": "repealed",
    "superseded": "superseded",
    "有效": "in_force",
    "现行有效": "in_force",
    "废止": "repealed",
    "已废止": "repealed",
    "失效": "repealed",
    "已失效": "repealed",
    "已修改": "superseded",
}


class RecordReader:
    """Read one line of a `.jsonl` or `.jsonl.xz` file; `indexer.sources` cuts such files into lines."""

    suffixes: tuple[str, ...] = (".jsonl",)

    def read(self, raw: RawDocument) -> Document:
        """Return the record's document; raises UnreadableDocument naming the field that is wrong."""
        record = parse_record(raw.content, raw.name)
        text = tidy(str(record["text"]), f"{raw.name}, field 'text',")
        return Document(raw.document_id, text, line_blocks(text), given=_given(record, raw.name))


def parse_record(line: bytes, name: str) -> dict[str, object]:
    """Return the JSON object of a line, its `_id` as a string and its `text` checked to be one.

    Raises UnreadableDocument saying what was expected.
    """
    try:
        record = json.loads(_json_text(line, name))
    except (ValueError, RecursionError) as error:
        raise UnreadableDocument(f"{name} is not JSON: {error}. {_EXPECTED}.") from None
    if not isinstance(record, dict):
        raise UnreadableDocument(f"{name} is a JSON {type(record).__name__}, not an object. {_EXPECTED}.")
    record["_id"] = _record_id(record, name)
    if not isinstance(record.get("text"), str):
        raise UnreadableDocument(
            f"{name} has {_found(record, 'text')}. Expected a string 'text'. {_EXPECTED}."
        )
    return record


def _json_text(line: bytes, name: str) -> str:
    try:
        return line.decode("utf-8-sig")
    except UnicodeDecodeError:
        return decode(line, name)


def _record_id(record: dict[str, object], name: str) -> str:
    given = record.get("_id")
    if isinstance(given, int) and not isinstance(given, bool):
        return str(given)
    if not isinstance(given, str) or not given.strip():
        found = _found(record, "_id")
        raise UnreadableDocument(f"{name} has {found}. Expected an '_id' of its own. {_EXPECTED}.")
    return tidy(given, f"{name}, field '_id',")


def _found(record: dict[str, object], key: str) -> str:
    return f"{key!r} = {str(record[key])[:60]!r}" if key in record else f"no {key!r}"


def _given(record: dict[str, object], name: str) -> GivenMetadata:
    metadata = record.get("metadata") or {}
    if not isinstance(metadata, dict):
        raise UnreadableDocument(f"{name} has {_found(record, 'metadata')}. Expected an object of fields.")
    fields = metadata | {key: record[key] for key in ("title", "source") if record.get(key)}
    status = _string(fields, "status", name)
    return GivenMetadata(
        title=_string(fields, "title", name),
        document_number=_string(fields, "document_number", name),
        issuer=_string(fields, "issuer", name),
        issued_on=_issued_on(fields, name),
        kind=_string(fields, "kind", name),
        source=_string(fields, "source", name),
        status=_STATUSES.get(re.sub(r"[\s-]+", "_", status.lower()), "unknown") if status else None,
    )


def _string(fields: dict[str, object], key: str, name: str) -> str | None:
    value = fields.get(key)
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if not isinstance(value, str):
        raise UnreadableDocument(
            f"{name} has {_found(fields, key)}. Expected a string, or no {key!r} at all."
        )
    return " ".join(tidy(value, f"{name}, field {key!r},").split())


def _issued_on(fields: dict[str, object], name: str) -> str | None:
    """Return the date as ISO 8601, to the year, the month or the day as it was given."""
    key = "issued_on" if fields.get("issued_on") else "date"
    value = fields.get(key)
    written = _string({key: str(value) if isinstance(value, int) else value}, key, name)
    if written is None:
        return None
    parts = _DATE.fullmatch(written)
    numbers = [int(part) for part in parts.groups() if part] if parts else []
    try:
        date(*[*numbers, 1, 1][:3])
    except (TypeError, ValueError):
        raise UnreadableDocument(
            f"{name} has {_found(fields, key)}. Expected a date such as 2025-03-01, or no {key!r} at all."
        ) from None
    return "-".join([f"{numbers[0]:04}", *(f"{number:02}" for number in numbers[1:])])
