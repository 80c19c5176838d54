"""One published generation, open for questions."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from indexer.index import (
    Candidates,
    Facet,
    IndexInfo,
    PassageFilter,
    RaggedRows,
    StoredDocument,
    StoredPassage,
    TermGroup,
)
from indexer.local.arrays import load_array, slices_of
from indexer.local.columns import load_columns
from indexer.local.filters import DocumentFields
from indexer.local.folding import to_text
from indexer.local.glossaries import read_glossary
from indexer.local.literals import Literals
from indexer.local.manifest import Manifest, check_files
from indexer.local.passages import PassageRecord, PassageStore, paragraph_of
from indexer.local.postings import Postings
from indexer.local.terms import TermTable
from indexer.local.vectors import FILE as VECTORS
from indexer.local.vectors import Vectors
from indexer.records import Language, Word


class LocalReader:
    """The protocol IndexReader over one folder. Everything is opened at once: the folder may vanish."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self._info = manifest.info
        check_files(folder, manifest, every_byte=False)
        vectors = manifest.files[VECTORS].sha256
        self._vectors = Vectors.load(folder, vectors, self._info.dimension, self._info.passages)
        self._columns = load_columns(folder)
        self._terms = TermTable.load(folder)
        self._postings = Postings.load(folder, self._terms, self._info.passages)
        self._literals = Literals.load(folder, self._columns)
        self._document_of_row: NDArray[np.int32] = load_array(folder, "document_of_row", "i")
        self._sample: NDArray[np.int64] = load_array(folder, "sample_rows", "i")
        self._store = PassageStore(folder)
        self._glossary = read_glossary(folder)
        self._documents: dict[int, StoredDocument] = {}
        self._fields: DocumentFields | None = None
        self._fields_lock = threading.Lock()

    @property
    def info(self) -> IndexInfo:
        """What the generation says of itself."""
        return self._info

    @property
    def glossary(self) -> str:
        """The text of the user's own glossary that the generation was built with."""
        return self._glossary

    def dense_candidates(
        self, vector: NDArray[np.float32], limit: int, within: NDArray[np.bool_] | None = None
    ) -> Candidates:
        """Return the passages of the largest inner products with `vector` (dim,): an exact search."""
        return self._vectors.search(vector, limit, within)

    def lexical_candidates(
        self, groups: Sequence[TermGroup], limit: int, within: NDArray[np.bool_] | None = None
    ) -> Candidates:
        """Return the passages of the highest BM25 over the groups; only scores above 0."""
        return self._postings.search(groups, limit, within)

    def literal_candidates(
        self, text: str, limit: int, within: NDArray[np.bool_] | None = None
    ) -> Candidates:
        """Return passages that hold `text`, normalised and without white space, densest first."""
        return self._literals.search(text, limit, within)

    def document_frequency(self, terms: Sequence[str]) -> NDArray[np.int64]:
        """Return for each term in how many passages' own text it stands."""
        return self._postings.document_frequency(terms)

    def dense_scores(self, vector: NDArray[np.float32], rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the inner product of `vector` with each of `rows`."""
        return self._vectors.scores(vector, rows)

    def table_rows(self, rows: NDArray[np.int64]) -> RaggedRows:
        """Return the word-table rows of the given passages."""
        positions, offsets = slices_of(self._columns.table_offsets, rows)
        return RaggedRows(self._columns.table_rows[positions], offsets)

    def sample_rows(self) -> NDArray[np.int64]:
        """Return the fixed sample of at most 1,500 passages: those of the lowest hashed ids."""
        return self._sample

    def select(self, wanted: PassageFilter) -> NDArray[np.bool_] | None:
        """Return a mask of the passages a filter lets through. Raises UnknownFilter."""
        return self._document_fields().select(wanted) if wanted.values else None

    def facets(
        self, fields: Sequence[str], rows: NDArray[np.int64] | None = None
    ) -> Mapping[str, Sequence[Facet]]:
        """Count the values of fields among rows, most frequent first. Raises UnknownFilter."""
        return self._document_fields().facets(fields, rows)

    def _document_fields(self) -> DocumentFields:
        # Worked out at the first filter: opening an index for one question should not wait for it.
        with self._fields_lock:
            if self._fields is None:
                documents = self._store.documents(self._info.documents, 0)
                self._fields = DocumentFields(documents, self._document_of_row, self._columns.languages)
            return self._fields

    def passages(self, rows: Sequence[int] | NDArray[np.int64]) -> list[StoredPassage]:
        """Return passages in the order asked for. Raises IndexError for a row that does not exist."""
        wanted = [int(row) for row in rows]
        if wanted and not 0 <= min(wanted) <= max(wanted) < len(self._columns):
            raise IndexError(
                f"Rows are 0 to {len(self._columns) - 1}; asked for {min(wanted)}–{max(wanted)}."
            )
        records = self._store.records(wanted)
        spellings: dict[int, str] = {}
        return [self._passage(row, records[row], spellings) for row in wanted]

    def _passage(self, row: int, record: PassageRecord, spellings: dict[int, str]) -> StoredPassage:
        document = self._document_at(int(self._document_of_row[row]))
        paragraph, quantities = paragraph_of(document.document_id, record)
        return StoredPassage(row, paragraph, document.metadata, self._words(row, spellings), quantities)

    def _document_at(self, ordinal: int) -> StoredDocument:
        document = self._documents.get(ordinal)
        if document is None:
            document = self._documents[ordinal] = self._store.document_at(ordinal)
        return document

    def _words(self, row: int, spellings: dict[int, str]) -> list[Word]:
        columns = self._columns
        place = slice(int(columns.word_offsets[row]), int(columns.word_offsets[row + 1]))
        starts = columns.word_starts[place].tolist()
        words = []
        for term, start, length in zip(
            columns.word_terms[place].tolist(), starts, columns.word_lengths[place].tolist(), strict=True
        ):
            text = spellings.get(term)
            if text is None:
                text = spellings[term] = to_text(self._terms.encoded(term))
            words.append(Word(text, start, start + length))
        return words

    def documents_of(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the ordinal of each row's document."""
        return self._document_of_row[rows].astype(np.int64)

    def duplicates_of(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return a number that rows with the same normalised text, figures included, share."""
        return self._columns.duplicates[rows]

    def document_rows_by_number(
        self, agency: str | None, year: int | None, sequence: int | None
    ) -> list[int]:
        """Return the first rows of documents whose number has all the parts given; of no part, none."""
        return self._store.rows_by_number(agency, year, sequence)

    def documents(self, limit: int = 50, offset: int = 0) -> list[StoredDocument]:
        """Return documents in id order."""
        return self._store.documents(limit, offset)

    def document(self, document_id: str) -> StoredDocument | None:
        """Return one document, or None."""
        return self._store.document(document_id)

    def passage_row(self, passage_id: str) -> int | None:
        """Return the row of a passage, or None."""
        return self._store.row_of(passage_id)

    def language_counts(self) -> Mapping[Language, int]:
        """Return how many passages each language has."""
        return cast("Mapping[Language, int]", dict(self._info.languages))

    def close(self) -> None:
        """Let go of the passage store; mapped arrays go when the reader does."""
        self._store.close()
