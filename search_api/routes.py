"""The addresses programs ask. Every route is a plain `def`: searching blocks, and must not block the loop."""

from __future__ import annotations

import hmac
import logging
import threading
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Query, Request
from fastapi.security import APIKeyHeader, HTTPAuthorizationCredentials, HTTPBearer
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.exceptions import HTTPException
from starlette.responses import Response

from indexer.errors import IndexStoreError
from indexer.index import FACET_FIELDS, IndexReader
from search_api import examples
from search_api.asking import (
    DocumentParameters,
    DocumentsParameters,
    FacetParameters,
    PassageParameters,
    SearchParameters,
    SearchQuestion,
    check_facets,
)
from search_api.catalogue import (
    DocumentResponse,
    DocumentsResponse,
    ExampleQuestion,
    FacetsResponse,
    HealthResponse,
    IndexResponse,
    PassageResponse,
    ReadyResponse,
    count_facets,
    describe_index,
    list_documents,
    read_document,
    read_passage,
)
from search_api.example_questions import example_questions
from search_api.middleware import Metrics
from search_api.problems import MEDIA_TYPE, describe
from search_api.schemas import SearchResponse, envelope
from search_api.serving import LiveIndex
from search_api.settings import Settings

log = logging.getLogger(__name__)


class Serving:
    """What every route of one app shares."""

    def __init__(self, settings: Settings, live: LiveIndex) -> None:
        self.settings = settings
        self.live = live
        self.metrics = Metrics()
        self._examples: tuple[tuple[int, str], tuple[ExampleQuestion, ...]] | None = None
        self._examples_lock = threading.Lock()

    def examples(self, reader: IndexReader) -> tuple[ExampleQuestion, ...]:
        """Return a generation's example questions, looked for once."""
        key = (reader.info.generation, reader.info.built_at)
        with self._examples_lock:
            if self._examples is None or self._examples[0] != key:
                self._examples = (key, example_questions(reader))
            return self._examples[1]


def serving(request: Request) -> Serving:
    """Return what the app of a request shares."""
    found: Serving = request.app.state.serving
    return found


Shared = Annotated[Serving, Depends(serving)]
_header = APIKeyHeader(name="X-API-Key", auto_error=False, description="only if the server was given a key")
_bearer = HTTPBearer(auto_error=False, description="only if the server was given a key")


