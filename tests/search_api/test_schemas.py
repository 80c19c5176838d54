"""The contract: exact key sets, and one shape for HTTP and the command."""

import json

import pytest
from fastapi.testclient import TestClient
from pydantic import ValidationError

from indexer.index import Facet
from indexer.records import DocumentMetadata, DocumentNumber, Quantity
from search_api import catalogue, examples, schemas
from search_api.results import (
    Answer,
    AnswerStatus,
    Evidence,
    Explanation,
    LegScore,
    RankedPassage,
    SearchResult,
    WordMatch,
)
from search_api.schemas import envelope

ENVELOPE = {
    "query", "query_language", "total", "took_ms", "index_generation", "encoder", "answer", "answer_status",
    "results", "facets",
}  # fmt: skip
ANSWER = {
    "text", "kind", "value", "unit", "currency", "display", "of", "is_total", "bound", "period", "status",
    "passage_id", "start", "end", "probability", "conflicts",
}  # fmt: skip
RESULT = {
    "rank", "passage_id", "document_id", "score", "probability", "text", "language", "heading_path", "place",
    "evidence", "quantities", "document", "explain",
}  # fmt: skip
EXTRA_RESULT: set[str] = set()
EVIDENCE = {"start", "end", "kind", "question_words", "similarity"}
QUANTITY = {"start", "end", "kind", "value", "unit", "currency", "of", "bound", "period", "status"}
DOCUMENT = {"title", "document_number", "issuer", "issued_on", "year", "kind", "status", "source"}


def an_answer(**changes) -> Answer:
    values = {
        "text": "1257.96 万元", "kind": "money", "value": 12_579_600.0, "unit": "yuan", "currency": "CNY",
        "display": {"zh": "1257.96 万元", "en": "CNY 12,579,600"}, "of": "补助", "is_total": True,
        "bound": None, "period": "2025", "status": "paid", "passage_id": "a" * 16, "start": 2, "end": 12,
        "probability": 0.93,
    }  # fmt: skip
    return Answer(**{**values, **changes})


def a_result() -> SearchResult:
    metadata = DocumentMetadata(
        "答复", "zh", document_number=DocumentNumber("泉科函〔2026〕102号", "泉科函", 2026, 102), year=2026
    )
    passage = RankedPassage(
        rank=1,
        passage_id="a" * 16,
        document_id="a.txt",
        score=3.1,
        text="共计1257.96 万元。",
        language="zh",
        heading_path=("一、基本情况",),
        page=None,
        paragraph=21,
        metadata=metadata,
        evidence=(Evidence(0, 2, "glossary", ("voucher",), 0.7),),
        quantities=(Quantity(2, 12, "money", 12_579_600.0, unit="yuan", currency="CNY", is_total=True),),
        explain=Explanation(
            {"dense": LegScore(1, 0.5), "literal": LegScore(None, None)},
            1.0,
            2.0,
            (WordMatch("voucher", 0.2, 1.5),),
            "first in dense",
        ),
    )
    return SearchResult(
        query="how much",
        query_language="en",
        total=37,
        took_ms=6.1,
        index_generation=4,
        encoder="wenzheng-bilingual-1",
        results=(passage,),
        answer=an_answer(conflicts=(an_answer(value=1.5),)),
        answer_status=AnswerStatus("answered", "one figure"),
        facets={"year": [Facet(2026, 3)]},
    )


@pytest.fixture
def shown() -> dict:
    return json.loads(envelope(a_result()).model_dump_json())


def test_key_sets_are_those_of_the_contract(shown: dict):
    result = shown["results"][0]
    assert set(shown) == ENVELOPE
    assert set(shown["answer"]) == set(shown["answer"]["conflicts"][0]) == ANSWER
    assert set(shown["answer_status"]) == {"code", "reason"}
    assert set(result) == RESULT | EXTRA_RESULT
    assert set(result["place"]) == {"page", "paragraph"}
    assert set(result["evidence"][0]) == EVIDENCE
    assert set(result["quantities"][0]) == QUANTITY
    assert set(result["document"]) == DOCUMENT
    assert set(result["explain"]) == {"legs", "fused", "alignment", "words", "summary"}
    assert shown["facets"] == {"year": [{"value": 2026, "count": 3}]}


def test_every_value_arrives(shown: dict):
    result = shown["results"][0]
    assert result["document"]["document_number"] == "泉科函〔2026〕102号"
    assert result["place"] == {"page": None, "paragraph": 21}
    assert result["heading_path"] == ["一、基本情况"]
    assert result["explain"]["legs"]["literal"] == {"rank": None, "score": None}
    assert shown["answer"]["display"]["en"] == "CNY 12,579,600"


def test_whole_numbers_are_printed_whole():
    text = envelope(a_result()).model_dump_json()
    assert '"value":12579600,' in text
    assert '"value":1.5,' in text
    assert "12579600.0" not in text


def test_an_empty_result_keeps_its_keys():
    result = SearchResult("q", "zh", 0, 0.1, 1, "e", ())
    shown = json.loads(envelope(result).model_dump_json())
    assert set(shown) == ENVELOPE
    assert (shown["answer"], shown["facets"], shown["results"]) == (None, None, [])


def test_schemas_are_frozen():
    with pytest.raises(ValidationError):
        envelope(a_result()).total = 1


def test_http_sends_exactly_what_the_command_prints(client: TestClient):
    sent = client.get("/v1/search", params={"q": "科技创新券", "facets": "year", "explain": "true"})
    assert schemas.SearchResponse.model_validate_json(sent.text).model_dump_json() == sent.text


@pytest.mark.parametrize(
    ("schema", "example"),
    [
        (schemas.SearchResponse, examples.SEARCH),
        (catalogue.FacetsResponse, examples.FACETS),
        (catalogue.DocumentsResponse, examples.DOCUMENTS),
        (catalogue.DocumentResponse, examples.DOCUMENT),
        (catalogue.PassageResponse, examples.PASSAGE),
        (catalogue.IndexResponse, examples.INDEX),
        (catalogue.ReadyResponse, examples.READY),
        (catalogue.HealthResponse, examples.HEALTH),
    ],
)
def test_examples_are_of_their_schema(schema: type[schemas.Schema], example: dict):
    assert schema.model_validate(example).model_dump(mode="json") == example


def test_spans_of_the_example_are_where_they_say():
    for result in examples.SEARCH["results"]:
        for span in result["evidence"]:
            assert result["text"][span["start"] : span["end"]] == "科技创新券"
        for figure in result["quantities"]:
            assert result["text"][figure["start"] : figure["end"]] == "1257.96 万元"
