"""Every error this project raises on purpose.

WenzhengError
├ CorpusError        what we were given
│ ├ UnreadableDocument
│ ├ UnsupportedFormat
│ ├ SourceNotFound
│ ├ NothingReadable
│ └ DuplicateDocumentId
├ EncoderError       text -> vector
│ ├ EncoderUnavailable
│ └ VectorShapeMismatch
├ IndexStoreError    what is on disk
│ ├ IndexNotFound
│ ├ UnsupportedIndexFormat
│ ├ EncoderMismatch
│ ├ CorruptIndex
│ └ IndexLocked
├ QueryError         what was asked
│ ├ EmptyQuery
│ ├ QueryTooLong
│ ├ UnknownFilter
│ └ UnknownDocument
├ EvaluationError    judgements that cannot be measured
└ SettingsError      how it was set up

A message says what happened, the value, what was expected, and what to do.
"""

from typing import ClassVar


class WenzhengError(Exception):
    """Base of every error raised on purpose. `code` is stable and is shown to programs."""

    code: ClassVar[str] = "wenzheng_error"


class CorpusError(WenzhengError):
    """Something in the documents given could not be used."""

    code = "corpus_error"


class UnreadableDocument(CorpusError):
    """A document's bytes could not be turned into text."""

    code = "unreadable_document"


class UnsupportedFormat(CorpusError):
    """No reader knows a file's suffix."""

    code = "unsupported_format"


class SourceNotFound(CorpusError):
    """A source path does not exist, cannot be listed, or holds no document at all."""

    code = "source_not_found"


class NothingReadable(CorpusError):
    """Not one document of the sources could be read; the index stays as it was."""

    code = "nothing_readable"


class DuplicateDocumentId(CorpusError):
    """Two documents of one build carry the same id."""

    code = "duplicate_document_id"


class EncoderError(WenzhengError):
    """Text could not be turned into vectors."""

    code = "encoder_error"


class EncoderUnavailable(EncoderError):
    """A model is not on this machine and may not be downloaded."""

    code = "encoder_unavailable"


class VectorShapeMismatch(EncoderError):
    """Vectors have another shape, or values that are not finite."""

    code = "vector_shape_mismatch"


class IndexStoreError(WenzhengError):
    """An index on disk cannot be used."""

    code = "index_store_error"


class IndexNotFound(IndexStoreError):
    """There is no published index at a path."""

    code = "index_not_found"


class UnsupportedIndexFormat(IndexStoreError):
    """An index was written in a format number this version does not read."""

    code = "unsupported_index_format"


class EncoderMismatch(IndexStoreError):
    """An index was built with another encoder or another segmenter."""

    code = "encoder_mismatch"


class CorruptIndex(IndexStoreError):
    """A file of an index is missing, cut short or changed."""

    code = "corrupt_index"


class IndexLocked(IndexStoreError):
    """Another build is writing this index."""

    code = "index_locked"


class QueryError(WenzhengError):
    """A question cannot be asked as it stands."""

    code = "query_error"


class EmptyQuery(QueryError):
    """A question has nothing in it but white space or punctuation."""

    code = "empty_query"


class QueryTooLong(QueryError):
    """A question is longer than the limit."""

    code = "query_too_long"


class UnknownFilter(QueryError):
    """A filter or facet field does not exist, or its value cannot be one of the field's."""

    code = "unknown_filter"


class UnknownDocument(QueryError):
    """No document or passage carries the id asked for."""

    code = "unknown_document"


class EvaluationError(WenzhengError):
    """A folder of judgements is incomplete or does not fit the index."""

    code = "evaluation_error"


class SettingsError(WenzhengError):
    """A setting has a value it cannot have: names key, value and expectation."""

    code = "settings_error"
