"""The shape of a search result as programs see it, frozen: HTTP and `wenzheng ask --json` print the same.

A field may be null until the version that fills it; none is ever renamed or removed. The tests of this module
hold the exact key sets.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer

from indexer.index import Facet
from indexer.records import DocumentMetadata, DocumentStatus, Language
from search_api.results import AnswerCode, EvidenceKind, RankedPassage, SearchResult


def _plain_number(value: float) -> int | float:
    """Print 12579600, not 12579600.0: amounts and counts are whole numbers more often than not."""
    return int(value) if value.is_integer() else value


Number = Annotated[float, PlainSerializer(_plain_number, return_type=int | float)]


class Schema(BaseModel):
    """A frozen record without further keys; made of ours by attribute."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)


class PlaceSchema(Schema):
    """Where a passage stands in its document; both count from 1."""

    page: int | None = Field(description="null where the format has no pages")
    paragraph: int


class DocumentSchema(Schema):
    """What a document says about itself; null where it does not say."""

    title: str
    document_number: str | None = Field(description="文号, as it stands: 泉科函〔2026〕102号")
    issuer: str | None
    issued_on: str | None = Field(description="ISO 8601 date")
    year: int | None
    kind: str | None = Field(description="as the document names itself: 答复, 通知, guidelines")
    status: DocumentStatus
    source: str | None = Field(description="a link, as given with the document: not checked")


class EvidenceSchema(Schema):
    """A span of the passage, in code points, that answers to words of the question."""

    start: int
    end: int
    kind: EvidenceKind
    question_words: tuple[str, ...]
    similarity: float


class QuantitySchema(Schema):
    """A figure of the passage, in base units."""

    start: int
    end: int
    kind: str
    value: Number
    unit: str | None
    currency: str | None
    of: str | None
    bound: str | None
    period: str | None
    status: str | None


class AnswerSchema(Schema):
    """A figure or name that answers, as it stands in its passage; others that disagree are listed."""

    text: str
    kind: str
    value: Number | None
    unit: str | None
    currency: str | None
    display: dict[str, str]
    of: str | None
    is_total: bool
    bound: str | None
    period: str | None
    status: str | None
    passage_id: str
    start: int
    end: int
    probability: float | None
    conflicts: tuple[AnswerSchema, ...] = ()


class AnswerStatusSchema(Schema):
    """Why there is an answer or none."""

    code: AnswerCode
    reason: str


class LegScoreSchema(Schema):
    """Where one way of looking put a passage; null if it missed it."""

    rank: int | None
    score: float | None


class WordMatchSchema(Schema):
    """A question word and the passage word nearest to it."""

    question_word: str
    similarity: float
    weight: float


class ExplanationSchema(Schema):
    """Why a passage stands where it stands."""

    legs: dict[str, LegScoreSchema]
    fused: float
    alignment: float
    words: tuple[WordMatchSchema, ...]
    summary: str


class ResultSchema(Schema):
    """A passage, ranked from 1. Scores compare within one answer only; a probability compares anywhere."""

    rank: int
    passage_id: str
    document_id: str
    score: float
    probability: float | None
    text: str
    language: Language
    heading_path: tuple[str, ...] = Field(description="from the outermost heading inwards")
    place: PlaceSchema
    evidence: tuple[EvidenceSchema, ...]
    quantities: tuple[QuantitySchema, ...]
    document: DocumentSchema
    explain: ExplanationSchema | None


class FacetSchema(Schema):
    """How many of the passages found carry a value."""

    value: str | int
    count: int


class SearchResponse(Schema):
    """The whole answer to one question."""

    query: str
    query_language: Language
    total: int = Field(description="passages that any way of looking found, at most 1,000")
    took_ms: float
    index_generation: int
    encoder: str
    answer: AnswerSchema | None
    answer_status: AnswerStatusSchema
    results: tuple[ResultSchema, ...]
    facets: dict[str, tuple[FacetSchema, ...]] | None


def envelope(result: SearchResult) -> SearchResponse:
    """Return a search result in the shape that programs see; `.model_dump_json()` prints it."""
    answer = AnswerSchema.model_validate(result.answer) if result.answer else None
    facets = result.facets
    return SearchResponse(
        query=result.query,
        query_language=result.query_language,
        total=result.total,
        took_ms=result.took_ms,
        index_generation=result.index_generation,
        encoder=result.encoder,
        answer=answer,
        answer_status=AnswerStatusSchema.model_validate(result.answer_status),
        results=tuple(result_schema(passage) for passage in result.results),
        facets=None if facets is None else {name: facet_schemas(facets[name]) for name in facets},
    )


def result_schema(passage: RankedPassage) -> ResultSchema:
    """Return one ranked passage with its place and document."""
    return ResultSchema(
        rank=passage.rank,
        passage_id=passage.passage_id,
        document_id=passage.document_id,
        score=passage.score,
        probability=passage.probability,
        text=passage.text,
        language=passage.language,
        heading_path=passage.heading_path,
        place=PlaceSchema(page=passage.page, paragraph=passage.paragraph),
        evidence=tuple(EvidenceSchema.model_validate(each) for each in passage.evidence),
        quantities=tuple(QuantitySchema.model_validate(each) for each in passage.quantities),
        document=document_schema(passage.metadata),
        explain=ExplanationSchema.model_validate(passage.explain) if passage.explain else None,
    )


def document_schema(metadata: DocumentMetadata) -> DocumentSchema:
    """Return what a result shows of its document."""
    number = metadata.document_number
    return DocumentSchema(
        title=metadata.title,
        document_number=number.text if number else None,
        issuer=metadata.issuer,
        issued_on=metadata.issued_on,
        year=metadata.year,
        kind=metadata.kind,
        status=metadata.status,
        source=metadata.source,
    )


def facet_schemas(found: Iterable[Facet]) -> tuple[FacetSchema, ...]:
    """Return the counts of one field."""
    return tuple(FacetSchema.model_validate(each) for each in found)
