"""Passages and documents as people see them, in SQLite: the only SQL."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from indexer.errors import CorruptIndex
from indexer.index import StoredDocument
from indexer.local.folding import squeeze
from indexer.records import DocumentMetadata, DocumentNumber, Paragraph, Quantity, Span

FILE = "passages.sqlite"

_SCHEMA = """
CREATE TABLE documents (
    ordinal INTEGER PRIMARY KEY, document_id TEXT NOT NULL UNIQUE, digest TEXT NOT NULL,
    first_row INTEGER NOT NULL, passages INTEGER NOT NULL, metadata TEXT NOT NULL,
    agency TEXT, year INTEGER, sequence INTEGER
);
CREATE TABLE passages (
    row INTEGER PRIMARY KEY, passage_id TEXT NOT NULL, number INTEGER NOT NULL, text TEXT NOT NULL,
    kind TEXT NOT NULL, language TEXT NOT NULL, heading_path TEXT NOT NULL, spans TEXT NOT NULL,
    page INTEGER, quantities TEXT
);
"""
_INDEXES = """
CREATE INDEX passages_by_id ON passages (passage_id);
CREATE INDEX documents_by_number ON documents (sequence, year, agency);
"""
_ADD_DOCUMENT = "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
_ADD_PASSAGE = "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_CARRY_PASSAGES = """
INSERT INTO passages
SELECT row + ?, passage_id, number, text, kind, language, heading_path, spans, page, quantities
FROM base.passages WHERE row >= ? AND row < ? ORDER BY row
"""
_DOCUMENT = "SELECT document_id, metadata, digest, first_row, passages FROM documents"

_ROWS_AT_ONCE = 500


class PassageRecord(NamedTuple):
    """A row of the table of passages, apart from its row number."""

    passage_id: str
    number: int
    text: str
    kind: str
    language: str
    heading_path: str
    spans: str
    page: int | None
    quantities: str | None


def passage_record(paragraph: Paragraph, quantities: Sequence[Quantity]) -> PassageRecord:
    """Return what is stored of a paragraph."""
    return PassageRecord(
        paragraph.passage_id,
        paragraph.number,
        paragraph.text,
        paragraph.kind,
        paragraph.language,
        json.dumps(paragraph.heading_path),
        json.dumps(paragraph.spans),
        paragraph.page,
        json.dumps([asdict(each) for each in quantities]) if quantities else None,
    )


def metadata_to_json(metadata: DocumentMetadata) -> str:
    """Return a document's metadata as JSON, the fields that are None left out."""
    content = asdict(metadata)
    return json.dumps({name: value for name, value in content.items() if value is not None})


def metadata_from_json(content: str) -> DocumentMetadata:
    """Return what `metadata_to_json` was given."""
    values = json.loads(content)
    number = values.pop("document_number", None)
    return DocumentMetadata(**values, document_number=DocumentNumber(**number) if number else None)


def _stored_document(record: Sequence[Any]) -> StoredDocument:
    document_id, metadata, digest, first_row, passages = record
    return StoredDocument(document_id, metadata_from_json(metadata), digest, first_row, passages)


def _uri(path: Path) -> str:
    # immutable: SQLite takes no locks and looks for no journal, so a read-only folder will do.
    return f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1"


class PassageWriter:
    """Write the passages of one generation, in row order; `base` is a generation to carry from."""

    def __init__(self, folder: Path, base: Path | None = None) -> None:
        self._connection = sqlite3.connect(folder / FILE, isolation_level=None, uri=True)
        # Nothing to roll back to: a file that is not finished is thrown away, and synced by us if it is.
        self._connection.execute("PRAGMA journal_mode = OFF")
        self._connection.execute("PRAGMA synchronous = OFF")
        if base:
            self._connection.execute("ATTACH ? AS base", (_uri(base / FILE),))
        self._connection.executescript(_SCHEMA)
        self._connection.execute("BEGIN")

    def add_documents(self, documents: Iterable[tuple[str, str, int, int, str]]) -> None:
        """Add (document_id, digest, first_row, passages, metadata as JSON) in id order."""
        rows = (
            (ordinal, *document, *_number_parts(document[-1])) for ordinal, document in enumerate(documents)
        )
        self._connection.executemany(_ADD_DOCUMENT, rows)

    def add(self, first_row: int, records: Iterable[tuple[object, ...]]) -> None:
        """Add passages (a PassageRecord's values each) from `first_row` on."""
        rows = ((row, *record) for row, record in enumerate(records, first_row))
        self._connection.executemany(_ADD_PASSAGE, rows)

    def carry(self, first_row: int, base_first: int, base_last: int) -> None:
        """Add rows base_first … base_last - 1 of the base from `first_row` on."""
        self._connection.execute(_CARRY_PASSAGES, (first_row - base_first, base_first, base_last))

    def finish(self) -> None:
        """Commit, make the look-up tables and close."""
        self._connection.execute("COMMIT")
        self._connection.executescript(_INDEXES)
        self.close()

    def close(self) -> None:
        """Let go of the file, finished or not."""
        self._connection.close()


