"""A document on its way into a generation: its paragraphs as columns, as soon as it is given.

A word as a Python object takes a hundred bytes or more and there are millions; as columns it takes twelve.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from indexer.errors import IndexStoreError
from indexer.index import EncodedParagraph
from indexer.local.arrays import flat
from indexer.local.columns import LANGUAGES, Columns, concatenate
from indexer.local.folding import duplicate_key, hash64, squeeze, to_bytes
from indexer.local.passages import metadata_to_json, passage_record
from indexer.local.vectors import checked
from indexer.records import DocumentMetadata, Paragraph

_TOGETHER = 4_096


class Vocabulary(dict[str, int]):
    """Term -> a number for this build; a term not met before gets the next number."""

    def __missing__(self, term: str) -> int:
        number = self[term] = len(self)
        return number

    def numbers(self, terms: Iterable[str]) -> list[int]:
        """Return the number of each term."""
        return list(map(self.__getitem__, terms))


@dataclass(frozen=True, slots=True)
class StagedDocument:
    """A document that was given to a writer.

    records: a PassageRecord's values a passage. Term ids in `columns` are the writer's vocabulary's.
    """

    document_id: str
    digest: str
    metadata: str
    records: Sequence[tuple[object, ...]]
    columns: Columns


def stage(
    document_id: str,
    digest: str,
    metadata: DocumentMetadata,
    paragraphs: Iterable[EncodedParagraph],
    vocabulary: Vocabulary,
    dimension: int,
) -> StagedDocument:
    """Turn a document into columns, some of its paragraphs at a time.

    Raises VectorShapeMismatch, and IndexStoreError for a text that is not Unicode.
    """
    records: list[tuple[object, ...]] = []
    parts: list[Columns] = []
    given = iter(paragraphs)
    while some := list(islice(given, _TOGETHER)):
        # Plain tuples: the garbage collector stops following those, unlike named ones.
        records += [tuple(passage_record(_storable(each), each.quantities)) for each in some]
        parts.append(_columns(document_id, some, vocabulary, dimension))
    columns = parts[0] if len(parts) == 1 else concatenate(parts, dimension)
    return StagedDocument(document_id, digest, metadata_to_json(metadata), records, columns)


def _storable(encoded: EncodedParagraph) -> Paragraph:
    try:
        encoded.paragraph.text.encode()
    except UnicodeEncodeError as error:
        place = f"{encoded.paragraph.document_id}, paragraph {encoded.paragraph.number}"
        raise IndexStoreError(f"{place} holds an unpaired surrogate ({error}); decode it again.") from error
    return encoded.paragraph


def _columns(
    document_id: str, paragraphs: Sequence[EncodedParagraph], vocabulary: Vocabulary, dimension: int
) -> Columns:
    squeezed = [squeeze(each.paragraph.text) for each in paragraphs]
    texts = [to_bytes(text) for text in squeezed]
    terms, starts, lengths = _words(paragraphs, vocabulary)
    context_terms, context_counts = flat([vocabulary.numbers(each.context) for each in paragraphs], np.int32)
    table_rows, table_counts = flat([each.table_rows for each in paragraphs], np.int32)
    return Columns(
        languages=np.array([LANGUAGES.index(each.paragraph.language) for each in paragraphs], dtype=np.uint8),
        duplicates=np.array([duplicate_key(each.paragraph.text) for each in paragraphs], dtype=np.int64),
        sample_keys=np.array([hash64(to_bytes(each.paragraph.passage_id)) for each in paragraphs], np.uint64),
        word_counts=np.array([len(each.words) for each in paragraphs], dtype=np.int64),
        word_terms=terms,
        word_starts=starts,
        word_lengths=lengths,
        context_counts=context_counts,
        context_terms=context_terms,
        table_counts=table_counts,
        table_rows=table_rows,
        squeezed_counts=np.array([len(text) for text in texts], dtype=np.int64),
        squeezed=np.frombuffer(b"".join(texts), dtype=np.uint8),
        vectors=_vectors(document_id, paragraphs, dimension),
    )


def _words(
    paragraphs: Sequence[EncodedParagraph], vocabulary: Vocabulary
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    words = [word for each in paragraphs for word in each.words]
    texts, starts, ends = zip(*words, strict=True) if words else ((), (), ())
    first = np.array(starts, dtype=np.int32)
    return np.array(vocabulary.numbers(texts), dtype=np.int32), first, np.array(ends, dtype=np.int32) - first


def _vectors(document_id: str, paragraphs: Sequence[EncodedParagraph], dimension: int) -> NDArray[np.float16]:
    rows = [checked(each.vector, (dimension,), document_id).astype(np.float16) for each in paragraphs]
    return np.stack(rows) if rows else np.zeros((0, dimension), dtype=np.float16)
