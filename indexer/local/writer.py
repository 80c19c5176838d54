"""The writer of the next generation: what is given or carried over, derived, synced and published."""

from __future__ import annotations

import datetime
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from filelock import FileLock
from numpy.typing import NDArray

from indexer.errors import IndexStoreError
from indexer.index import FORMAT, EncodedParagraph, EncoderSignature, IndexInfo
from indexer.local.arrays import save_array
from indexer.local.columns import LANGUAGES, Columns, StoredColumns, concatenate, load_columns
from indexer.local.glossaries import write_glossary
from indexer.local.layout import Layout, make_last
from indexer.local.literals import save_literals
from indexer.local.manifest import Manifest, recorded
from indexer.local.passages import DocumentRecord, PassageStore, PassageWriter
from indexer.local.postings import save_postings
from indexer.local.staging import StagedDocument, Vocabulary, stage
from indexer.local.terms import TermTable, save_terms
from indexer.local.vectors import FILE as VECTORS
from indexer.local.vectors import Vectors, save_vectors
from indexer.records import DocumentMetadata, UnreadDocument

KEPT_GENERATIONS = 3

SAMPLE = 1500
"""Passages in the fixed sample on which word statistics are taken."""


@dataclass(frozen=True, slots=True)
class Base:
    """The published generation that a writer starts from, every byte of it checked."""

    folder: Path
    columns: StoredColumns
    vectors: Vectors
    documents: Mapping[str, DocumentRecord]

    @classmethod
    def load(cls, folder: Path, manifest: Manifest) -> Base:
        """Map a generation that has been checked. Raises CorruptIndex."""
        info = manifest.info
        vectors = Vectors.load(folder, manifest.files[VECTORS].sha256, info.dimension, info.passages)
        store = PassageStore(folder)
        documents = {each.document_id: each for each in store.document_records()}
        store.close()
        return cls(folder, load_columns(folder), vectors, documents)

    def part(self, documents: Sequence[DocumentRecord]) -> Columns:
        """Return the columns of documents that follow one another."""
        first, last = _rows_of(documents)
        return self.columns.part(first, last, self.vectors.rows)


def _rows_of(documents: Sequence[DocumentRecord]) -> tuple[int, int]:
    return documents[0].first_row, documents[-1].first_row + documents[-1].passages