def _number_parts(metadata: str) -> tuple[str | None, int | None, int | None]:
    number = metadata_from_json(metadata).document_number
    return (squeeze(number.agency), number.year, number.sequence) if number else (None, None, None)


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """A document as a later build carries it over: its metadata stays JSON."""

    document_id: str
    digest: str
    first_row: int
    passages: int
    metadata: str


class PassageStore:
    """Read the passages of one generation. Threads share one connection, in turn.

    One connection only, opened at once: a second, opened later, might find its generation removed.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._lock = threading.Lock()
        try:
            self._connection = sqlite3.connect(_uri(self._path), uri=True, check_same_thread=False)
        except sqlite3.OperationalError as error:
            raise FileNotFoundError(self._path) from error
        # SQLite opens its file at the first statement, not at connect().
        self._all("SELECT count(*) FROM sqlite_master")

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()

    def _all(self, statement: str, values: Sequence[object] = ()) -> list[Any]:
        with self._lock, self._damage_named():
            return self._connection.execute(statement, values).fetchall()

    @contextmanager
    def _damage_named(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.ProgrammingError):
                raise
            raise CorruptIndex(f"{self._path} cannot be read: {error}. Build the index again.") from error

    def records(self, rows: Sequence[int]) -> dict[int, PassageRecord]:
        """Return the passages of rows, by row; a row that does not exist is not in the answer."""
        found: dict[int, PassageRecord] = {}
        for first in range(0, len(rows), _ROWS_AT_ONCE):
            some = rows[first : first + _ROWS_AT_ONCE]
            marks = ",".join("?" * len(some))
            for row, *record in self._all(f"SELECT * FROM passages WHERE row IN ({marks})", some):
                found[row] = PassageRecord(*record)
        return found

    def row_of(self, passage_id: str) -> int | None:
        """Return the row of a passage, or None."""
        found = self._all("SELECT row FROM passages WHERE passage_id = ? ORDER BY row LIMIT 1", (passage_id,))
        return int(found[0][0]) if found else None

    def documents(self, limit: int, offset: int) -> list[StoredDocument]:
        """Return documents in id order."""
        return [
            _stored_document(each)
            for each in self._all(f"{_DOCUMENT} ORDER BY ordinal LIMIT ? OFFSET ?", (limit, offset))
        ]

    def document(self, document_id: str) -> StoredDocument | None:
        """Return one document, or None."""
        found = self._all(f"{_DOCUMENT} WHERE document_id = ?", (document_id,))
        return _stored_document(found[0]) if found else None

    def document_at(self, ordinal: int) -> StoredDocument:
        """Return the document with a place in id order, from 0."""
        return _stored_document(self._all(f"{_DOCUMENT} WHERE ordinal = ?", (ordinal,))[0])

    def document_records(self) -> list[DocumentRecord]:
        """Return every document in id order, as a build carries it over."""
        columns = "document_id, digest, first_row, passages, metadata"
        return [
            DocumentRecord(*each) for each in self._all(f"SELECT {columns} FROM documents ORDER BY ordinal")
        ]

    def rows_by_number(self, agency: str | None, year: int | None, sequence: int | None) -> list[int]:
        """Return the first rows of documents whose number has all the parts given; of no part, none."""
        parts = {"agency": agency and squeeze(agency), "year": year, "sequence": sequence}
        given = {name: value for name, value in parts.items() if value is not None}
        if not given:
            return []
        where = " AND ".join(f"{name} = ?" for name in given)
        statement = f"SELECT first_row FROM documents WHERE passages > 0 AND {where} ORDER BY ordinal"
        return [int(row) for (row,) in self._all(statement, tuple(given.values()))]


def paragraph_of(document_id: str, record: PassageRecord) -> tuple[Paragraph, tuple[Quantity, ...]]:
    """Return the paragraph and quantities that a record was made of."""
    values = record._asdict()
    quantities = json.loads(values.pop("quantities") or "[]")
    values["heading_path"] = tuple(json.loads(record.heading_path))
    values["spans"] = tuple(Span(*each) for each in json.loads(record.spans))
    return Paragraph(document_id=document_id, **values), tuple(Quantity(**each) for each in quantities)
