"""The protocols every index keeps, whatever engine is below, and the records they exchange.

An index is a sequence of published generations. A writer starts from the newest one, replaces and
removes documents, and publishes a new one; a reader holds the generation it opened. Inside one
generation a passage has a *row*: 0 … n-1, ordered by document id and paragraph number.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from indexer.records import DocumentMetadata, Language, Paragraph, Quantity, Span, UnreadDocument, Word

FORMAT = 1
"""The number of the layout on disk, apart from the package's version. Readers refuse any other."""

FILTER_FIELDS = (
    "issuer",
    "kind",
    "year",
    "language",
    "document_number",
    "document_id",
    "status",
    "issued_on",
)
FACET_FIELDS = ("issuer", "kind", "year", "language", "status")


@dataclass(frozen=True, slots=True)
class EncoderSignature:
    """What an index must share with the process that asks: encoder, its files, segmenter, dimension."""

    name: str
    checksum: str
    segmenter: str
    dimension: int


@dataclass(frozen=True, slots=True)
class EncodedParagraph:
    """A paragraph ready to be stored.

    words: the paragraph's words in order (offsets into paragraph.text).
    context: words of title and heading path, which count for less in the lexical index.
    table_rows: int32 (m,), the distinct word-table rows of the words, ascending.
    vector: float32 (dim,), unit length or all zero.
    """

    paragraph: Paragraph
    words: Sequence[Word]
    context: Sequence[str]
    table_rows: NDArray[np.int32]
    vector: NDArray[np.float32]
    quantities: Sequence[Quantity] = ()


@dataclass(frozen=True, slots=True)
class IndexInfo:
    """What a generation says of itself."""

    generation: int
    format: int
    encoder: str
    encoder_checksum: str
    segmenter: str
    dimension: int
    documents: int
    passages: int
    languages: Mapping[str, int]
    built_at: str


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document of a generation."""

    document_id: str
    metadata: DocumentMetadata
    digest: str
    first_row: int
    passages: int


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage of a generation, with its words and the metadata of its document."""

    row: int
    paragraph: Paragraph
    metadata: DocumentMetadata
    words: Sequence[Word]
    quantities: Sequence[Quantity] = ()


@dataclass(frozen=True, slots=True)
class Candidates:
    """Passages that one way of looking found, best first.

    rows: int64 (n,), without repeats. scores: float32 (n,), higher is better.
    """

    rows: NDArray[np.int64]
    scores: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class TermGroup:
    """One question word as the lexical index looks for it: alternatives, of which the best counts.

    terms: (term, weight in 0..1) pairs: the word itself at 1, its translations and synonyms below.
    """

    terms: tuple[tuple[str, float], ...]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class RaggedRows:
    """For each of n passages the word-table rows of its words: rows[offsets[i]:offsets[i + 1]].

    rows: int32 (m,). offsets: int64 (n + 1,).
    """

    rows: NDArray[np.int32]
    offsets: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Facet:
    """How many passages carry a value of a field."""

    value: str | int
    count: int


@dataclass(frozen=True, slots=True)
class PassageFilter:
    """Fields combine with AND, the values of one field with OR; a field with no value matches nothing.

    `values` maps a field of FILTER_FIELDS to accepted values; `issued_on` accepts `2025-01-01..2025-12-31`
    (either end may be empty) and `year` accepts `2024..2026` too.
    """

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class IndexWriter(Protocol):
    """Write one new generation on top of the newest. Use as a context manager: leaving it without
    publish() abandons the work."""

    def digests(self) -> Mapping[str, str]:
        """Return document_id -> digest of every document the next generation holds so far."""
        ...

    def replace(
        self,
        document_id: str,
        digest: str,
        metadata: DocumentMetadata,
        paragraphs: Iterable[EncodedParagraph],
    ) -> None:
        """Add a document, or put it in the place of the one with the same id.

        `paragraphs` come in the order of their numbers, and may be made while they are taken.
        """
        ...

    def remove(self, document_id: str) -> None:
        """Leave a document out of the next generation."""
        ...

    def publish(self, unread: Iterable[UnreadDocument] = (), glossary: str = "") -> IndexInfo:
        """Write, sync, checksum and publish the new generation; return what it says of itself.

        `glossary` is the text of the user's own glossary file, kept with the generation for its questions.
        """
        ...

    def __enter__(self) -> IndexWriter: ...

    def __exit__(self, *exc: object) -> None: ...