def check_key(
    shared: Shared,
    header: Annotated[str | None, Depends(_header)],
    bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> None:
    """Refuse a request without the key, where one is set."""
    key = shared.settings.api_key
    given = header or (bearer.credentials if bearer else "")
    if key is None or hmac.compare_digest(given.encode(), key.get_secret_value().encode()):
        return
    raise HTTPException(
        401,
        "This server asks for a key. Send it as X-API-Key or as Authorization: Bearer.",
        {"WWW-Authenticate": "Bearer"},
    )


def _answers(example: Any, *codes: int) -> dict[int | str, dict[str, Any]]:
    """Return what OpenAPI says of an operation's answers: an example, and problems by status."""
    schema = {"$ref": "#/components/schemas/Problem"}
    content = {MEDIA_TYPE: {"schema": schema, "example": examples.PROBLEM}}
    good = {"content": {"application/json": {"example": example}}}
    return {
        200: good,
        **{code: {"description": HTTPStatus(code).phrase, "content": content} for code in codes},
    }


api = APIRouter(prefix="/v1", dependencies=[Depends(check_key)])
operations = APIRouter()


@api.get("/search", tags=["search"], responses=_answers(examples.SEARCH, 401, 422, 503))
def search(asked: Annotated[SearchParameters, Query()], shared: Shared) -> SearchResponse:
    """Rank passages for a question in either language."""
    return _search(shared, asked)


@api.post("/search", tags=["search"], responses=_answers(examples.SEARCH, 401, 413, 422, 503))
def search_by_body(
    asked: Annotated[
        SearchQuestion, Body(examples=[{"q": "科技创新券补助发了多少钱", "filters": {"year": 2026}}])
    ],
    shared: Shared,
) -> SearchResponse:
    """Rank passages for a question in either language; the question is not in the address."""
    return _search(shared, asked)


def _search(shared: Serving, asked: SearchParameters | SearchQuestion) -> SearchResponse:
    if shared.settings.log_questions:
        log.info("asked: %r", asked.q)
    with shared.live.borrow() as searcher:
        found = searcher.search(
            asked.q,
            limit=asked.limit,
            offset=asked.offset,
            language=asked.lang,
            filters=asked.passage_filter(),
            facets=asked.facets,
            explain=asked.explain,
        )
    return envelope(found)


@api.get("/facets", tags=["index"], responses=_answers(examples.FACETS, 401, 422, 503))
def facets(asked: Annotated[FacetParameters, Query()], shared: Shared) -> FacetsResponse:
    """Count the values of issuer, kind, year, language and status over the passages a filter lets through."""
    check_facets(asked.facets)
    with shared.live.borrow() as searcher:
        return count_facets(searcher.reader, asked.facets or FACET_FIELDS, asked.passage_filter())


@api.get("/documents", tags=["index"], responses=_answers(examples.DOCUMENTS, 401, 422, 503))
def documents(asked: Annotated[DocumentsParameters, Query()], shared: Shared) -> DocumentsResponse:
    """List the documents in the order of their ids."""
    with shared.live.borrow() as searcher:
        return list_documents(searcher.reader, asked.limit, asked.offset)


@api.get(
    "/documents/{document_id:path}", tags=["index"], responses=_answers(examples.DOCUMENT, 401, 404, 422, 503)
)
def document(
    document_id: str, asked: Annotated[DocumentParameters, Query()], shared: Shared
) -> DocumentResponse:
    """Read a document: what it says about itself, and its paragraphs in order."""
    with shared.live.borrow() as searcher:
        return read_document(searcher.reader, document_id, asked.limit, asked.offset)


@api.get("/passages/{passage_id}", tags=["index"], responses=_answers(examples.PASSAGE, 401, 404, 422, 503))
def passage(passage_id: str, asked: Annotated[PassageParameters, Query()], shared: Shared) -> PassageResponse:
    """Read a passage with its document and its neighbours."""
    with shared.live.borrow() as searcher:
        return read_passage(searcher.reader, passage_id, asked.neighbours)


@api.get("/index", tags=["index"], responses=_answers(examples.INDEX, 401, 503))
def index(shared: Shared) -> IndexResponse:
    """Say what is in the index, how it was built, and what could be asked of it."""
    with shared.live.borrow() as searcher:
        return describe_index(searcher.reader, shared.examples(searcher.reader))


@operations.get("/healthz", tags=["operations"], responses=_answers(examples.HEALTH))
def healthz() -> HealthResponse:
    """Say that the process is alive."""
    return HealthResponse()


@operations.get("/readyz", tags=["operations"], responses=_answers(examples.READY, 503))
def readyz(shared: Shared) -> ReadyResponse:
    """Say whether questions are answered, and why a newer generation is not in use if there is one."""
    generation, problem = shared.live.generation, shared.live.problem
    if generation is None:
        raise problem or IndexStoreError("The index is not open yet. Ask again in a moment.")
    if problem is None:
        return ReadyResponse(status="ready", index_generation=generation)
    return ReadyResponse(
        status="ready_with_older_generation", index_generation=generation, problem=describe(problem)
    )


@operations.get(
    "/metrics",
    tags=["operations"],
    dependencies=[Depends(check_key)],
    response_class=Response,
    responses={200: {"content": {"text/plain": {"example": examples.METRICS}}}},
)
def metrics(shared: Shared) -> Response:
    """Give counts and times of requests in Prometheus' text format."""
    shared.metrics.generation.set(shared.live.generation or 0)
    return Response(generate_latest(shared.metrics.registry), media_type=CONTENT_TYPE_LATEST)