class LocalWriter:
    """The protocol IndexWriter over one folder. Holds the index's lock until it is left."""

    def __init__(
        self,
        layout: Layout,
        lock: FileLock,
        signature: EncoderSignature,
        started_from: int,
        base: Base | None,
    ) -> None:
        self._layout = layout
        self._lock = lock
        self._signature = signature
        self._started_from = started_from
        self._base = base
        self._published = False
        self._carried = dict(base.documents) if base else {}
        self._staged: dict[str, StagedDocument] = {}
        # The base's terms come first, so that its columns need no other ids than they have.
        terms = TermTable.load(base.folder).all() if base else []
        self._vocabulary = Vocabulary(zip(terms, range(len(terms)), strict=True))

    def __enter__(self) -> LocalWriter:
        return self

    def __exit__(self, *exc: object) -> None:
        self._lock.release()

    def digests(self) -> dict[str, str]:
        """Return document_id -> digest of every document the next generation holds so far."""
        return {each: document.digest for each, document in self._documents().items()}

    def _documents(self) -> dict[str, DocumentRecord | StagedDocument]:
        return {**self._carried, **self._staged}

    def replace(
        self,
        document_id: str,
        digest: str,
        metadata: DocumentMetadata,
        paragraphs: Iterable[EncodedParagraph],
    ) -> None:
        """Add a document, or put it in the place of the one with the same id.

        `paragraphs` come in the order of their numbers. Raises VectorShapeMismatch.
        """
        dimension = self._signature.dimension
        staged = stage(document_id, digest, metadata, paragraphs, self._vocabulary, dimension)
        self.remove(document_id)
        self._staged[document_id] = staged

    def remove(self, document_id: str) -> None:
        """Leave a document out of the next generation; one that it does not hold changes nothing."""
        self._carried.pop(document_id, None)
        self._staged.pop(document_id, None)

    def publish(self, unread: Iterable[UnreadDocument] = (), glossary: str = "") -> IndexInfo:
        """Write, sync, checksum and publish the new generation, with the user's glossary beside it.

        Raises IndexStoreError where the disk refuses; the published generation then stays as it was.
        """
        if self._published:
            raise IndexStoreError("This writer has published already; open another for the next generation.")
        number = max([*self._layout.numbers(), self._started_from]) + 1
        folder = self._layout.building(number)
        with _disk_errors_named(self._layout, folder):
            folder.mkdir()
            info = self._write(folder, number)
            write_glossary(folder, glossary)
            pointer = Manifest(info, recorded(folder), tuple(unread)).save(folder)
            for path in folder.iterdir():
                make_last(path)
            make_last(folder)
            folder.rename(self._layout.generation(number))
            make_last(self._layout.generations)
            self._layout.point_to(pointer)
        self._published = True
        with suppress(OSError):  # what is published stays published; the next build tries again
            self._forget_old(number)
        return info

    def _write(self, folder: Path, number: int) -> IndexInfo:
        runs = list(self._runs())
        columns, terms = self._columns(runs)
        documents = self._write_passages(folder, runs)
        columns.save(folder)
        save_terms(folder, terms)
        save_postings(folder, columns, len(terms))
        save_literals(folder, columns)
        save_vectors(folder, columns.vectors)
        save_array(folder, "document_of_row", np.repeat(np.arange(len(documents), dtype=np.int32), documents))
        save_array(folder, "sample_rows", _sample(columns.sample_keys))
        return self._info(number, len(documents), columns)

    def _runs(self) -> Iterator[StagedDocument | list[DocumentRecord]]:
        """Yield the documents in id order: staged ones singly, carried ones in runs of the base's rows."""
        documents = self._documents()
        expected = 0
        run: list[DocumentRecord] = []
        for document_id in sorted(documents):
            document = documents[document_id]
            if run and (isinstance(document, StagedDocument) or document.first_row != expected):
                yield run
                run = []
            if isinstance(document, StagedDocument):
                yield document
            else:
                run.append(document)
                expected = document.first_row + document.passages
        if run:
            yield run

    def _columns(self, runs: Iterable[StagedDocument | list[DocumentRecord]]) -> tuple[Columns, list[str]]:
        """Return all passages' columns, and the terms that their term ids stand for, in order."""
        parts = [each.columns if isinstance(each, StagedDocument) else self._base_part(each) for each in runs]
        columns = concatenate(parts, self._signature.dimension)
        used = np.zeros(len(self._vocabulary), dtype=np.bool_)
        used[columns.word_terms] = True
        used[columns.context_terms] = True
        spellings = list(self._vocabulary)
        numbers = sorted(np.flatnonzero(used).tolist(), key=spellings.__getitem__)
        new_ids = np.zeros(len(used), dtype=np.int32)
        new_ids[numbers] = np.arange(len(numbers), dtype=np.int32)
        return columns.with_terms(new_ids), [spellings[number] for number in numbers]

    def _base_part(self, run: Sequence[DocumentRecord]) -> Columns:
        assert self._base is not None  # documents are carried from it only
        return self._base.part(run)

    def _write_passages(
        self, folder: Path, runs: Iterable[StagedDocument | list[DocumentRecord]]
    ) -> list[int]:
        """Write passages.sqlite; return how many passages each document has, in id order."""
        writer = PassageWriter(folder, self._base.folder if self._base else None)
        try:
            documents = list(_add_passages(writer, runs))
            writer.add_documents(documents)
            writer.finish()
        finally:
            writer.close()
        return [document[3] for document in documents]

    def _info(self, number: int, documents: int, columns: Columns) -> IndexInfo:
        counts = np.bincount(columns.languages, minlength=len(LANGUAGES)).tolist()
        return IndexInfo(
            generation=number,
            format=FORMAT,
            encoder=self._signature.name,
            encoder_checksum=self._signature.checksum,
            segmenter=self._signature.segmenter,
            dimension=self._signature.dimension,
            documents=documents,
            passages=len(columns),
            languages={language: count for language, count in zip(LANGUAGES, counts, strict=True) if count},
            built_at=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        )

    def _forget_old(self, published: int) -> None:
        """Remove all but the last few generations, and those that were rolled back or never published."""
        numbers = self._layout.numbers()
        kept = [number for number in numbers if number <= self._started_from][-(KEPT_GENERATIONS - 1) :]
        for number in set(numbers) - {published, *kept}:
            self._layout.remove(number)


def _add_passages(
    writer: PassageWriter, runs: Iterable[StagedDocument | list[DocumentRecord]]
) -> Iterator[tuple[str, str, int, int, str]]:
    """Add passages run by run, and yield each document's record for the table of documents."""
    row = 0
    for run in runs:
        if isinstance(run, StagedDocument):
            writer.add(row, run.records)
        else:
            writer.carry(row, *_rows_of(run))
        for document in [run] if isinstance(run, StagedDocument) else run:
            count = len(document.records) if isinstance(document, StagedDocument) else document.passages
            yield document.document_id, document.digest, row, count, document.metadata
            row += count


def _sample(keys: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Return the rows of the lowest hashed passage ids, ascending: the same for the same passages."""
    order = np.argsort(keys, kind="stable")
    return np.sort(order[:SAMPLE]).astype(np.int64)


@contextmanager
def _disk_errors_named(layout: Layout, folder: Path) -> Iterator[None]:
    """Turn a disk's refusal into an IndexStoreError, and remove what was written aside."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise IndexStoreError(
            f"The new generation could not be written to {layout.root}: {error}. The published one is as "
            "it was. Make room or see to the folder's rights, then build again."
        ) from error
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