class IndexReader(Protocol):
    """Read one published generation. Safe to use from several threads."""

    @property
    def info(self) -> IndexInfo:
        """What the generation says of itself."""
        ...

    @property
    def glossary(self) -> str:
        """The text of the user's own glossary that the generation was built with; empty without one."""
        ...

    def dense_candidates(
        self, vector: NDArray[np.float32], limit: int, within: NDArray[np.bool_] | None = None
    ) -> Candidates:
        """Return the passages whose vectors have the largest inner product with `vector` (dim,)."""
        ...

    def lexical_candidates(
        self, groups: Sequence[TermGroup], limit: int, within: NDArray[np.bool_] | None = None
    ) -> Candidates:
        """Return the passages with the highest BM25 over the groups; only those with a score above 0."""
        ...

    def literal_candidates(
        self, text: str, limit: int, within: NDArray[np.bool_] | None = None
    ) -> Candidates:
        """Return passages that hold `text` (two characters or more), compared after normalising.

        Scores count occurrences over passage length, so a denser passage comes first.
        """
        ...

    def document_frequency(self, terms: Sequence[str]) -> NDArray[np.int64]:
        """Return for each term in how many passages it stands (0 where unknown)."""
        ...

    def dense_scores(self, vector: NDArray[np.float32], rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the inner product of `vector` with each of `rows`."""
        ...

    def table_rows(self, rows: NDArray[np.int64]) -> RaggedRows:
        """Return the word-table rows of the given passages."""
        ...

    def sample_rows(self) -> NDArray[np.int64]:
        """Return the fixed sample of at most 1,500 passages on which word statistics are taken."""
        ...

    def select(self, wanted: PassageFilter) -> NDArray[np.bool_] | None:
        """Return a mask (n,) of the passages that a filter lets through; None where it names no field.

        Raises UnknownFilter for an unknown field or a value that cannot be one of the field's.
        """
        ...

    def facets(
        self, fields: Sequence[str], rows: NDArray[np.int64] | None = None
    ) -> Mapping[str, Sequence[Facet]]:
        """Count the values of fields among rows (all where None), most frequent first."""
        ...

    def passages(self, rows: Sequence[int] | NDArray[np.int64]) -> list[StoredPassage]:
        """Return passages in the order asked for."""
        ...

    def documents_of(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the ordinal of each row's document (documents are numbered by id)."""
        ...

    def duplicates_of(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return for each row a number that rows with the same text, figures included, share."""
        ...

    def document_rows_by_number(
        self, agency: str | None, year: int | None, sequence: int | None
    ) -> list[int]:
        """Return the first rows of documents whose number has all the parts given (normalised)."""
        ...

    def documents(self, limit: int = 50, offset: int = 0) -> list[StoredDocument]:
        """Return documents in id order."""
        ...

    def document(self, document_id: str) -> StoredDocument | None:
        """Return one document, or None."""
        ...

    def passage_row(self, passage_id: str) -> int | None:
        """Return the row of a passage, or None."""
        ...

    def language_counts(self) -> Mapping[Language, int]:
        """Return how many passages each language has."""
        ...

    def close(self) -> None:
        """Let go of files."""
        ...


def open_index(uri: str | Path, signature: EncoderSignature | None = None) -> IndexReader:
    """Open the newest published generation at `uri` (a folder on this machine).

    Raises IndexNotFound, UnsupportedIndexFormat, CorruptIndex, and EncoderMismatch where `signature`
    is given and differs from the index's.
    """
    from indexer.local.generation import open_reader

    return open_reader(Path(uri), signature)


def open_writer(uri: str | Path, signature: EncoderSignature) -> IndexWriter:
    """Open a writer for the next generation at `uri`; it holds the index's lock until it is closed.

    Raises IndexLocked, CorruptIndex, UnsupportedIndexFormat. A newest generation of another encoder or
    segmenter is not an error: nothing of it is kept and everything is encoded again.
    """
    from indexer.local.generation import open_writer as open_local

    return open_local(Path(uri), signature)


__all__ = [
    "FORMAT",
    "FACET_FIELDS",
    "FILTER_FIELDS",
    "Candidates",
    "EncodedParagraph",
    "EncoderSignature",
    "Facet",
    "IndexInfo",
    "IndexReader",
    "IndexWriter",
    "PassageFilter",
    "RaggedRows",
    "Span",
    "StoredDocument",
    "StoredPassage",
    "TermGroup",
    "open_index",
    "open_writer",
]
