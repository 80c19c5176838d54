"""What is in an index, as programs see it: documents, passages with their neighbours, the index itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from pydantic import Field

from indexer.errors import UnknownDocument
from indexer.index import IndexReader, PassageFilter, StoredDocument, StoredPassage
from indexer.records import Language, ParagraphKind
from search_api.problems import Problem
from search_api.schemas import (
    DocumentSchema,
    FacetSchema,
    PlaceSchema,
    QuantitySchema,
    Schema,
    document_schema,
    facet_schemas,
)


class FacetsResponse(Schema):
    """How many passages carry each value of the fields asked for, most frequent first."""

    index_generation: int
    facets: dict[str, tuple[FacetSchema, ...]]


class DocumentEntry(Schema):
    """A document as it is listed."""

    document_id: str
    language: Language
    passages: int
    document: DocumentSchema


class DocumentsResponse(Schema):
    """A page of the documents, in the order of their ids."""

    index_generation: int
    total: int
    limit: int
    offset: int
    documents: tuple[DocumentEntry, ...]


class PassageSchema(Schema):
    """A passage as it stands in its document."""

    passage_id: str
    kind: ParagraphKind
    text: str
    language: Language
    heading_path: tuple[str, ...]
    place: PlaceSchema
    quantities: tuple[QuantitySchema, ...]


class ContactSchema(Schema):
    """Whom a document is addressed to, whom it names for questions, and who may read it."""

    addressee: str | None
    contact: str | None
    telephone: str | None
    openness: str | None


class DocumentResponse(DocumentEntry):
    """A document with its paragraphs in order, from `offset` on."""

    index_generation: int
    contact: ContactSchema
    limit: int
    offset: int
    paragraphs: tuple[PassageSchema, ...]


class NeighboursSchema(Schema):
    """What stands right before and right after a passage, in reading order."""

    before: tuple[PassageSchema, ...]
    after: tuple[PassageSchema, ...]


class PassageResponse(PassageSchema):
    """A passage with its document and its neighbours."""

    index_generation: int
    document_id: str
    document: DocumentSchema
    neighbours: NeighboursSchema


class ExampleQuestion(Schema):
    """A question that this index has something to say to."""

    question: str
    language: Language


class IndexResponse(Schema):
    """What an index says of itself."""

    index_generation: int
    format: int
    encoder: str
    encoder_checksum: str
    segmenter: str
    dimension: int
    documents: int
    passages: int
    languages: dict[str, int] = Field(description="passages in each language")
    built_at: str = Field(description="ISO 8601 date and time")
    example_questions: tuple[ExampleQuestion, ...]


class HealthResponse(Schema):
    """The process is alive."""

    status: Literal["ok"] = "ok"


class ReadyResponse(Schema):
    """Questions are answered, from the newest generation unless `problem` says why not."""

    status: Literal["ready", "ready_with_older_generation"]
    index_generation: int
    problem: Problem | None = None


def count_facets(reader: IndexReader, fields: Sequence[str], wanted: PassageFilter) -> FacetsResponse:
    """Count the values of fields over the passages a filter lets through. Raises UnknownFilter."""
    mask = reader.select(wanted)
    found = reader.facets(fields, None if mask is None else np.flatnonzero(mask))
    return FacetsResponse(
        index_generation=reader.info.generation,
        facets={name: facet_schemas(found[name]) for name in found},
    )


def list_documents(reader: IndexReader, limit: int, offset: int) -> DocumentsResponse:
    """Return a page of the documents."""
    return DocumentsResponse(
        index_generation=reader.info.generation,
        total=reader.info.documents,
        limit=limit,
        offset=offset,
        documents=tuple(_entry(each) for each in reader.documents(limit, offset)),
    )


def read_document(reader: IndexReader, document_id: str, limit: int, offset: int) -> DocumentResponse:
    """Return a document with `limit` of its paragraphs from `offset` on. Raises UnknownDocument."""
    found = reader.document(document_id)
    if found is None:
        raise UnknownDocument(
            f"There is no document {document_id!r} in this index. Expected an id as search results and "
            "/v1/documents give it."
        )
    first = found.first_row + min(offset, found.passages)
    last = found.first_row + min(offset + limit, found.passages)
    return DocumentResponse(
        index_generation=reader.info.generation,
        document_id=document_id,
        language=found.metadata.language,
        passages=found.passages,
        document=document_schema(found.metadata),
        contact=ContactSchema.model_validate(found.metadata),
        limit=limit,
        offset=offset,
        paragraphs=tuple(_passage(each) for each in reader.passages(range(first, last))),
    )


def read_passage(reader: IndexReader, passage_id: str, neighbours: int) -> PassageResponse:
    """Return a passage and up to `neighbours` on either side of it. Raises UnknownDocument."""
    row = reader.passage_row(passage_id)
    if row is None:
        raise UnknownDocument(
            f"There is no passage {passage_id!r} in this index. Expected an id as search results give it; "
            "a passage whose text was changed has a new one."
        )
    stored = reader.passages([row])[0]
    document = reader.document(stored.paragraph.document_id)
    first, last = (document.first_row, document.first_row + document.passages) if document else (row, row + 1)
    before = reader.passages(range(max(first, row - neighbours), row))
    after = reader.passages(range(row + 1, min(last, row + 1 + neighbours)))
    return PassageResponse(
        **dict(_passage(stored)),
        index_generation=reader.info.generation,
        document_id=stored.paragraph.document_id,
        document=document_schema(stored.metadata),
        neighbours=NeighboursSchema(
            before=tuple(_passage(each) for each in before), after=tuple(_passage(each) for each in after)
        ),
    )


def describe_index(reader: IndexReader, examples: tuple[ExampleQuestion, ...]) -> IndexResponse:
    """Return what an index says of itself."""
    info = reader.info
    return IndexResponse(
        index_generation=info.generation,
        format=info.format,
        encoder=info.encoder,
        encoder_checksum=info.encoder_checksum,
        segmenter=info.segmenter,
        dimension=info.dimension,
        documents=info.documents,
        passages=info.passages,
        languages=dict(info.languages),
        built_at=info.built_at,
        example_questions=examples,
    )


def _entry(stored: StoredDocument) -> DocumentEntry:
    return DocumentEntry(
        document_id=stored.document_id,
        language=stored.metadata.language,
        passages=stored.passages,
        document=document_schema(stored.metadata),
    )


def _passage(stored: StoredPassage) -> PassageSchema:
    paragraph = stored.paragraph
    return PassageSchema(
        passage_id=paragraph.passage_id,
        kind=paragraph.kind,
        text=paragraph.text,
        language=paragraph.language,
        heading_path=paragraph.heading_path,
        place=PlaceSchema(page=paragraph.page, paragraph=paragraph.number),
        quantities=tuple(QuantitySchema.model_validate(each) for each in stored.quantities),
    )
